//! What the form refuses, each at its field, and nothing is sent.

use super::{LENA, MIRA, OLGA, Office, UMA};
use crate::support::browser::Browser;
use crate::support::house::{Backend, on_both};
use crate::support::page::Page;
use futures_util::future::join_all;

on_both! {
    what_is_wrong_is_said_at_its_field
    nobody_gives_what_is_not_theirs
    the_demo_offers_the_form_to_whom_it_opens
    only_our_own_form_sends
    many_windows_make_one_invitation
    a_name_is_shown_as_a_name
    a_full_invitation_is_told_to_whom_may_see_it
}

const COUNT: &str =
    "SELECT (SELECT COUNT(*) FROM users) + (SELECT COUNT(*) FROM invitations) + (SELECT COUNT(*) FROM jobs) + (SELECT COUNT(*) FROM end_user_grants)
     + (SELECT COUNT(*) FROM organization_grants)";

const OFFERS: &str = "SELECT COUNT(*) FROM invitation_offers";

/// Whether the page is the form again, with these messages at this field and what was typed.
fn assert_at(page: &Page, status: u16, field: &str, messages: &[&str]) {
    assert_eq!(page.status.as_u16(), status, "{}", page.text());
    let error = page.element(&format!("{field}-error")).unwrap_or_else(|| panic!("no message at {field}: {}", page.text()));
    for message in messages {
        assert!(error.contains(message), "{message:?} at {field}: {error}");
    }
    assert!(page.element("email").is_some_and(|typed| !typed.is_empty()), "what was typed is still there");
    if ["email", "until", "reason"].contains(&field) {
        assert_eq!(page.attribute(field, "aria-invalid").as_deref(), Some("true"));
        assert!(page.attribute(field, "aria-describedby").is_some_and(|ids| ids.contains(&format!("{field}-error"))));
    }
}

async fn what_is_wrong_is_said_at_its_field(backend: Backend) {
    let office = Office::open(backend).await;
    let mut olga = office.browser(OLGA).await;
    let before = office.count(COUNT).await;
    let page = olga.get("/portal/invitations/new").await;
    let (approver, developer) = (office.approver().await, office.developer().await);
    let good = || page.form("invite-form").fill("email", "bo@acme.example").fill("app_role", &approver);
    let long = format!("{}@acme.example", "a".repeat(300));
    let many = (0..21).map(|n| format!("p{n}@acme.example")).collect::<Vec<_>>().join("\n");
    for (emails, messages) in [
        ("bo@acme.example\nnot an address\n@x\nevil\u{202e}@acme.example", vec!["Line 2", "not an address", "Line 3", "Line 4"]),
        ("bo@acme.example\n\nBO@ACME.example", vec!["Line 3", "same address as line 1"]),
        ("mu\u{308}ller@m\u{fc}nchen.example\nM\u{dc}LLER@xn--mnchen-3ya.example", vec!["Line 2", "same address as line 1"]),
        (&long, vec!["too long", "254"]),
        (&many, vec!["more than 20"]),
        ("<script>alert(1)</script>", vec!["Line 1", "<script>alert(1)</script>"]),
    ] {
        for step in ["preview", "send"] {
            let answer = post(&mut olga, &good().fill("email", emails), step).await;
            assert_at(&answer, 422, "email", &messages);
            assert!(
                !answer.body.contains('\u{202e}') || emails.contains('\u{202e}') && answer.body.matches('\u{202e}').count() == 1,
                "only in the field itself"
            );
            assert!(!answer.body.contains("<script>alert"));
        }
    }
    let nothing = page.form("invite-form").fill("email", "bo@acme.example");
    let empty = olga.submit(&good().fill("email", " \n "), "preview").await;
    assert!(empty.status == 422 && empty.element("email-error").is_some_and(|error| error.contains("one address at least")));
    assert_at(&olga.submit(&nothing, "preview").await, 422, "offers", &["one role or group at least"]);
    for (until, message) in [("2001-01-01", "begun already"), ("soon", "no date"), ("2030-02-31", "no date"), ("0000-00-00", "no date")] {
        assert_at(&olga.submit(&good().fill("until", until), "preview").await, 422, "until", &[message]);
        assert_at(&olga.submit(&good().fill("until_app_role", until), "preview").await, 422, "until_app_role", &[message]);
    }
    assert_at(&olga.submit(&good().fill("reason", &"x".repeat(1_001)), "preview").await, 422, "reason", &["1000"]);
    assert_at(&olga.submit(&good().fill("reason", "a\u{202e}b"), "preview").await, 422, "reason", &["cannot be shown"]);
    // What no browser sends, or what went away meanwhile.
    let (_, pairs) = good().press("preview");
    let with = |name: &str, value: &str| {
        let mut pairs: Vec<(String, String)> = pairs.iter().filter(|(has, _)| has != name || name.ends_with("role")).cloned().collect();
        pairs.push((name.to_owned(), value.to_owned()));
        pairs
    };
    let issuer = office.house.issuer.clone();
    for (name, value, field) in [
        ("locale", "tlh", "locale"),
        ("app_role", "x", "app_role"),
        ("app_role", &developer, "app_role"),
        ("group", "00000000-0000-0000-0000-000000000000", "group"),
        ("role", "'; DROP TABLE users; --", "role"),
    ] {
        let pairs = with(name, value);
        let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let answer = olga.post_from(&issuer, "/portal/invitations/new", &pairs).await;
        assert_at(&answer, 422, field, &[]);
    }
    // More than one invitation can carry.
    let roles = (0..101).fold(String::new(), |roles, n| roles + &format!("{{ key = \"r{n}\", name = \"R{n}\" }}, "));
    office.house.apply(&format!("[[app]]\nkey = \"big\"\nname = \"Big\"\n[[app.deployment]]\nstage = \"production\"\nroles = [{roles}]\n")).await;
    let page = olga.get("/portal/invitations/new").await;
    let mut form = page.form("invite-form").fill("email", "bo@acme.example");
    for id in page.body.split("name=\"app_role\" value=\"").skip(1).map(|rest| rest.split('"').next().expect("an id")) {
        form = form.fill("app_role", id);
    }
    assert_at(&olga.submit(&form, "preview").await, 422, "offers", &["more than 100"]);
    assert_eq!(office.count(COUNT).await, before, "nothing was sent");
    office.close().await;
}

/// Submits the form as another step than its button says.
async fn post(browser: &mut Browser, form: &crate::support::page::Form, step: &str) -> Page {
    let (url, mut pairs) = form.press("preview");
    pairs.iter_mut().filter(|(name, _)| name == "step").for_each(|(_, value)| step.clone_into(value));
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let page = browser.post_from(url.as_str(), url.path(), &pairs).await;
    browser.follow(page).await
}

async fn nobody_gives_what_is_not_theirs(backend: Backend) {
    let office = Office::open(backend).await;
    let author = office.id("SELECT id FROM end_user_roles WHERE key = 'author'").await;
    let administrator = office.id("SELECT id FROM organization_roles WHERE key = 'administrator'").await;
    let (approver, developer, emea) = (office.approver().await, office.developer().await, office.emea().await);
    let before = office.count(COUNT).await;
    let mut lena = office.browser(LENA).await;
    let mut mira = office.browser(MIRA).await;
    let issuer = office.house.issuer.clone();
    for (name, value, message) in
        [("app_role", &author, "Manage end-user access"), ("role", &developer, "Manage member access"), ("group", &emea, "Manage end-user groups")]
    {
        for step in ["preview", "send"] {
            let page = lena.get("/portal/invitations/new").await;
            let (_, mut pairs) = page.form("invite-form").fill("email", "bo@acme.example").fill("app_role", &approver).press("preview");
            pairs.retain(|(name, _)| name != "step");
            pairs.extend([(name.to_owned(), value.clone()), ("step".to_owned(), step.to_owned())]);
            let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            let answer = lena.post_from(&issuer, "/portal/invitations/new", &pairs).await;
            assert_at(&answer, 403, name, &[message]);
        }
    }
    // Members are Mira's to make, Administrators are not.
    let page = mira.get("/portal/invitations/new").await;
    assert!(page.text_contains("Developer") && !page.body.contains(&administrator), "{}", page.text());
    let (_, mut pairs) = page.form("invite-form").fill("email", "bo@acme.example").press("preview");
    pairs.push(("role".to_owned(), administrator));
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_at(&mira.post_from(&issuer, "/portal/invitations/new", &pairs).await, 403, "role", &["Only an Administrator"]);
    // Who may give nothing does not see the form; who has nothing to do with it not even the list.
    let mut uma = office.browser(UMA).await;
    assert_eq!((uma.get("/portal/invitations").await.status.as_u16(), uma.get("/portal/invitations/new").await.status.as_u16()), (200, 403));
    let mut nora = office.browser("nora@acme.example").await;
    for path in ["/portal/invitations", "/portal/invitations/new", "/portal/invitations.csv", "/portal/invitations/sent?of=x", "/portal/invitations/x"] {
        assert_eq!(nora.get(path).await.status, 403, "{path}");
    }
    let mut nobody = Browser::new(&issuer);
    assert_eq!(nobody.get("/portal/invitations/new?email=x%40y.example").await.url.query(), Some("to=%2Fportal%2Finvitations%2Fnew%3Femail%3Dx%2540y.example"));
    assert_eq!(office.count(COUNT).await, before);
    // A right that goes while the preview is open is gone when it is sent.
    let page = lena.get("/portal/invitations/new").await;
    let preview = lena.submit(&page.form("invite-form").fill("email", "bo@acme.example").fill("app_role", &approver), "preview").await;
    let mut olga = office.browser(OLGA).await;
    let lenas = office.id("SELECT id FROM users WHERE email_key = 'lena@acme.example'").await;
    let page = olga.get(&format!("/portal/users/{lenas}")).await;
    let question = page.body.split("/revoke?kind=role").nth(1).and_then(|rest| rest.split('"').next()).expect("a link").replace("&#38;", "&");
    let page = olga.get(&format!("/portal/users/{lenas}/revoke?kind=role{question}")).await;
    olga.submit(&page.form(&format!("/portal/users/{lenas}/revoke")), "revoke").await;
    let after = office.count(COUNT).await;
    assert_eq!(lena.submit(&preview.form("/portal/invitations/new"), "send").await.status, 403);
    assert_eq!(office.count(COUNT).await, after);
    office.close().await;
}

async fn the_demo_offers_the_form_to_whom_it_opens(backend: Backend) {
    let office = Office::open(backend).await;
    crate::demo::enable(&office.house, "wiki", "production").await;
    for (who, may) in [(UMA, false), (LENA, true), (MIRA, true)] {
        let page = crate::demo::tried(&office.house, "wiki", who).await;
        assert_eq!(page.attribute("invite-colleague", "href").is_some(), may, "{who}: {}", page.text());
        let form = office.browser(who).await.get("/portal/invitations/new").await;
        assert_eq!(form.status.as_u16(), if may { 200 } else { 403 }, "{who}: {}", form.text());
    }
    office.close().await;
}

async fn only_our_own_form_sends(backend: Backend) {
    let office = Office::open(backend).await;
    let mut olga = office.browser(OLGA).await;
    let before = office.count(COUNT).await;
    let page = olga.get("/portal/invitations/new").await;
    let preview = olga.submit(&page.form("invite-form").fill("email", "bo@acme.example").fill("app_role", &office.approver().await), "preview").await;
    let send = preview.form("/portal/invitations/new");
    assert_eq!(olga.submit(&send.clone().fill("csrf", "x"), "send").await.status, 403);
    let (url, pairs) = send.press("send");
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(olga.post_from("https://evil.example/", url.as_str(), &pairs).await.status, 403);
    // The form of another session, and of one that has ended.
    let mut other = office.browser(OLGA).await;
    assert_eq!(other.submit(&send, "send").await.status, 403);
    let portal = olga.get("/portal").await;
    olga.submit(&portal.form("/sign-out"), "sign-out").await;
    let late = olga.submit(&send, "send").await;
    assert!(late.status == 403 && late.text_contains("You were signed out"), "{}", late.text());
    assert_eq!(office.count(COUNT).await, before);
    office.close().await;
}

async fn many_windows_make_one_invitation(backend: Backend) {
    let office = Office::open(backend).await;
    let mut olga = office.browser(OLGA).await;
    let page = olga.get("/portal/invitations/new").await;
    let preview = olga.submit(&page.form("invite-form").fill("email", "bo@acme.example").fill("app_role", &office.approver().await), "preview").await;
    let send = preview.form("/portal/invitations/new");
    let mut windows: Vec<Browser> = (0..16)
        .map(|_| {
            let mut window = Browser::new(&office.house.issuer);
            window.cookies = olga.cookies.clone();
            window
        })
        .collect();
    let pages = join_all(windows.iter_mut().map(|window| window.submit(&send, "send"))).await;
    assert!(pages.iter().all(|page| page.status == 200 && page.url.path() == "/portal/invitations/sent"));
    assert_eq!(office.count("SELECT COUNT(*) FROM invitations").await, 1);
    assert_eq!(office.count("SELECT COUNT(*) FROM invitation_offers").await, 1);
    assert_eq!(office.count("SELECT COUNT(*) FROM users WHERE email_key = 'bo@acme.example'").await, 1);
    office.close().await;
}

async fn a_name_is_shown_as_a_name(backend: Backend) {
    let office = Office::open(backend).await;
    let name = "<img src=x onerror=alert(1)>";
    office
        .house
        .apply(&format!(
            "[[app]]\nkey = \"odd\"\nname = \"{name}\"\n[[app.deployment]]\nstage = \"production\"\nroles = [{{ key = \"odd\", name = \"<b>\\\"x'\", \
             description = \"</label><script>\" }}]\n[[group]]\nstage = \"production\"\nkey = \"odd\"\nname = \"\u{634}\u{631}\u{643}\u{629}\"\n"
        ))
        .await;
    let (role, group) = (office.id("SELECT id FROM end_user_roles WHERE key = 'odd'").await, office.id("SELECT id FROM groups WHERE key = 'odd'").await);
    let mut olga = office.browser(OLGA).await;
    let page = olga.get("/portal/invitations/new").await;
    let form = page.form("invite-form").fill("email", "o'neill+<x>@acme.example").fill("app_role", &role).fill("group", &group).fill("reason", name);
    let wrong = olga.submit(&form, "preview").await;
    let preview = olga.submit(&form.fill("email", "o'neill&co@acme.example"), "preview").await;
    let sent = olga.submit(&preview.form("/portal/invitations/new"), "send").await;
    let list = olga.get("/portal/invitations").await;
    let path = super::newest(&mut olga).await;
    for page in [&page, &wrong, &preview, &sent, &list, &olga.get(&path).await] {
        assert!(!page.body.contains("<img") && !page.body.contains("<b>\"") && !page.body.contains("</label><script>"), "{}", page.url);
    }
    assert!(list.text_contains("o'neill&co@acme.example") && list.text_contains("<b>\"x'"), "{}", list.text());
    office.close().await;
}

/// One invitation carries a hundred roles and groups. Whoever may not see that there is one is answered as of any other address.
async fn a_full_invitation_is_told_to_whom_may_see_it(backend: Backend) {
    let office = Office::open(backend).await;
    let roles = (0..100).fold(String::new(), |roles, n| roles + &format!("{{ key = \"r{n}\", name = \"R{n}\" }}, "));
    office.house.apply(&format!("[[app]]\nkey = \"big\"\nname = \"Big\"\n[[app.deployment]]\nstage = \"production\"\nroles = [{roles}]\n")).await;
    let all = (0..100).fold(String::new(), |all, n| all + &format!(" --role big/production/r{n}"));
    office.house.invite(&format!("full@acme.example{all}")).await.expect("invited");
    assert_eq!(office.count(OFFERS).await, 100);

    let mut lena = office.browser(LENA).await;
    let sent = office.send(&mut lena, "full@acme.example\nnew@acme.example").await;
    assert!(sent.status == 200 && sent.text().matches("A mail is on its way").count() == 2, "{}", sent.text());
    office.house.letters("new@acme.example", 1).await;
    assert_eq!(office.house.letters("full@acme.example", 1).await.len(), 1, "the letter of before");
    assert_eq!(office.count(OFFERS).await, 101, "the other one got what she offered");

    let mut olga = office.browser(OLGA).await;
    let told = office.send(&mut olga, "full@acme.example\nlast@acme.example").await;
    assert_at(&told, 422, "offers", &["full@acme.example", "more than 100"]);
    assert_eq!(office.count(OFFERS).await, 101, "nothing half done");
    office.close().await;
}
