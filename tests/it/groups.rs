//! Groups: who sees which, how people join and leave, what follows, and what must not work.

mod crowd;
mod deletion;
mod looks;
mod order;
mod roles;
mod terms;

use crate::support::browser::Browser;
use crate::support::eyes::Eyes;
use crate::support::house::{Backend, House, PASSWORD, on_both};
use crate::support::page::Page;
use gatehouse::base::text::EmailAddress;
use gatehouse::base::time::Clock;
use gatehouse::db::one;
use gatehouse::identity::user;

on_both! {
    a_group_lives
    everybody_joins_or_nobody
    only_what_one_may_see_and_do
    names_are_only_names
    two_people_edit_at_once
}

pub const OLGA: &str = "olga@acme.example";
/// How a page lets one choose the role Approver.
const CHOICE: &str = "<span><bdi>Approver</bdi></span></label>";
const TAKEN: &str = "SELECT COUNT(*) FROM audit_events WHERE kind IN ('membership.removed', 'grant.revoked')";
const ANA: &str = "ana@acme.example";
const NORA: &str = "nora@acme.example";
/// May manage groups at Development, and nowhere else.
const DORA: &str = "dora@acme.example";
/// May look at the end-users of Production, and change nothing.
const PIA: &str = "pia@acme.example";

pub async fn house(backend: Backend) -> House {
    house_at(backend, Clock::System).await
}

async fn house_at(backend: Backend, clock: Clock) -> House {
    let house = House::open_with(backend, &[("server.workers", "2")], clock).await;
    let person = |email: &str, name: &str, role: &str| {
        format!(
            "[[user]]\nemail = \"{email}\"\nname = \"{name}\"\norg_roles = [\"{role}\"]\npassword_hash = \"$argon2id$v=19$m=256,t=1,p=1$zdnAvmxshaduAlaV1M06MQ$hPTf9YbAjn8SNpdqqGdVXyMBJr8wi+1S2lGLqzue1K0\"\n"
        )
    };
    let role = |key: &str, permission: &str, stage: &str| {
        format!("[[organization_role]]\nkey = \"{key}\"\nname = \"{key}\"\npermissions = [{{ permission = \"{permission}\", at = [\"{stage}\"] }}]\n")
    };
    let more = [
        role("dev-groups", "end_user_groups.manage", "development"),
        role("looker", "end_users.view", "production"),
        role("qa-stage", "stage.manage", "qa"),
        person(DORA, "Dora Developer", "dev-groups"),
        person(PIA, "Pia Peek", "looker"),
    ];
    house.apply(&format!("{}\n{}", include_str!("seed.toml"), more.join("\n"))).await;
    house
}

/// Somebody's browser, signed in to our own pages.
pub async fn sign_in(house: &House, who: &str) -> Browser {
    let mut browser = Browser::new(&house.issuer);
    let page = browser.get("/sign-in?to=/portal").await;
    let form = page.form("/sign-in").fill("username", who).fill("password", PASSWORD);
    let page = browser.submit(&form, "login-submit").await;
    assert!(page.status.is_success(), "{}: {}", page.status, page.text());
    browser
}

/// The path of the page that one came to, without what was just done.
pub fn path(page: &Page) -> String {
    page.url.path().to_owned()
}

async fn make(browser: &mut Browser, name: &str, key: &str, stage: &str) -> Page {
    let page = browser.get("/portal/groups/new").await;
    let stage = option(&page, stage);
    let form = page.form("/portal/groups/new").fill("name", name).fill("key", key).fill("stage", &stage);
    browser.submit(&form, "make-group").await
}

/// The value of the option with this text.
fn option(page: &Page, text: &str) -> String {
    let at = page.body.find(&format!(">{text}</option>")).unwrap_or_else(|| panic!("no choice {text} on {}:\n{}", page.url, page.text()));
    page.body[..at].rsplit("value=\"").next().and_then(|rest| rest.split('"').next()).expect("a value").to_owned()
}

/// The value of the box beside this text.
fn tick(page: &Page, text: &str) -> String {
    let at = page.body.find(&format!("<span><bdi>{text}</bdi></span></label>")).unwrap_or_else(|| panic!("no box {text} on {}:\n{}", page.url, page.text()));
    page.body[..at].rsplit("value=\"").next().and_then(|rest| rest.split('"').next()).expect("a value").to_owned()
}

async fn number(house: &House, sql: &'static str) -> i64 {
    let mut tx = house.server.ground.db.read().await.expect("the database answers");
    one!(tx, (i64,), sql).expect("a number").0
}

async fn access_version(house: &House, who: &str) -> i64 {
    let mut tx = house.server.ground.db.read().await.expect("the database answers");
    user::by_email(&mut tx, &EmailAddress::parse(who).expect("an address")).await.expect("read").expect("there").access_version
}

async fn add(browser: &mut Browser, group: &str, emails: &str, until: &str) -> Page {
    let page = browser.get(&format!("{group}/members")).await;
    let form = page.form("add-form").fill("emails", emails).fill("until", until).fill("reason", "Covers for Di");
    browser.submit(&form, "add").await
}

async fn a_group_lives(backend: Backend) {
    let house = house(backend).await;
    let mut olga = sign_in(&house, OLGA).await;

    // Made, with a key from its name.
    let page = make(&mut olga, "DACH Sales", "", "Production").await;
    assert!(page.text_contains("The group is there") && page.text_contains("dach-sales") && page.text_contains("No members yet"), "{}", page.text());
    let group = path(&page);

    // Members: by address, and by a search.
    let before = access_version(&house, NORA).await;
    let page = add(&mut olga, &group, &format!("  {}\r\n\r\n{NORA}, {NORA}", NORA.to_uppercase()), "2099-01-01").await;
    assert!(
        page.text_contains("Added.") && page.text_contains("Nora Nobody") && page.text_contains("1 Jan 2099") && page.text_contains("Covers for Di"),
        "{}",
        page.text()
    );
    assert!(page.text_contains("1 member ") && access_version(&house, NORA).await > before);
    let page = olga.get(&format!("{group}/members?find=FERRE")).await;
    assert!(page.text_contains("Ana Ferreira") && !page.text_contains("Nora Nobody"));
    let ana =
        page.attribute("found", "id").and_then(|_| page.body.split("name=\"person\" value=\"").nth(1)?.split('"').next().map(str::to_owned)).expect("found");
    let form = page.form("add-form").fill("person", &ana);
    let page = olga.submit(&form, "add").await;
    assert!(page.text_contains("2 members") && page.text_contains("Ana Ferreira"), "{}", page.text());
    let page = olga.get(&format!("{group}/members?find=ferre")).await;
    assert!(page.text_contains("is a member already"));
    let page = olga.get(&format!("{group}/members?find=zzz")).await;
    assert!(page.text_contains("Nobody was found"));

    // The members are a list with a search.
    let page = olga.get(&format!("{group}?q=nor")).await;
    assert!(page.text_contains("Nora Nobody") && !page.text_contains("Ana Ferreira"));
    let page = olga.get(&format!("{group}?q=nobody-like-this&after=nonsense&page=-1")).await;
    assert!(page.text_contains("Nothing found"));

    // A role of its own stage; each member has it at once.
    let page = olga.get(&group).await;
    let before = access_version(&house, NORA).await;
    let form = page.form(&format!("{group}/roles")).fill("role", &tick(&page, "Approver"));
    let page = olga.submit(&form, "give-role").await;
    assert!(page.text_contains("Every member has this role") && page.text_contains("Approver"), "{}", page.text());
    assert!(access_version(&house, NORA).await > before);
    assert!(!page.body.contains(CHOICE), "what it has is no choice");

    // Ana has the role in another way too: only Nora loses it.
    let remove = page.body.split(&format!("href=\"{group}/remove?role=")).nth(1).and_then(|rest| rest.split('"').next()).expect("a link").to_owned();
    let ask = olga.get(&format!("{group}/remove?role={remove}")).await;
    assert!(ask.text_contains("DACH Sales ( Production ) loses") && ask.text_contains("One person loses this role."), "{}", ask.text());
    let delete = olga.get(&format!("{group}/delete")).await;
    assert!(delete.text_contains("2 members") && delete.text_contains("One person loses this role."), "{}", delete.text());
    let page = olga.submit(&ask.form(&format!("{group}/remove")), "confirm").await;
    assert!(page.text_contains("Taken away.") && page.text_contains("being a member gives nothing yet"), "{}", page.text());
    // The back button and the same form again: it is gone already.
    let page = olga.submit(&ask.form(&format!("{group}/remove")), "confirm").await;
    assert!(page.status.is_success(), "{}", page.text());
    assert_eq!(olga.get(&format!("{group}/remove?role={remove}")).await.status, 404);

    // One leaves.
    let ask = olga.get(&format!("{group}/remove?person={ana}")).await;
    assert!(ask.text_contains("Ana Ferreira leaves"), "{}", ask.text());
    let page = olga.submit(&ask.form(&format!("{group}/remove")), "confirm").await;
    assert!(page.text_contains("Removed.") && page.text_contains("1 member ") && !page.text_contains("Ana Ferreira"), "{}", page.text());

    // Its name and description change; key and stage stay.
    let form = olga.get(&group).await.form(&group).fill("name", "DACH").fill("description", "Everybody who\r\nsells");
    let page = olga.submit(&form, "save-group").await;
    assert!(
        page.text_contains("Saved.") && page.text_contains("DACH") && page.text_contains("dach-sales") && page.text_contains("Everybody who sells"),
        "{}",
        page.text()
    );

    // Deleted, with an open invitation that offers it.
    house.apply("[[group]]\nstage = \"production\"\nkey = \"dach-sales\"\nname = \"DACH\"\nroles = [\"sales:approver\"]\n").await;
    house.invite("new@acme.example --group production/dach-sales").await.expect("invited");
    let before = access_version(&house, NORA).await;
    let taken = number(&house, TAKEN).await;
    let held = number(
        &house,
        "SELECT (SELECT COUNT(*) FROM memberships m JOIN groups g ON g.id = m.group_id WHERE g.key = 'dach-sales')
         + (SELECT COUNT(*) FROM end_user_grants e JOIN groups g ON g.id = e.group_id WHERE g.key = 'dach-sales')",
    )
    .await;
    assert_eq!(held, 2, "a member and a role");
    let ask = olga.get(&format!("{group}/delete")).await;
    assert!(ask.text_contains("One open invitation offers this group"), "{}", ask.text());
    let page = olga.submit(&ask.form(&format!("{group}/delete")), "confirm").await;
    assert!(path(&page) == "/portal/groups" && page.text_contains("The group is deleted") && !page.text_contains("DACH"), "{}", page.text());
    assert!(access_version(&house, NORA).await > before);
    assert_eq!(number(&house, "SELECT COUNT(*) FROM memberships m JOIN groups g ON g.id = m.group_id WHERE g.key = 'dach-sales'").await, 0);
    assert_eq!(number(&house, "SELECT COUNT(*) FROM audit_events WHERE kind = 'group.deleted'").await, 1);
    // Whoever looks up a person finds that they left, and whoever looks up the group what it held.
    assert_eq!(number(&house, TAKEN).await, taken + held);
    assert_eq!(number(&house, "SELECT COUNT(*) FROM audit_events WHERE kind = 'invitation.revoked'").await, 1, "it offered nothing else");
    assert_eq!(number(&house, "SELECT COUNT(*) FROM invitation_offers WHERE group_id IS NOT NULL").await, 0);
    for gone in [olga.get(&group).await, olga.submit(&ask.form(&format!("{group}/delete")), "confirm").await] {
        assert_eq!(gone.status, 404, "{}", gone.text());
    }
    house.close().await;
}

async fn everybody_joins_or_nobody(backend: Backend) {
    let house = house(backend).await;
    let mut olga = sign_in(&house, OLGA).await;
    let group = path(&make(&mut olga, "Desk", "desk", "QA").await);
    let members = "SELECT COUNT(*) FROM memberships m JOIN groups g ON g.id = m.group_id WHERE g.key = 'desk'";

    let page = add(&mut olga, &group, &format!("{NORA}\nnobody@acme.example\nghost@acme.example"), "").await;
    assert_eq!(page.status, 422);
    let named = page.element("obstacles").expect("named");
    assert!(named.contains("nobody@acme.example") && named.contains("ghost@acme.example") && !named.contains(NORA), "{named}");
    assert_eq!(page.attribute("emails", "aria-invalid").as_deref(), Some("true"));
    assert!(page.element("emails").is_some_and(|typed| typed.contains(NORA)), "what was typed is still there");
    let page = add(&mut olga, &group, &format!("{NORA}\n<b>no address</b>\n\u{202e}evil"), "").await;
    assert!(page.status == 422 && page.element("obstacles").is_some_and(|named| named.contains("<b>no address</b>")), "{}", page.text());
    assert_eq!(number(&house, members).await, 0, "nothing is half done");

    for (emails, until, says) in [
        ("", "", "Please type an address, or pick somebody."),
        (NORA, "2020-01-01", "Please choose a day in the future."),
        (NORA, "tomorrow", "Please choose a day."),
    ] {
        let page = add(&mut olga, &group, emails, until).await;
        assert!(page.status == 422 && page.text_contains(says), "{emails} {until}: {}", page.text());
    }
    let many: Vec<String> = (0..1_001).map(|number| format!("p{number}@acme.example")).collect();
    let page = add(&mut olga, &group, &many.join("\n"), "").await;
    assert!(page.status == 422 && page.text_contains("Please add 1000 people at once at most."), "{}", page.text());
    let page = add(&mut olga, &group, &format!("{}@acme.example\n", "x".repeat(60)).repeat(1_500), "").await;
    assert_eq!(page.status, 413);

    // Twice the same is once; with another end it is refused, and stays as it is.
    for _ in 0..2 {
        assert!(add(&mut olga, &group, NORA, "2099-01-01").await.text_contains("Added."));
    }
    let page = add(&mut olga, &group, &format!("{ANA}\n{NORA}"), "").await;
    assert!(page.status == 422 && page.element("obstacles").is_some_and(|named| named.contains("for another time")), "{}", page.text());
    assert_eq!(number(&house, members).await, 1);

    // Roles: only those of its own stage, also for those who write the form themselves.
    let page = olga.get(&group).await;
    assert!(page.text_contains("No app at this stage has a further role"), "{}", page.text());
    let dev = path(&make(&mut olga, "Builders", "", "Development").await);
    let page = olga.get(&dev).await;
    assert!(page.body.contains("<span><bdi>Viewer</bdi></span></label>") && !page.body.contains(CHOICE));
    let production = path(&make(&mut olga, "Sellers", "", "Production").await);
    let there = olga.get(&production).await;
    let form = page.form(&format!("{dev}/roles"));
    let (url, mut pairs) = form.press("give-role");
    for (role, says) in
        [(tick(&there, "Approver"), "This role belongs to another stage."), ("x".into(), "Please choose one role"), (String::new(), "Please choose one role")]
    {
        pairs.retain(|(name, _)| name != "role");
        pairs.push(("role".into(), role));
        let fields: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let page = olga.post_from(&house.issuer, url.as_str(), &fields).await;
        assert!(page.status == 422 && page.text_contains(says), "{}", page.text());
    }
    let give = |until: &str| page.form(&format!("{dev}/roles")).fill("role", &tick(&page, "Viewer")).fill("role-until", until);
    let answer = olga.submit(&give("1999-01-01"), "give-role").await;
    assert!(answer.status == 422 && answer.text_contains("Please choose a day in the future."));
    assert!(olga.submit(&give("2099-01-01"), "give-role").await.text_contains("Every member has this role"));
    let answer = olga.submit(&give(""), "give-role").await;
    assert!(answer.status == 422 && answer.text_contains("The group has this for another time: Viewer."), "{}", answer.text());

    // A new group: each field says what is wrong with it, and keeps what was typed.
    let page = make(&mut olga, "Desk again", "desk", "QA").await;
    assert!(page.status == 422 && page.text_contains("a group with the key desk already") && page.attribute("name", "value").as_deref() == Some("Desk again"));
    for (name, key, says) in [
        (" ", "x", "Please fill this in."),
        ("x", "No key", "Please use 1 to 50 of the characters"),
        ("\u{634}\u{631}\u{643}\u{629}", "", "No key can be made from this name."),
        (&"x".repeat(101), "x", "Please use 100 characters at most."),
    ] {
        let page = make(&mut olga, name, key, "QA").await;
        assert!(page.status == 422 && page.text_contains(says), "{name} {key}: {}", page.text());
    }
    let page = make(&mut olga, "Desk", "desk", "Please choose").await;
    assert!(page.status == 422 && page.element("stage-error").is_some());
    house.close().await;
}

async fn only_what_one_may_see_and_do(backend: Backend) {
    let house = house(backend).await;
    let mut olga = sign_in(&house, OLGA).await;
    let builders = path(&make(&mut olga, "Builders", "", "Development").await);
    let sellers = path(&make(&mut olga, "Sellers", "", "Production").await);
    let seller_form = olga.get(&sellers).await.form(&sellers);

    // Somebody who manages one stage sees that stage alone.
    let mut dora = sign_in(&house, DORA).await;
    let page = dora.get("/portal/groups").await;
    assert!(page.text_contains("Builders") && !page.text_contains("Sellers") && !page.text_contains("EMEA"), "{}", page.text());
    assert!(!dora.get("/portal/groups?stage=production").await.text_contains("Sellers"));
    assert!(!dora.get("/portal/groups.csv?stage=production").await.body.contains("Sellers"));
    for hidden in ["", "/members", "/delete", "/remove?person=x"] {
        assert_eq!(dora.get(&format!("{sellers}{hidden}")).await.status, 404, "{hidden}");
    }
    let page = make(&mut dora, "Testers", "", "Development").await;
    assert!(page.text_contains("The group is there"), "{}", page.text());
    let new = dora.get("/portal/groups/new").await;
    assert!(!new.body.contains(">Production</option>"));
    let (url, mut pairs) = new.form("/portal/groups/new").fill("name", "Sneaky").press("make-group");
    pairs.retain(|(name, _)| name != "stage");
    pairs.push(("stage".into(), option(&olga.get("/portal/groups/new").await, "Production")));
    let fields: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(dora.post_from(&house.issuer, url.as_str(), &fields).await.status, 403);
    // The members of her groups hold nothing, so she may not see their pages; the group shows them all the same.
    // Whom she may not see she does not learn to be here by trying addresses: a stranger and Nora get one answer, and the way to invite.
    let said = async |dora: &mut Browser, who: &str| {
        let page = add(dora, &builders, who, "").await;
        assert_eq!(page.status, 422);
        (page.element("obstacles").expect("named").replace(who, "somebody"), page.body.contains("/portal/invitations/new?email="))
    };
    let nora = said(&mut dora, NORA).await;
    assert!(nora == said(&mut dora, "stranger@acme.example").await && nora.1 && nora.0.contains("You can invite them."), "{nora:?}");
    assert!(add(&mut olga, &builders, NORA, "").await.text_contains("Nora Nobody"));
    // A member stands on the page that she reads, and changes for her.
    assert!(add(&mut dora, &builders, NORA, "").await.text_contains("Added."));
    assert!(!dora.get(&builders).await.body.contains("/portal/users/"));

    // Somebody who only looks sees no button, and their own forms are refused.
    let mut pia = sign_in(&house, PIA).await;
    let page = pia.get(&sellers).await;
    assert!(page.text_contains("Sellers") && !page.body.contains("save-group") && !page.body.contains("/members\""), "{}", page.text());
    assert_eq!(pia.get(&builders).await.status, 404);
    assert!(!pia.get("/portal/groups").await.body.contains("new-group"));
    for refused in ["/portal/groups/new".to_owned(), format!("{sellers}/members"), format!("{sellers}/delete")] {
        assert_eq!(pia.get(&refused).await.status, 403, "{refused}");
    }
    let csrf =
        page.attribute("sign-out", "id").and_then(|_| page.body.split("name=\"csrf\" value=\"").nth(1)?.split('"').next().map(str::to_owned)).expect("a token");
    let edit = [("csrf", csrf.as_str()), ("version", "1"), ("name", "Mine"), ("description", "")];
    assert_eq!(pia.post_from(&house.issuer, &sellers, &edit).await.status, 403);
    for (place, fields) in [("members", ("emails", NORA)), ("remove", ("person", "01939f6e-5a0c-7e3b-9d51-3f2a8c04b7aa")), ("delete", ("version", "1"))] {
        let answer = pia.post_from(&house.issuer, &format!("{sellers}/{place}"), &[("csrf", &csrf), fields]).await;
        assert!(answer.status == 403 || answer.status == 404, "{place}: {}", answer.status);
    }

    // A form without its token, or from another site, does nothing.
    let (url, pairs) = seller_form.fill("name", "Stolen").press("save-group");
    let fields: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(olga.post_from("https://evil.example/", url.as_str(), &fields).await.status, 403);
    assert_eq!(olga.post_from(&house.issuer, url.as_str(), &fields[1..]).await.status, 403);
    assert!(olga.get(&sellers).await.text_contains("Sellers"));

    // Nobody in particular is sent to sign in; somebody without business here is not let in.
    let mut stranger = Browser::new(&house.issuer);
    assert!(stranger.get_once(&sellers).await.location().is_some_and(|to| to.path() == "/sign-in"));
    let page = stranger.get(&format!("/sign-in?to={sellers}")).await;
    let form = page.form("/sign-in").fill("username", NORA).fill("password", PASSWORD);
    assert_eq!(stranger.submit(&form, "login-submit").await.status, 403);
    house.close().await;
}

async fn names_are_only_names(backend: Backend) {
    let house = house(backend).await;
    let mut olga = sign_in(&house, OLGA).await;
    let page = make(&mut olga, "<script>alert(1)</script>", "hostile", "QA").await;
    assert!(page.text_contains("<script>alert(1)</script>") && !page.body.contains("<script>alert"), "{}", page.body);
    let page = make(&mut olga, "evil\u{202e}gnp", "rlo", "QA").await;
    assert!(page.status == 422 && page.text_contains("Please leave out control and text-direction characters."));
    let page = make(&mut olga, "=cmd|' /C calc'!A0", "formula", "QA").await;
    assert!(page.status.is_success());
    let csv = olga.get("/portal/groups.csv?q=cmd").await;
    assert!(csv.body.contains("\"'=cmd|' /C calc'!A0\",\"formula\",\"QA\",\"\",\"0\",\"0\"") && !csv.body.contains("hostile"), "{}", csv.body);
    assert_eq!(csv.header("content-type"), Some("text/csv; charset=utf-8"));
    for odd in ["page=-1", "page=1000000000", "q=%FF%00%27%25_", "stage=nowhere", "q=\u{202e}", "after=x&before=y"] {
        let page = olga.get(&format!("/portal/groups?{odd}")).await;
        assert!(page.status.is_success(), "{odd}: {}", page.status);
    }
    for nowhere in ["/portal/groups/x", "/portal/groups/01939f6e-5a0c-7e3b-9d51-3f2a8c04b7aa", "/portal/groups/%00"] {
        assert_eq!(olga.get(nowhere).await.status, 404, "{nowhere}");
    }
    house.close().await;
}

async fn two_people_edit_at_once(backend: Backend) {
    let house = house(backend).await;
    let (mut olga, mut other) = (sign_in(&house, OLGA).await, sign_in(&house, OLGA).await);
    let group = path(&make(&mut olga, "Desk", "desk", "QA").await);
    let (first, second) = (olga.get(&group).await, other.get(&group).await);
    let ask = other.get(&format!("{group}/delete")).await;
    let page = olga.submit(&first.form(&group).fill("name", "Front desk"), "save-group").await;
    assert!(page.text_contains("Saved."));
    let page = other.submit(&second.form(&group).fill("name", "Help desk").fill("description", "Mine"), "save-group").await;
    assert!(page.status == 409 && page.element("problem").is_some_and(|says| says.contains("it is called Front desk now")), "{}", page.text());
    assert_eq!(page.attribute("name", "value").as_deref(), Some("Help desk"), "what was typed is still there");
    // Who has seen it may go on.
    let page = other.submit(&page.form(&group), "save-group").await;
    assert!(page.text_contains("Saved.") && page.text_contains("Help desk") && page.text_contains("Mine"), "{}", page.text());
    let page = other.submit(&ask.form(&format!("{group}/delete")), "confirm").await;
    assert!(page.status == 409 && page.element("problem").is_some_and(|says| says.contains("Please look again")), "{}", page.text());
    let page = other.submit(&page.form(&format!("{group}/delete")), "confirm").await;
    assert!(page.text_contains("The group is deleted"), "{}", page.text());
    house.close().await;
}

/// Signs Olga in, at a screen.
pub async fn sign_in_eyes(eyes: &Eyes, house: &House) {
    eyes.chromium.goto(&format!("{}/sign-in?to=/portal", house.issuer)).await;
    eyes.fill("username", OLGA).await;
    eyes.fill("password", PASSWORD).await;
    eyes.submit("login-submit").await;
}
