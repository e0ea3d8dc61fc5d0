//! Somebody who clicks on whatever is there.

use crate::support::browser::Browser;
use crate::support::house::{House, PASSWORD};
use crate::support::page::{Form, Page};
use gatehouse::base::text::EmailAddress;
use gatehouse::identity::user::{self, Status};
use std::collections::BTreeMap;
use std::fmt;
use std::time::{Duration, Instant};

/// Where a walk begins, so that it comes everywhere.
const STARTS: &[&str] = &[
    "/portal",
    "/portal/users",
    "/portal/groups",
    "/portal/groups/new",
    "/portal/roles",
    "/portal/apps",
    "/portal/stages",
    "/portal/invitations",
    "/portal/settings",
    "/portal/audit",
];
/// Where nobody goes in this story: what comes or goes as a file (a logo and many invitations, too: these are carried out beside the requests,
/// and would go on while the rows are compared), other people's sessions, the mail server, and what ends the walk.
const AVOID: &[&str] = &[
    "csv",
    "ndjson",
    "/portal/settings/logo",
    "/portal/settings/mail",
    "/portal/mailbox",
    "/portal/design",
    "sign-out",
    "/try/",
    "/account",
    "/invitations/many",
];

/// What came of a walk.
#[derive(Default)]
pub struct Tally {
    /// Answers by status.
    statuses: BTreeMap<u16, usize>,
    /// Forms that did what they say.
    pub made: usize,
    /// Answers that nobody may ever get.
    pub broken: Vec<String>,
}

impl Tally {
    /// Adds another one.
    pub fn join(&mut self, other: Self) {
        other.statuses.into_iter().for_each(|(status, count)| *self.statuses.entry(status).or_default() += count);
        self.made += other.made;
        self.broken.extend(other.broken);
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} forms went through; answers by status {:?}", self.made, self.statuses)
    }
}

/// One session.
pub struct Monkey<'a> {
    house: &'a House,
    number: usize,
    dice: u64,
    browser: Browser,
    tally: Tally,
}

impl<'a> Monkey<'a> {
    /// One of sixteen. The same seed and number throw the same dice.
    pub fn new(house: &'a House, seed: u64, number: usize) -> Self {
        let dice = seed.wrapping_mul(1_000_003).wrapping_add(number as u64);
        Self { house, number, dice, browser: Browser::new(&house.issuer), tally: Tally::default() }
    }

    /// A number below `n`.
    fn throw(&mut self, n: usize) -> usize {
        throw(&mut self.dice, n)
    }

    /// Clicks until the time is up.
    pub async fn run(mut self, end: Instant, steps: usize) -> Tally {
        let mut page = None;
        for _ in 0..steps {
            if Instant::now() >= end {
                break;
            }
            let next = match page.take() {
                Some(page) => self.step(page).await,
                None => self.sign_in().await,
            };
            page = next.and_then(|page| self.judge(page));
            if page.is_none() {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
        self.tally
    }

    /// Signs in as whoever may at the moment: oneself, or somebody else when one was shut out.
    async fn sign_in(&mut self) -> Option<Page> {
        let other = self.throw(16);
        for number in [self.number, other] {
            let email = format!("p{number}@acme.example");
            let address = EmailAddress::parse(&email).expect("an address");
            let mut tx = self.house.server.ground.db.read().await.expect("the database answers");
            let found = user::by_email(&mut tx, &address).await.expect("read");
            drop(tx);
            if found.is_some_and(|user| user.status == Status::Active && user.email_verified_at.is_some()) {
                self.browser = Browser::new(&self.house.issuer);
                let page = self.browser.get("/sign-in?to=/portal").await;
                if page.status != 200 {
                    return Some(page);
                }
                let form = page.form("/sign-in").fill("username", &email).fill("password", PASSWORD);
                return Some(self.browser.submit(&form, "login-submit").await);
            }
        }
        None
    }

    /// Goes on from a page: a form, a link, or somewhere else.
    async fn step(&mut self, page: Page) -> Option<Page> {
        let mut forms: Vec<Form> = page.forms().into_iter().filter(|form| form.action.path().starts_with("/portal") && !avoided(form.action.path())).collect();
        // Searching and filtering is for others to try.
        if self.throw(10) > 0 {
            forms.retain(|form| form.post);
        }
        let way = self.throw(10);
        if way < 6 && !forms.is_empty() {
            let at = self.throw(forms.len());
            return Some(self.fill(forms.swap_remove(at)).await);
        }
        let links: Vec<String> = page.links().into_iter().filter(|link| link.starts_with("/portal") && !avoided(link)).collect();
        if way < 9 && !links.is_empty() {
            let at = self.throw(links.len());
            return Some(self.browser.get(&links[at]).await);
        }
        let at = self.throw(STARTS.len());
        Some(self.browser.get(STARTS[at]).await)
    }

    async fn fill(&mut self, form: Form) -> Page {
        let mut dice = self.dice;
        let mut form = form.scramble(&mut |n| throw(&mut dice, n), typed);
        self.dice = dice;
        let buttons: Vec<String> = form.buttons().into_iter().map(String::from).collect();
        let at = self.throw(buttons.len());
        let Some(button) = buttons.get(at) else { return self.browser.get("/portal").await };
        // What the trail has forgotten it cannot tell afterwards; erasing has stories of its own.
        if form.press(button).1.iter().any(|(name, value)| name == "erase" && value == "yes") {
            form = form.clear("erase", "yes");
        }
        let answer = self.browser.submit_once(&form, button).await;
        if form.post && answer.location().is_some_and(|to| to.query().is_some_and(|query| query.contains("done="))) {
            self.tally.made += 1;
        }
        self.browser.follow(answer).await
    }

    /// Whether the walk goes on from this page. Notes what must never come.
    fn judge(&mut self, page: Page) -> Option<Page> {
        let status = page.status.as_u16();
        *self.tally.statuses.entry(status).or_default() += 1;
        if page.status.is_server_error() && status != 503 || page.body.contains("RUST_BACKTRACE") {
            self.tally.broken.push(format!("{} answers {status}: {}", page.url, page.text()));
            return None;
        }
        // Signed out meanwhile, by oneself or by others.
        let inside = page.url.path().starts_with("/portal") && page.body.contains("class=\"portal\"");
        inside.then_some(page)
    }
}

fn avoided(path: &str) -> bool {
    AVOID.iter().any(|word| path.contains(word))
}

/// A number below `n` (`SplitMix64`).
fn throw(dice: &mut u64, n: usize) -> usize {
    *dice = dice.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut z = *dice;
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    usize::try_from((z ^ (z >> 31)) % (n.max(1) as u64)).unwrap_or(0)
}

/// What gets typed into a field of that name: names that collide, addresses of people who are there, days, and now and then nonsense.
fn typed(name: &str, dice: &mut dyn FnMut(usize) -> usize) -> Option<String> {
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    match dice(12) {
        0 => return None,
        1 => return Some(["<b>\u{202e}\"'&", "x", "2001-01-01", "sales"][dice(4)].to_owned()),
        _ => {}
    }
    Some(if has(&["until", "start", "end", "from", "date"]) {
        ["", "", "2031-05-06", "2030-01-01"][dice(4)].to_owned()
    } else if has(&["email", "confirm"]) {
        match dice(4) {
            0 => format!("p{}@acme.example\np{}@acme.example", dice(16), dice(16)),
            1 => format!("new{}@acme.example", dice(10)),
            2 => ["sales", "wiki", "thing-1"][dice(3)].to_owned(),
            _ => format!("p{}@acme.example", dice(16)),
        }
    } else if has(&["key", "verb"]) {
        format!("thing-{}", dice(8))
    } else if has(&["name"]) {
        format!("Thing {}", dice(40))
    } else if has(&["reason", "description"]) {
        format!("because of {}", dice(100))
    } else {
        return None;
    })
}
