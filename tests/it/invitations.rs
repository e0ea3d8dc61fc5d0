//! Inviting people in the portal: one form, a preview, what happened, and the list of all of it.

mod foresight;
mod later;
mod looks;
mod order;
mod refused;

pub(crate) use looks::sign_in;

use crate::support::browser::Browser;
use crate::support::house::{Backend, House, PASSWORD, link, on_both};
use crate::support::page::Page;
use gatehouse::base::time::Clock;
use gatehouse::one;
use std::time::Duration;

on_both! {
    from_the_form_to_the_welcome
    whoever_is_here_gets_it_at_once
    an_invitation_is_sent_again_and_taken_back
    a_list_is_paged_searched_and_exported
    nobody_learns_who_is_here
}

pub(crate) const OLGA: &str = "olga@acme.example";
/// Gives roles of the app "sales" in production, and nothing else.
const LENA: &str = "lena@acme.example";
/// Manages members without being an Administrator.
const MIRA: &str = "mira@acme.example";
/// Manages users, and may give nothing.
const UMA: &str = "uma@acme.example";

const HASH: &str = "$argon2id$v=19$m=256,t=1,p=1$zdnAvmxshaduAlaV1M06MQ$hPTf9YbAjn8SNpdqqGdVXyMBJr8wi+1S2lGLqzue1K0";

/// People who may do some of it.
fn readers() -> String {
    let role = |key: &str, permission: &str| format!("[[organization_role]]\nkey = \"{key}\"\nname = \"{key}\"\npermissions = [{permission}]\n");
    let user = |email: &str, role: &str| format!("[[user]]\nemail = \"{email}\"\nname = \"{email}\"\npassword_hash = \"{HASH}\"\norg_roles = [{role}]\n");
    [
        role("giver", "{ permission = \"end_user_access.manage\", at = [\"production\"] }"),
        role("members", "\"member_access.manage\""),
        role("keeper", "\"users.manage\""),
        user(LENA, "{ role = \"giver\", app = \"sales\" }"),
        user(MIRA, "\"members\""),
        user(UMA, "\"keeper\""),
    ]
    .concat()
}

/// A house with its people, a clock that only the test moves, and rows to count.
pub(crate) struct Office {
    pub house: House,
    pub clock: Clock,
}

impl Office {
    pub async fn open(backend: Backend) -> Self {
        let clock = Clock::fixed(Clock::System.now());
        let house = House::open_with(backend, &[("server.workers", "2")], clock.clone()).await;
        house.apply(&readers()).await;
        Self { house, clock }
    }

    /// A browser in which somebody is signed in to our own pages.
    pub async fn browser(&self, email: &str) -> Browser {
        let mut browser = Browser::new(&self.house.issuer);
        let page = browser.get("/sign-in?to=/account").await;
        let page = browser.submit(&page.form("/sign-in").fill("username", email).fill("password", PASSWORD), "login-submit").await;
        assert_eq!((page.status.as_u16(), page.url.path()), (200, "/account"), "{}", page.text());
        browser
    }

    pub async fn count(&self, sql: &'static str) -> i64 {
        let mut tx = self.house.server.ground.db.read().await.expect("a reader");
        one!(tx, (i64,), sql).expect("a number").0
    }

    /// One text from the database: an id to tick.
    pub async fn id(&self, sql: &'static str) -> String {
        let mut tx = self.house.server.ground.db.read().await.expect("a reader");
        one!(tx, (uuid::Uuid,), sql).expect("an id").0.to_string()
    }

    pub async fn approver(&self) -> String {
        self.id("SELECT r.id FROM end_user_roles r WHERE r.key = 'approver'").await
    }

    pub async fn developer(&self) -> String {
        self.id("SELECT id FROM organization_roles WHERE key = 'developer'").await
    }

    pub async fn emea(&self) -> String {
        self.id("SELECT id FROM groups WHERE key = 'emea'").await
    }

    /// Fills in the form for the role "approver" and sends it past the preview; answers the last page.
    pub async fn send(&self, browser: &mut Browser, emails: &str) -> Page {
        let page = browser.get("/portal/invitations/new").await;
        let form = page.form("invite-form").fill("email", emails).fill("app_role", &self.approver().await);
        let preview = browser.submit(&form, "preview").await;
        assert_eq!(preview.status, 200, "{}", preview.text());
        browser.submit(&preview.form("/portal/invitations/new"), "send").await
    }

    pub async fn close(self) {
        self.house.close().await;
    }
}

async fn from_the_form_to_the_welcome(backend: Backend) {
    let office = Office::open(backend).await;
    let mut olga = office.browser(OLGA).await;
    assert!(olga.get("/portal/invitations").await.text_contains("No invitations"));
    let page = olga.get("/portal/invitations/new?email=bo%40acme.example").await;
    assert_eq!(page.element("email").as_deref(), Some("bo@acme.example"));
    let (approver, developer, emea) = (office.approver().await, office.developer().await, office.emea().await);
    let form = page.form("invite-form").fill("email", "bo@acme.example\r\n\r\n Di@ACME.example ").fill("locale", "de").fill("app_role", &approver);
    let form =
        form.fill("role", &developer).fill("group", &emea).fill("until", "2099-12-31").fill("until_group", "2098-06-01").fill("reason", "Covers for Ana");
    let preview = olga.submit(&form, "preview").await;
    assert_eq!(preview.status, 200, "{}", preview.text());
    for text in [
        "Nothing has been sent yet",
        "2 addresses",
        "Approver",
        "Sales Desk at Production",
        "until 31 Dec 2099",
        "EMEA Sales",
        "until 1 Jun 2098",
        "Covers for Ana",
    ] {
        assert!(preview.text_contains(text), "{text}: {}", preview.text());
    }
    // The letter is in the language that was chosen, and opens nothing.
    assert!(preview.text_contains("lädt Sie ein") && preview.text_contains("bis 31. Dez. 2099"), "{}", preview.text());
    assert!(preview.text_contains(&format!("{}/invitations/… ", office.house.issuer)), "{}", preview.text());
    assert_eq!(office.count("SELECT COUNT(*) FROM invitations").await + office.count("SELECT COUNT(*) FROM jobs").await, 0);
    // Back to the form: everything is still there.
    let changed = olga.submit(&preview.form("/portal/invitations/new"), "change").await;
    assert_eq!(changed.element("email").as_deref(), Some("bo@acme.example Di@ACME.example"));
    let (_, pairs) = changed.form("invite-form").press("preview");
    for pair in
        [("app_role", approver.as_str()), ("role", &developer), ("group", &emea), ("until_group", "2098-06-01"), ("locale", "de"), ("reason", "Covers for Ana")]
    {
        assert!(pairs.iter().any(|(name, value)| (name.as_str(), value.as_str()) == pair), "{pair:?} in {pairs:?}");
    }
    let preview = olga.submit(&changed.form("invite-form"), "preview").await;
    let sent = olga.submit(&preview.form("/portal/invitations/new"), "send").await;
    assert_eq!((sent.status.as_u16(), sent.url.path()), (200, "/portal/invitations/sent"));
    assert_eq!(sent.text().matches("A mail is on its way").count(), 2, "{}", sent.text());
    assert_eq!(office.count("SELECT COUNT(*) FROM invitations WHERE closed_at IS NULL AND locale = 'de'").await, 2);
    let letter = office.house.letters("bo@acme.example", 1).await.remove(0);
    assert!(letter.text.contains("Approver") && letter.text.contains("EMEA Sales") && !letter.text.contains("Covers for Ana"), "{}", letter.text);
    assert!(!preview.body.contains(&link(&letter, &office.house.issuer)), "no secret was shown before");

    let list = olga.get("/portal/invitations").await;
    assert!(
        list.text_contains("2 invitations") && list.text_contains("bo@acme.example") && list.text_contains("Pending") && list.text_contains("by Olga Owner")
    );
    for page in [&list, &sent] {
        assert!(!page.body.contains(&link(&letter, &office.house.issuer)));
    }
    // The same form once more, as the back button sends it: added, one invitation each, the same offers.
    let again = olga.submit(&preview.form("/portal/invitations/new"), "send").await;
    assert_eq!(again.text().matches("Was invited already").count(), 2, "{}", again.text());
    assert_eq!(office.count("SELECT COUNT(*) FROM invitations").await, 2);
    assert_eq!(office.count("SELECT COUNT(*) FROM invitation_offers").await, 6);

    // Accepting signs in to our own pages, too.
    let mut bo = Browser::new(&office.house.issuer);
    let letter = office.house.letters("bo@acme.example", 2).await.remove(1);
    let page = bo.get(&link(&letter, &office.house.issuer)).await;
    let welcome = bo.submit(&page.form("/invitations/accept").fill("name", "Bo").fill("password", PASSWORD), "invitation-accept").await;
    assert!(welcome.element("to-portal").is_some() && welcome.element("to-account").is_some(), "{}", welcome.text());
    assert_eq!((bo.get("/portal").await.status.as_u16(), bo.get("/account").await.url.path().to_owned()), (200, "/account".to_owned()));
    let list = olga.get("/portal/invitations?state=accepted").await;
    assert!(list.text_contains("1 invitation") && list.text_contains("Accepted") && !list.text_contains("di@acme.example"), "{}", list.text());
    office.close().await;
}

async fn whoever_is_here_gets_it_at_once(backend: Backend) {
    let office = Office::open(backend).await;
    let mut olga = office.browser(OLGA).await;
    let page = olga.get("/portal/invitations/new").await;
    let form = page.form("invite-form").fill("email", "nora@acme.example").fill("app_role", &office.approver().await);
    let preview = olga.submit(&form, "preview").await;
    assert!(preview.text_contains("Is here already: gets it at once") && preview.text_contains("has given you access"), "{}", preview.text());
    let send = preview.form("/portal/invitations/new");
    let sent = olga.submit(&send, "send").await;
    assert!(sent.text_contains("Is here already. One role or group was given at once"), "{}", sent.text());
    assert!(office.house.letters("nora@acme.example", 1).await[0].text.contains("Approver"));
    let again = olga.submit(&send, "send").await;
    assert!(again.text_contains("Is here already. One was there before."), "{}", again.text());
    let form = form.fill("until", "2099-01-01");
    let preview = olga.submit(&form, "preview").await;
    let other = olga.submit(&preview.form("/portal/invitations/new"), "send").await;
    assert!(other.text_contains("One was there for another time, which stays."), "{}", other.text());
    assert_eq!(office.count("SELECT COUNT(*) FROM jobs").await, 1, "one letter");
    assert_eq!(office.count("SELECT COUNT(*) FROM invitations").await, 0);
    office.close().await;
}

/// The path of the newest invitation.
async fn newest(browser: &mut Browser) -> String {
    let list = browser.get("/portal/invitations").await;
    let at = list.body.find("/portal/invitations/0").unwrap_or_else(|| panic!("no invitation: {}", list.text()));
    list.body[at..].split('"').next().expect("a path").to_owned()
}

async fn an_invitation_is_sent_again_and_taken_back(backend: Backend) {
    let office = Office::open(backend).await;
    let mut olga = office.browser(OLGA).await;
    office.send(&mut olga, "bo@acme.example").await;
    let path = newest(&mut olga).await;
    let page = olga.get(&path).await;
    for text in ["bo@acme.example", "Pending", "Olga Owner", "Approver", "Sales Desk at Production", "good for 7 days", "vanish from the list of users"] {
        assert!(page.text_contains(text), "{text}: {}", page.text());
    }
    office.clock.advance(Duration::from_hours(8 * 24));
    // Everybody's sessions have ended with the week.
    let mut olga = office.browser(OLGA).await;
    assert!(olga.get("/portal/invitations?state=expired").await.text_contains("bo@acme.example"));
    assert!(olga.get("/portal/invitations?state=pending").await.text_contains("Nothing found"));
    let page = olga.get(&path).await;
    assert!(page.element("state").as_deref() == Some("Expired"), "{}", page.text());
    let resend = page.form(&format!("{path}/resend"));
    let done = olga.submit(&resend, "resend").await;
    assert!(done.text_contains("Sent again") && done.element("state").as_deref() == Some("Pending"), "{}", done.text());
    let letters = office.house.letters("bo@acme.example", 2).await;
    let (old, new) = (link(&letters[0], &office.house.issuer), link(&letters[1], &office.house.issuer));
    let mut bo = Browser::new(&office.house.issuer);
    assert_eq!(bo.get(&old).await.status, 404);
    assert_eq!(bo.get(&new).await.status, 200);
    // The back button sends nothing again.
    let again = olga.submit(&resend, "resend").await;
    assert!(again.status == 409 && again.text_contains("sent again since you opened this page"), "{}", again.text());
    assert_eq!(office.count("SELECT COUNT(*) FROM jobs").await, 2);
    // Taken back, the person is gone too; once more does no harm.
    let revoke = again.form(&format!("{path}/revoke"));
    let done = olga.submit(&revoke, "revoke").await;
    assert!(done.text_contains("Revoked.") && done.text_contains("No invitations"), "{}", done.text());
    assert_eq!(office.count("SELECT COUNT(*) FROM users WHERE email_key = 'bo@acme.example'").await, 0);
    assert_eq!(bo.get(&new).await.status, 404);
    assert!(olga.submit(&revoke, "revoke").await.text_contains("gone already"));
    assert_eq!(olga.submit(&resend, "resend").await.status, 404);
    assert_eq!(olga.get(&path).await.status, 404);
    // Accepted while the page was open: nothing is taken back.
    office.send(&mut olga, "cy@acme.example").await;
    let path = newest(&mut olga).await;
    let page = olga.get(&path).await;
    let mut cy = Browser::new(&office.house.issuer);
    let open = cy.get(&link(&office.house.letters("cy@acme.example", 1).await[0], &office.house.issuer)).await;
    cy.submit(&open.form("/invitations/accept").fill("name", "Cy").fill("password", PASSWORD), "invitation-accept").await;
    for (form, button) in [("revoke", "revoke"), ("resend", "resend")] {
        let late = olga.submit(&page.form(&format!("{path}/{form}")), button).await;
        assert!(late.status == 409 && late.text_contains("has ended meanwhile"), "{}: {}", late.status, late.text());
    }
    assert!(olga.get(&path).await.text_contains("Accepted"));
    office.close().await;
}

/// Makes invitations that nobody answered, as the rows are.
pub(crate) async fn many(office: &Office, count: i64) {
    use gatehouse::execute;
    let ground = &office.house.server.ground;
    let mut tx = ground.db.write().await.expect("a writer");
    let now = ground.clock.now();
    for n in 0..count {
        let (user, invitation) = (uuid::Uuid::now_v7(), uuid::Uuid::now_v7());
        let email = format!("p{n:06}@many.example");
        execute!(
            tx,
            "INSERT INTO users (id, email, email_key, status, phone_number_verified, access_version, sort_key, search_text, created_at, updated_at, version)
             VALUES ($1, $2, $2, 'invited', $3, 1, $4, $2, $5, $5, 1)",
            user,
            email.clone(),
            false,
            email.clone().into_bytes(),
            now
        )
        .expect("a user");
        execute!(
            tx,
            "INSERT INTO invitations (id, user_id, locale, token_hash, code_hash, invited_by_kind, invited_by_label, created_at, sent_at, expires_at, version)
             VALUES ($1, $2, 'en', $3, $3, 'system', 'test', $4, $4, $5, 1)",
            invitation,
            user,
            invitation.as_bytes().to_vec(),
            now.minus(Duration::from_secs(u64::try_from(n).expect("a number") / 3)),
            now.plus(Duration::from_hours(7 * 24))
        )
        .expect("an invitation");
        execute!(
            tx,
            "INSERT INTO invitation_offers (id, invitation_id, end_user_role_id, offered_by_kind, offered_by_label, offered_at)
             SELECT $1, $2, id, 'system', 'test', $3 FROM end_user_roles WHERE key = 'approver'",
            uuid::Uuid::now_v7(),
            invitation,
            now
        )
        .expect("an offer");
    }
    // As every user is found by a search.
    execute!(tx, "INSERT INTO user_search (user_id, sort_key, search_text) SELECT id, sort_key, search_text FROM users WHERE email LIKE '%@many.example'")
        .expect("found");
    tx.commit().await.expect("committed");
}

fn addresses(page: &Page) -> Vec<String> {
    let found: Vec<String> = page.body.split("<b><bdi>p").skip(1).map(|rest| format!("p{}", rest.split('<').next().expect("an address"))).collect();
    found
}

async fn a_list_is_paged_searched_and_exported(backend: Backend) {
    let office = Office::open(backend).await;
    many(&office, 120).await;
    let mut olga = office.browser(OLGA).await;
    let mut page = olga.get("/portal/invitations").await;
    assert!(page.text_contains("120 invitations") && page.text_contains("Approver (Sales Desk at Production)") && page.text_contains("by Acme"));
    let (mut all, mut pages) = (addresses(&page), vec![addresses(&page)]);
    while let Some(next) = page.attribute("next-page", "href") {
        page = olga.get(&next).await;
        all.extend(addresses(&page));
        pages.push(addresses(&page));
    }
    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [50, 50, 20]);
    let mut each = all.clone();
    each.sort();
    each.dedup();
    assert_eq!(each.len(), 120, "each stands there once");
    // And back.
    let back = page.body.split("rel=\"prev\" href=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a link").replace("&#38;", "&");
    assert_eq!(addresses(&olga.get(&back).await), pages[1]);
    let found = olga.get("/portal/invitations?q=P000007&state=pending").await;
    assert!(addresses(&found) == ["p000007@many.example"] && found.text_contains("1 invitation"), "{}", found.text());
    assert!(olga.get("/portal/invitations?q=%25&state=pending").await.text_contains("Nothing found"), "a wildcard is a letter");
    for nonsense in [
        "page=-1",
        "page=1000000000",
        "after=x",
        "before=!!!",
        "after=AAAA&before=AAAA",
        "state=nonsense",
        "after=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "sort=x&done=x",
    ] {
        let page = olga.get(&format!("/portal/invitations?{nonsense}")).await;
        assert_eq!(page.status, 200, "{nonsense}");
    }
    let csv = olga.get("/portal/invitations.csv?q=p0000").await;
    assert_eq!(csv.header("content-type"), Some("text/csv; charset=utf-8"));
    assert_eq!(csv.body.lines().count(), 101);
    assert!(csv.body.contains("\"p000099@many.example\",\"pending\",\"Approver (Sales Desk at Production)\",\"Acme\","), "{}", csv.body);
    for path in ["x", "00000000-0000-0000-0000-000000000000", "%00", "new%2F.."] {
        assert_eq!(olga.get(&format!("/portal/invitations/{path}")).await.status, 404, "{path}");
    }
    for of in ["", "x", "W10.AAAA", "W10"] {
        assert_eq!(olga.get(&format!("/portal/invitations/sent?of={of}")).await.status, 404, "{of}");
    }
    office.close().await;
}

async fn nobody_learns_who_is_here(backend: Backend) {
    let office = Office::open(backend).await;
    let mut olga = office.browser(OLGA).await;
    // Nora is here, "bo" is invited to something that Lena may not give, "gone" is deactivated, "new" is nobody.
    office.house.invite("bo@acme.example --org-role developer").await.expect("invited");
    office.house.letters("bo@acme.example", 1).await;
    office.house.apply("[[user]]\nemail = \"gone@acme.example\"\nname = \"Gone\"\n").await;
    let page = olga.get("/portal/users?q=gone").await;
    let gone = page.body.split("href=\"/portal/users/0").nth(1).and_then(|rest| rest.split('"').next()).expect("a user").to_owned();
    let page = olga.get(&format!("/portal/users/0{gone}")).await;
    olga.submit(&page.form(&format!("/portal/users/0{gone}/status")), "deactivate").await;

    let mut lena = office.browser(LENA).await;
    let page = lena.get("/portal/invitations/new").await;
    assert!(
        page.text_contains("Approver") && !page.text_contains("Author") && !page.text_contains("Developer") && !page.text_contains("EMEA"),
        "{}",
        page.text()
    );
    let everybody = "nora@acme.example\nbo@acme.example\ngone@acme.example\nnew@acme.example";
    let form = page.form("invite-form").fill("email", everybody).fill("app_role", &office.approver().await);
    let preview = lena.submit(&form, "preview").await;
    assert_eq!(preview.text().matches("Gets a mail").count(), 4, "{}", preview.text());
    let sent = lena.submit(&preview.form("/portal/invitations/new"), "send").await;
    assert_eq!(sent.text().matches("A mail is on its way").count(), 4, "{}", sent.text());
    assert!(!sent.body.contains("/portal/users/") && !sent.body.contains("href=\"/portal/invitations/0"));
    // What really happened.
    assert!(office.house.letters("nora@acme.example", 1).await[0].text.contains("has given you access"));
    assert!(office.house.letters("bo@acme.example", 2).await[1].text.contains("Approver"));
    office.house.letters("new@acme.example", 1).await;
    assert!(office.house.memory.letters().iter().all(|letter| letter.to.as_str() != "gone@acme.example"));
    // Lena sees only the invitation that is wholly hers; Olga and those who manage users see all.
    let hers = lena.get("/portal/invitations").await;
    assert!(hers.text_contains("1 invitation") && hers.text_contains("new@acme.example") && !hers.text_contains("bo@acme.example"), "{}", hers.text());
    assert_eq!(lena.get("/portal/invitations.csv").await.body.lines().count(), 2);
    let bo = office.id("SELECT i.id FROM invitations i JOIN users u ON u.id = i.user_id WHERE u.email_key = 'bo@acme.example'").await;
    assert_eq!(lena.get(&format!("/portal/invitations/{bo}")).await.status, 404);
    for email in [OLGA, UMA] {
        let mut reader = office.browser(email).await;
        assert!(reader.get("/portal/invitations").await.text_contains("2 invitations"), "{email}");
        // Who may not give all of it may look, and not decide.
        let page = reader.get(&format!("/portal/invitations/{bo}")).await;
        assert_eq!(page.element("resend").is_some(), email == OLGA, "{email}: {}", page.text());
        assert_eq!(page.element("may-not").is_some(), email != OLGA);
    }
    // Who manages members sees who will be one, and nobody who will be an end-user.
    office.house.invite("dev@acme.example --org-role developer").await.expect("invited");
    let mut mira = office.browser(MIRA).await;
    let members = mira.get("/portal/invitations").await;
    assert!(members.text_contains("1 invitation") && members.text_contains("dev@acme.example"), "{}", members.text());
    assert!(!members.text_contains("bo@acme.example") && !members.text_contains("Approver"), "{}", members.text());
    assert_eq!(mira.get("/portal/invitations.csv").await.body.lines().count(), 2);
    assert_eq!(mira.get(&format!("/portal/invitations/{bo}")).await.status, 404);
    // To Olga, who may see everybody, it is said.
    let page = olga.get("/portal/invitations/new").await;
    let form = page.form("invite-form").fill("email", everybody).fill("app_role", &office.approver().await);
    let wrong = olga.submit(&form, "preview").await;
    assert!(wrong.status == 422 && wrong.text_contains("gone@acme.example is deactivated. Activate"), "{}", wrong.text());
    let preview = olga.submit(&form.fill("email", "nora@acme.example\nbo@acme.example\nfresh@acme.example"), "preview").await;
    for text in ["Is here already: gets it at once", "Was invited already", "Gets a mail"] {
        assert!(preview.text_contains(text), "{text}: {}", preview.text());
    }
    office.close().await;
}
