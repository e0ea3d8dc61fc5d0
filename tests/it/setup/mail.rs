//! The mail server that Administrators choose, the mailbox that closes with it, and who may see either.

use super::{claim, place, signed_in};
use crate::support::browser::Browser;
use crate::support::house::{Backend, House, on_both};
use crate::support::page::{Form, Page};
use crate::support::smtp::{Behaviour, Mode, PASSWORD, Smtp, USER};
use crate::support::{free_port, until};
use gatehouse::audit::{self, Kind};
use gatehouse::base::time::Clock;
use gatehouse::mail::mailbox;
use gatehouse::mail::transport::Transport;
use gatehouse::server::Server;
use std::time::{Duration, Instant};

on_both! {
    a_server_is_tested_then_used_and_the_mailbox_closes
    servers_that_do_not_work_are_not_used
    a_password_is_kept_for_its_own_account_only
    letters_are_read_by_administrators_and_leave_a_trace
    nobody_else_sees_mail
    what_the_settings_say_comes_first
    a_server_that_never_answers_does_not_hold_up_setup
}

const PAGE: &str = "/portal/settings/mail";

/// A house with people, a mailbox, and a mail server that it trusts.
async fn open(backend: Backend, mode: Mode) -> (House, Smtp) {
    let smtp = Smtp::start(mode).await;
    let house = House::with_mailbox(backend, &[("mail.ca_file", &smtp.ca_file().display().to_string())]).await;
    house.apply(include_str!("../seed.toml")).await;
    (house, smtp)
}

/// The form that chooses a server. On the page of the portal it is the one with a host.
fn server_form(page: &Page) -> Form {
    let rest = page.body.split_once("id=\"mail-server\"").map_or(page.body.as_str(), |(_, rest)| rest);
    let page = Page { body: rest.to_owned(), ..page.clone() };
    page.form(page.url.path())
}

fn fill(page: &Page, smtp: &Smtp) -> Form {
    let form = server_form(page).fill("host", "localhost").fill("port", &smtp.port().to_string()).fill("security", "starttls");
    form.fill("user", USER).fill("password", PASSWORD).fill("sender_name", "Acme, \"Ltd\"").fill("sender_address", "mail@acme.example")
}

pub async fn letters(house: &House) -> i64 {
    mailbox::count(&mut house.server.ground.db.read().await.expect("a reader")).await.expect("a count")
}

/// Invites somebody, and waits for the letter to be in the mailbox.
async fn invite(house: &House, email: &str) {
    let before = letters(house).await;
    house.invite(&format!("{email} --role sales/production/viewer")).await.expect("invited");
    until("the letter comes", async || letters(house).await > before).await;
}

async fn a_server_is_tested_then_used_and_the_mailbox_closes(backend: Backend) {
    let (house, smtp) = open(backend, Mode::StartTls).await;
    // Another node knows the mailbox as the way.
    let another = if backend == Backend::Postgres {
        Some(Server::open_with(house.server.config.clone(), Clock::System, Transport::Mailbox).await.expect("another node"))
    } else {
        None
    };
    let way = async |server: &Server| {
        let mut tx = server.ground.db.read().await.expect("a reader");
        server.post.transport(&mut tx, &server.ground.sealer).await.expect("a way")
    };
    if let Some(another) = &another {
        assert!(matches!(way(another).await, Transport::Mailbox));
    }
    invite(&house, "new@acme.example").await;
    let mut olga = signed_in(&house, "olga@acme.example").await;
    let page = olga.get(PAGE).await;
    assert!(page.status == 200 && page.text_contains("the one letter in it is erased"), "{}", page.text());
    // A test saves nothing, and shows no password.
    let tested = olga.submit(&fill(&page, &smtp), "mail-test").await;
    assert!(tested.status == 200 && tested.text_contains("The server took the test."), "{}", tested.text());
    assert!(!tested.body.contains(PASSWORD) && letters(&house).await == 1);
    let mail = smtp.mails().pop().expect("the test");
    assert_eq!((mail.to.clone(), mail.subject()), (vec!["olga@acme.example".to_owned()], Some("A test from Acme".to_owned())));
    assert!(mail.header("From").is_some_and(|from| from.ends_with(" <mail@acme.example>")));
    assert!(matches!(way(&house.server).await, Transport::Mailbox));
    // The password that was typed for the test need not be typed again.
    let used = olga.submit(&server_form(&tested), "mail-use").await;
    assert!(place(&used) == (200, PAGE) && used.text_contains("The mailbox is closed and empty."), "{}", used.text());
    assert_eq!(letters(&house).await, 0);
    assert_eq!(place(&olga.get("/portal/mailbox").await), (200, PAGE));
    assert!(!used.body.contains("href=\"/portal/mailbox\""));
    // Letters leave through it from now on, from every node.
    house.invite("late@acme.example --role sales/production/viewer").await.expect("invited");
    until("the letter leaves", async || smtp.mails().iter().any(|mail| mail.to == ["late@acme.example"])).await;
    assert_eq!(letters(&house).await, 0);
    if let Some(another) = &another {
        assert!(matches!(way(another).await, Transport::Smtp(_)));
    }
    // And back.
    let back = olga.submit(&olga_back(&used), "mail-back").await;
    assert!(back.text_contains("Letters stay in the mailbox from now on."), "{}", back.text());
    invite(&house, "later@acme.example").await;
    if let Some(another) = another {
        assert!(matches!(way(&another).await, Transport::Mailbox));
        another.close().await;
    }
    let mut tx = house.server.ground.db.read().await.expect("a reader");
    assert_eq!(audit::recent(&mut tx, &[Kind::MailSettingsChanged], None, 10).await.expect("events").len(), 2);
    let (kept,) = gatehouse::one!(tx, (i64,), "SELECT COUNT(*) FROM mail_settings WHERE password_sealed IS NOT NULL").expect("a count");
    assert_eq!(kept, 0, "the password is forgotten with the server");
    drop(tx);
    house.close().await;
}

fn olga_back(page: &Page) -> Form {
    page.form(PAGE)
}

async fn servers_that_do_not_work_are_not_used(backend: Backend) {
    let (house, smtp) = open(backend, Mode::StartTls).await;
    let plain = Smtp::start(Mode::Plain).await;
    let mut olga = signed_in(&house, "olga@acme.example").await;
    let page = olga.get(PAGE).await;
    let closed = free_port().to_string();
    for (button, form, said) in [
        ("mail-use", fill(&page, &smtp).fill("password", "<b>wrong</b>"), "wrong user or password"),
        ("mail-test", fill(&page, &smtp).fill("password", "wrong"), "wrong user or password"),
        ("mail-use", fill(&page, &smtp).fill("port", &closed), "That did not work."),
        ("mail-use", fill(&page, &plain), "That did not work."),
        ("mail-use", fill(&page, &smtp).fill("security", "tls"), "That did not work."),
        ("mail-use", fill(&page, &smtp).fill("host", "no-such-host.invalid"), "That did not work."),
        ("mail-use", fill(&page, &smtp).fill("host", "mail.acme.example").fill("security", "none"), "Without protection others could read along."),
        ("mail-use", fill(&page, &smtp).fill("host", "a b"), "This is no name or address of a server"),
        ("mail-use", fill(&page, &smtp).fill("port", "0"), "A port is a number"),
        ("mail-use", fill(&page, &smtp).fill("port", "65536"), "A port is a number"),
        ("mail-use", fill(&page, &smtp).fill("password", ""), "Please type the password"),
        ("mail-use", fill(&page, &smtp).fill("user", ""), "Whose password is it?"),
        ("mail-use", fill(&page, &smtp).fill("sender_address", "nobody"), "This does not look like an e-mail address"),
        ("mail-use", fill(&page, &smtp).fill("sender_name", "a\u{202e}b"), "The name has characters"),
    ] {
        let refused = olga.submit(&form, button).await;
        assert!(refused.status == 422 && refused.text_contains(said), "{said}: {} {}", refused.status, refused.text());
        assert!(!refused.body.contains("<b>wrong</b>") && !refused.body.contains("value=\"wrong\"") && !refused.body.contains(PASSWORD));
        assert!(refused.attribute("sender-address", "value").is_some(), "the form is still there");
    }
    smtp.behave(Behaviour::RejectRecipient);
    let refused = olga.submit(&fill(&page, &smtp), "mail-use").await;
    assert!(refused.status == 422 && refused.text_contains("nobody of that name here"), "{}", refused.text());
    // One that never answers holds nobody for longer than is said.
    smtp.behave(Behaviour::Hang);
    let began = Instant::now();
    let refused = olga.submit(&fill(&page, &smtp), "mail-test").await;
    assert!(refused.status == 422 && began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
    assert!(refused.element("mail-outcome").is_some_and(|said| said.contains("did not answer within 15 seconds")), "{}", refused.text());
    let page = olga.get(PAGE).await;
    assert!(page.text_contains("Letters stay in the built-in mailbox"), "nothing was saved");
    house.close().await;
}

async fn a_password_is_kept_for_its_own_account_only(backend: Backend) {
    let (house, smtp) = open(backend, Mode::StartTls).await;
    let spy = Smtp::start(Mode::Plain).await;
    let mut olga = signed_in(&house, "olga@acme.example").await;
    let page = olga.get(PAGE).await;
    let page = olga.submit(&fill(&page, &smtp), "mail-use").await;
    assert!(!page.body.contains(PASSWORD));
    // The same account: kept. The sender is no part of it.
    let again = olga.submit(&server_form(&page).fill("sender_name", "Acme"), "mail-use").await;
    assert!(again.status == 200 && again.text_contains("Mail leaves through localhost"), "{}", again.text());
    for form in [
        server_form(&again).fill("port", &spy.port().to_string()),
        server_form(&again).fill("host", "127.0.0.1"),
        server_form(&again).fill("security", "none"),
        server_form(&again).fill("user", "somebody"),
    ] {
        let refused = olga.submit(&form, "mail-test").await;
        assert!(refused.status == 422 && refused.text_contains("Please type the password again"), "{}", refused.text());
    }
    assert!(spy.mails().is_empty());
    // What travels sealed beside one form opens in no other session, and for no other account.
    let tested = olga.submit(&fill(&again, &smtp), "mail-test").await;
    let kept = tested.body.split("name=\"kept\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("sealed").to_owned();
    let refused = olga.submit(&server_form(&tested).fill("host", "127.0.0.1"), "mail-test").await;
    assert!(refused.text_contains("Please type the password again"));
    house.apply("[[user]]\nemail = \"nora@acme.example\"\norg_roles = [\"administrator\"]\n").await;
    let mut nora = signed_in(&house, "nora@acme.example").await;
    let page = nora.get(PAGE).await;
    let back = nora.submit(&page.form(PAGE), "mail-back").await;
    let (_, mut pairs) = fill(&back, &smtp).fill("password", "").press("mail-test");
    pairs.push(("kept".into(), kept));
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let refused = nora.post_from(&format!("{}{PAGE}", house.issuer), PAGE, &pairs).await;
    assert!(refused.status == 422 && refused.text_contains("Please type the password"), "{}", refused.text());
    house.close().await;
}

async fn letters_are_read_by_administrators_and_leave_a_trace(backend: Backend) {
    let (house, _smtp) = open(backend, Mode::StartTls).await;
    let mut olga = signed_in(&house, "olga@acme.example").await;
    let page = olga.get("/portal/mailbox").await;
    assert!(page.status == 200 && page.text_contains("No letters yet"), "{}", page.text());
    invite(&house, "new@acme.example").await;
    invite(&house, "another@acme.example").await;
    let page = olga.get("/portal/mailbox").await;
    assert!(page.text_contains("2 letters") && page.text_contains("new@acme.example") && page.element("total").is_some());
    let page = olga.get("/portal/mailbox?q=ANOTHER").await;
    assert!(page.text_contains("1 letter") && !page.text_contains("new@acme.example"));
    for odd in ["?page=-1", "?page=1000000000", "?q=%FF%00&page=x"] {
        assert_eq!(olga.get(&format!("/portal/mailbox{odd}")).await.status, 200, "{odd}");
    }
    let path = page.body.split("href=\"").find_map(|rest| rest.strip_prefix("/portal/mailbox/")?.split('"').next()).expect("a letter").to_owned();
    let letter = olga.get(&format!("/portal/mailbox/{path}")).await;
    let link = letter.body.split("href=\"").find_map(|rest| rest.strip_prefix(&house.issuer)?.split('"').next()).expect("a link").to_owned();
    assert!(letter.status == 200 && link.starts_with("/invitations/") && letter.text_contains("another@acme.example"), "{}", letter.text());
    assert_eq!(Browser::new(&house.issuer).get(&link).await.url.path(), "/invitations/accept", "the link works");
    let mut tx = house.server.ground.db.read().await.expect("a reader");
    let events = audit::recent(&mut tx, &[Kind::LetterRead], Some(&path), 10).await.expect("events");
    drop(tx);
    assert_eq!(events.len(), 1);
    for nothing in ["x", "01939f6e-5a0c-7e3b-9d51-3f2a8c04b7aa"] {
        assert_eq!(olga.get(&format!("/portal/mailbox/{nothing}")).await.status, 404);
    }
    house.close().await;
}

async fn nobody_else_sees_mail(backend: Backend) {
    let (house, smtp) = open(backend, Mode::StartTls).await;
    invite(&house, "new@acme.example").await;
    // A role with every permission of the organization's settings is still not everything.
    house.apply("[[organization_role]]\nkey = \"clerk\"\nname = \"Clerk\"\npermissions = [\"organization.manage\", \"users.manage\"]\n[[user]]\nemail = \"nora@acme.example\"\norg_roles = [\"clerk\"]\n").await;
    let mut olga = signed_in(&house, "olga@acme.example").await;
    let page = olga.get("/portal/mailbox").await;
    let letter = page.body.split("href=\"").find_map(|rest| rest.strip_prefix("/portal/mailbox/")?.split('"').next()).expect("a letter").to_owned();
    let paths = [PAGE.to_owned(), "/portal/mailbox".to_owned(), format!("/portal/mailbox/{letter}")];
    let mut nora = signed_in(&house, "nora@acme.example").await;
    for path in &paths {
        let stranger = Browser::new(&house.issuer).get_once(path).await;
        assert!(stranger.header("location").is_some_and(|to| to.starts_with("/sign-in?to=")), "{path}");
        let denied = nora.get(path).await;
        assert!(denied.status == 403 && denied.element("denied").is_some() && !denied.text_contains("new@acme.example"), "{path}: {}", denied.text());
    }
    assert!(!nora.get("/portal").await.body.contains("href=\"/portal/mailbox\""));
    // Olga's form in Nora's hands, with the token of Nora's own session: it is the right that she lacks.
    let (_, pairs) = fill(&olga.get(PAGE).await, &smtp).press("mail-use");
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let here = format!("{}{PAGE}", house.issuer);
    let (_, own) = nora.get("/portal").await.form("/sign-out").press("sign-out");
    let csrf = own.iter().find(|(name, _)| name == "csrf").map(|(_, value)| value.as_str()).expect("a token");
    for action in ["test", "use", "mailbox", "again"] {
        let rest = pairs.iter().copied().filter(|(name, _)| !["csrf", "action"].contains(name));
        let fields: Vec<(&str, &str)> = rest.chain([("csrf", csrf), ("action", action)]).collect();
        let denied = nora.post_from(&here, PAGE, &fields).await;
        assert!(denied.status == 403 && denied.element("denied").is_some(), "{action}: {} {}", denied.status, denied.text());
    }
    assert!(smtp.mails().is_empty(), "nothing was tried");
    // And from elsewhere.
    assert_eq!(Browser::new(&house.issuer).post_from(&here, PAGE, &pairs).await.status, 403);
    assert_eq!(olga.post_from("https://evil.example/", PAGE, &pairs).await.status, 403);
    let stale: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| if *name == "csrf" { (*name, "x") } else { (*name, *value) }).collect();
    assert_eq!(olga.post_from(&here, PAGE, &stale).await.status, 403);
    assert_eq!(letters(&house).await, 1);
    house.close().await;
}

/// What the settings of mail hold, and what was written about them.
async fn saved(house: &House) -> (i64, usize) {
    let mut tx = house.server.ground.db.read().await.expect("a reader");
    let (rows,) = gatehouse::one!(tx, (i64,), "SELECT COUNT(*) FROM mail_settings WHERE host IS NOT NULL").expect("a count");
    (rows, audit::recent(&mut tx, &[Kind::MailSettingsChanged], None, 10).await.expect("events").len())
}

async fn a_server_that_never_answers_does_not_hold_up_setup(backend: Backend) {
    let smtp = Smtp::start(Mode::StartTls).await;
    let house = House::with_mailbox(backend, &[("mail.ca_file", &smtp.ca_file().display().to_string())]).await;
    let mut olga = Browser::new(&house.issuer);
    let step = claim(&house, &mut olga).await;
    smtp.behave(Behaviour::Hang);
    // Both buttons ask the server first. While they wait, whoever else is here does not.
    let form = fill(&step, &smtp);
    let mut again = Browser::new(&house.issuer);
    again.cookies = olga.cookies.clone();
    let began = Instant::now();
    let (tested, used, other) = tokio::join!(olga.submit(&form, "mail-test"), again.submit(&form, "mail-use"), async {
        tokio::time::sleep(Duration::from_millis(500)).await;
        let began = Instant::now();
        (Browser::new(&house.issuer).get("/sign-in").await.status, began.elapsed())
    });
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
    assert!(other.0 == 200 && other.1 < Duration::from_secs(5), "{other:?}");
    // Each is answered in words, and what was typed is still there; the password travels sealed.
    for page in [&tested, &used] {
        assert_eq!(place(page), (422, "/setup/mail"), "{}", page.text());
        assert!(page.element("mail-outcome").is_some_and(|said| said.contains("did not answer within 15 seconds")), "{}", page.text());
        let port = smtp.port().to_string();
        let typed = [("host", "localhost"), ("port", port.as_str()), ("user", USER), ("sender-name", "Acme, \"Ltd\""), ("sender-address", "mail@acme.example")];
        for (id, value) in typed {
            assert_eq!(page.attribute(id, "value").as_deref(), Some(value), "{id}");
        }
        assert!(!page.body.contains(PASSWORD) && page.element("mail-keep").is_some());
    }
    assert_eq!(saved(&house).await, (0, 0));
    // It answers at last: the same page goes on, with the password that was typed before.
    smtp.behave(Behaviour::Accept);
    let next = olga.submit(&server_form(&used), "mail-use").await;
    assert_eq!(place(&next), (200, "/setup/app"), "{}", next.text());
    assert_eq!(saved(&house).await, (1, 1));
    assert_eq!(smtp.mails().last().map(|mail| mail.to.clone()), Some(vec!["olga@acme.example".to_owned()]));
    house.close().await;
}

async fn what_the_settings_say_comes_first(backend: Backend) {
    let smtp = Smtp::start(Mode::StartTls).await;
    let settings = [("mail.smtp_url", format!("{}?tls=required", smtp.url())), ("mail.ca_file", smtp.ca_file().display().to_string())];
    let settings: Vec<(&str, &str)> = settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let house = House::with_settings_mail(backend, &settings).await;
    let mut olga = Browser::new(&house.issuer);
    let step = claim(&house, &mut olga).await;
    assert!(step.text_contains("The mail server is set where Gatehouse is started") && !step.body.contains("id=\"host\"") && !step.body.contains(PASSWORD));
    let tested = olga.submit(&step.form("/setup/mail"), "mail-test").await;
    assert!(tested.status == 200 && smtp.mails().len() == 1, "{}", tested.text());
    let next = olga.submit(&tested.form("/setup/mail"), "mail-keep").await;
    assert_eq!(place(&next), (200, "/setup/app"));
    let page = olga.get(PAGE).await;
    assert!(page.element("mail-use").is_none() && page.element("mail-test").is_some() && !page.body.contains(PASSWORD), "{}", page.text());
    let (_, pairs) = page.form(PAGE).press("mail-test");
    let forged: Vec<(&str, &str)> =
        pairs.iter().map(|(name, value)| if name == "action" { ("action", "use") } else { (name.as_str(), value.as_str()) }).collect();
    assert_eq!(olga.post_from(&format!("{}{PAGE}", house.issuer), PAGE, &forged).await.status, 400);
    assert_eq!(place(&olga.get("/portal/mailbox").await), (200, PAGE));
    house.close().await;
}
