//! The first minute, as a newcomer has it: an empty directory, the claim link, an organization, a colleague who reads the mail and joins,
//! and a token in which every claim is explained. With a mouse, without scripts, and with the keyboard alone; a stopwatch runs along.

use crate::support::eyes::{ENTER, Eyes};
use crate::support::house::{Backend, House};
use crate::support::until;
use std::io::Write;
use std::time::Instant;

const OWNER: &str = "olga@first.example";
const COLLEAGUE: &str = "bo@first.example";
const PASSWORD: &str = "seven green umbrellas walk";

/// How somebody moves through pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hands {
    Mouse,
    MouseWithoutScripts,
    Keyboard,
}

/// A person at a window.
struct Walker {
    eyes: Eyes,
    hands: Hands,
}

impl Walker {
    async fn open(hands: Hands) -> Option<Self> {
        Some(Self { eyes: Eyes::open(hands != Hands::MouseWithoutScripts).await?, hands })
    }

    /// Moves the focus with the Tab key to something that matches a selector.
    async fn tab_to(&self, selector: &str) {
        let here = format!("document.activeElement.matches({selector:?})");
        for _ in 0..120 {
            if self.eyes.chromium.evaluate(&here).await == true {
                return;
            }
            self.eyes.press(&'\u{E004}'.to_string()).await;
        }
        panic!("the Tab key never comes to {selector} on {}", self.eyes.chromium.client.current_url().await.expect("an address"));
    }

    async fn fill(&self, id: &str, text: &str) {
        if self.hands == Hands::Keyboard {
            self.tab_to(&format!("#{id}")).await;
            self.eyes.press(text).await;
        } else {
            self.eyes.fill(id, text).await;
        }
    }

    /// Presses a button or follows a link, and waits for the next page.
    async fn go(&self, selector: &str) {
        let before = self.eyes.chromium.client.find(fantoccini::Locator::Css("html")).await.expect("a page");
        if self.hands == Hands::Keyboard {
            self.tab_to(selector).await;
            self.eyes.press(&ENTER.to_string()).await;
        } else {
            self.eyes.click_on(selector).await;
        }
        until(&format!("{selector} leads nowhere"), async || before.tag_name().await.is_err()).await;
    }

    /// Ticks a box.
    async fn tick(&self, selector: &str) {
        if self.hands == Hands::Keyboard {
            self.tab_to(selector).await;
            self.eyes.press(" ").await;
        } else {
            self.eyes.click_on(selector).await;
        }
    }
}

/// Says how long each part took.
struct Stopwatch {
    began: Instant,
    last: Instant,
    parts: Vec<String>,
}

impl Stopwatch {
    fn part(&mut self, name: &str) {
        self.parts.push(format!("{name} {} ms", self.last.elapsed().as_millis()));
        self.last = Instant::now();
    }
}

#[actix_web::test]
async fn with_a_mouse() {
    first_minute(Hands::Mouse).await;
}

#[actix_web::test]
async fn without_scripts() {
    first_minute(Hands::MouseWithoutScripts).await;
}

#[actix_web::test]
async fn with_the_keyboard_alone() {
    first_minute(Hands::Keyboard).await;
}

async fn first_minute(hands: Hands) {
    let Some(owner) = Walker::open(hands).await else { return };
    let house = House::with_mailbox(Backend::Sqlite, &[]).await;
    // The start leaves a link in the data directory; an operator reads it there.
    let file = house.server.setup_link_file();
    until("the link is written", async || std::fs::read_to_string(&file).is_ok_and(|link| link.ends_with('\n'))).await;
    let link = std::fs::read_to_string(&file).expect("the file with the link").trim_end().to_owned();
    let now = Instant::now();
    let mut watch = Stopwatch { began: now, last: now, parts: Vec::new() };

    // The claim link, and four short steps.
    owner.eyes.chromium.goto(&link).await;
    owner.eyes.arrive(&format!("{}/setup/organization", house.issuer)).await;
    owner.fill("name", "First Steps").await;
    owner.go("#organization-next").await;
    owner.fill("name", "Olga Owner").await;
    owner.fill("username", OWNER).await;
    owner.fill("password", PASSWORD).await;
    owner.go("#owner-next").await;
    owner.go("#mail-keep").await;
    owner.fill("name", "Sales Desk").await;
    owner.go("#app-create").await;
    watch.part("setup");

    // Try it: the owner is signed in at the stage already.
    owner.eyes.reads(&["Sales Desk"]).await;
    owner.go("#try-begin").await;
    owner.eyes.reads(&["Olga Owner", "administrator", "org_roles", "at_hash"]).await;
    watch.part("try it");

    // A colleague is invited; the mail stays in the mailbox.
    owner.go("#invite-colleague").await;
    owner.fill("email", COLLEAGUE).await;
    let id = owner
        .eyes
        .chromium
        .evaluate("[...document.querySelectorAll('input[name=app_role]')].find(box => box.closest('label').textContent.includes('Editor')).id")
        .await;
    owner.tick(&format!("[id={:?}]", id.as_str().expect("a role"))).await;
    owner.go("#preview").await;
    owner.eyes.reads(&[COLLEAGUE, "Editor"]).await;
    owner.go("#send").await;
    owner.go("nav a[href=\"/portal/mailbox\"]").await;
    until("no letter comes", async || {
        owner.eyes.chromium.goto(&format!("{}/portal/mailbox", house.issuer)).await;
        owner.eyes.chromium.evaluate("document.querySelector('main a[href^=\"/portal/mailbox/\"]') !== null").await == true
    })
    .await;
    owner.go("main a[href^=\"/portal/mailbox/\"]").await;
    owner.eyes.reads(&["Olga Owner invites you to join First Steps"]).await;
    let link = owner.eyes.chromium.evaluate("document.querySelector('main a[href*=\"/invitations/\"]').href").await;
    watch.part("invite and read the mail");

    // The colleague joins in a window of their own.
    let colleague = Walker::open(hands).await.expect("a window");
    colleague.eyes.chromium.goto(link.as_str().expect("a link")).await;
    colleague.eyes.reads(&["Join First Steps", "Editor", "Sales Desk"]).await;
    colleague.fill("name", "Bo Lindqvist").await;
    colleague.fill("password", "nine quiet rivers run north").await;
    colleague.go("#invitation-accept").await;
    colleague.eyes.reads(&["Welcome, Bo Lindqvist", "Sales Desk"]).await;
    watch.part("accept");
    colleague.go("a[href*=\"/try/\"]").await;
    colleague.go("#try-begin").await;
    // What the token says, and why.
    colleague.eyes.reads(&["Bo Lindqvist", COLLEAGUE, "editor"]).await;
    let claim = async |name: &str| {
        let script = format!("[...document.querySelectorAll('#access-{name} td:nth-child(2) code')].map(code => code.textContent)");
        let found = colleague.eyes.chromium.evaluate(&script).await;
        found.as_array().expect("a list").iter().map(|value| value.as_str().expect("a text").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(claim("roles").await, ["editor"]);
    assert_eq!(claim("permissions").await, ["read", "write"]);
    assert_eq!(claim("org_roles").await, Vec::<String>::new());
    let why = colleague.eyes.chromium.evaluate("document.querySelector('#access-roles td:nth-child(3)').textContent").await;
    let why = why.as_str().expect("a text");
    assert!(why.contains("Editor") && why.contains(OWNER), "who gave it, and as what: {why}");
    watch.part("the colleague's token");

    let line = format!("The first minute ({hands:?}): {} ms in all; {}\n", watch.began.elapsed().as_millis(), watch.parts.join(", "));
    // The harness captures what is printed; this line is for whoever runs the tests.
    let _ = std::io::stderr().write_all(line.as_bytes());
    colleague.eyes.close().await;
    owner.eyes.close().await;
    house.close().await;
}
