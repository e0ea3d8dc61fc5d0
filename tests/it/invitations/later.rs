//! Inviting people to what begins later: it is shown before, in the letter and afterwards, and given for then.

use super::{OLGA, Office};
use crate::support::browser::Browser;
use crate::support::house::{Backend, PASSWORD, link, on_both};

on_both! {
    what_begins_later_is_shown_before_and_given_for_then
    a_time_that_cannot_be_is_refused_at_its_field
}

const EVERYTHING: &str = "from 1 Jan 2098 until 31 Dec 2099";
const GROUP: &str = "from 1 Jan 2098 until 1 Jun 2099";

async fn what_begins_later_is_shown_before_and_given_for_then(backend: Backend) {
    let office = Office::open(backend).await;
    let mut olga = office.browser(OLGA).await;
    let page = olga.get("/portal/invitations/new").await;
    let form = page.form("invite-form").fill("email", "bo@acme.example\r\nnora@acme.example").fill("app_role", &office.approver().await);
    let form = form.fill("group", &office.emea().await).fill("starts", "2098-01-01").fill("until", "2099-12-31").fill("until_group", "2099-06-01");
    let preview = olga.submit(&form, "preview").await;
    assert_eq!(preview.status, 200, "{}", preview.text());
    for text in [EVERYTHING, GROUP, "what stands in their token from 1 Jan 2098 on"] {
        assert!(preview.text_contains(text), "{text}: {}", preview.text());
    }
    assert!(preview.body.contains("<code class=\"chip\">approver</code>"), "what apps will be told once it has begun: {}", preview.text());
    let changed = olga.submit(&preview.form("/portal/invitations/new"), "change").await;
    assert_eq!(changed.attribute("starts", "value").as_deref(), Some("2098-01-01"));
    // Nora is here: her access changes by itself on that day.
    let access = olga.submit(&preview.form("/portal/invitations/new"), "access").await;
    assert!(access.text_contains("Nora Nobody") && access.text_contains("1 Jan 2098"), "{}", access.text());
    let sent = olga.submit(&preview.form("/portal/invitations/new"), "send").await;
    assert_eq!((sent.status.as_u16(), sent.url.path()), (200, "/portal/invitations/sent"), "{}", sent.text());
    assert_eq!(office.count("SELECT COUNT(*) FROM invitation_offers WHERE starts_at IS NOT NULL AND ends_at IS NOT NULL").await, 2);
    let granted = "SELECT COUNT(*) FROM end_user_grants g JOIN end_user_roles r ON r.id = g.role_id WHERE r.key = 'approver' AND g.starts_at IS NOT NULL";
    assert_eq!(office.count(granted).await, 1);

    let one = olga.get(&format!("/portal/invitations/{}", office.id("SELECT id FROM invitations").await)).await;
    assert!(one.text_contains(EVERYTHING) && one.text_contains(GROUP), "{}", one.text());
    let letter = office.house.letters("bo@acme.example", 1).await.remove(0);
    assert!(letter.text.contains(EVERYTHING) && letter.text.contains(GROUP), "{}", letter.text);
    let mut bo = Browser::new(&office.house.issuer);
    let page = bo.get(&link(&letter, &office.house.issuer)).await;
    assert!(page.text_contains(EVERYTHING) && page.text_contains(GROUP), "{}", page.text());
    let welcome = bo.submit(&page.form("/invitations/accept").fill("name", "Bo").fill("password", PASSWORD), "invitation-accept").await;
    assert!(welcome.status == 200 && !welcome.text_contains("Sales Desk"), "no app is open yet: {}", welcome.text());
    assert_eq!(office.count(granted).await, 2);
    office.close().await;
}

async fn a_time_that_cannot_be_is_refused_at_its_field(backend: Backend) {
    let office = Office::open(backend).await;
    let mut olga = office.browser(OLGA).await;
    let page = olga.get("/portal/invitations/new").await;
    let approver = office.approver().await;
    let good = || page.form("invite-form").fill("email", "bo@acme.example").fill("app_role", &approver).fill("reason", "Covers for Ana");
    let order = "The end must come after the start.";
    for (starts, end, until, field, says) in [
        ("soon", "until", "", "starts", "This is no date."),
        ("2030-02-31", "until", "2099-01-01", "starts", "This is no date."),
        ("2099-01-02", "until", "2099-01-01", "until", order),
        ("2099-01-01", "until", "2099-01-01", "until", order),
        ("2099-01-02", "until_app_role", "2099-01-01", "until_app_role", order),
    ] {
        let answer = olga.submit(&good().fill("starts", starts).fill(end, until), "preview").await;
        assert_eq!(answer.status, 422, "{starts} {until}: {}", answer.text());
        assert!(answer.element(&format!("{field}-error")).is_some_and(|said| said.contains(says)), "{starts} {until}: {}", answer.text());
        assert_eq!(answer.attribute(field, "aria-invalid").as_deref(), Some("true"));
        let typed = (answer.attribute("starts", "value"), answer.attribute(end, "value"), answer.element("reason"));
        assert_eq!(typed, (Some(starts.to_owned()), Some(until.to_owned()), Some("Covers for Ana".to_owned())));
        assert!(answer.attribute(&format!("app-role-{approver}"), "checked").is_some());
    }
    assert_eq!(office.count("SELECT (SELECT COUNT(*) FROM invitations) + (SELECT COUNT(*) FROM jobs)").await, 0, "nothing was sent");
    // A day that is over is a start like any other: what began then counts at once.
    let preview = olga.submit(&good().fill("starts", "2001-01-01"), "preview").await;
    assert!(preview.status == 200 && preview.text_contains("what stands in their token.") && preview.text_contains("from 1 Jan 2001"), "{}", preview.text());
    office.close().await;
}
