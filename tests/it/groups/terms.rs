//! Members for a time: from a day, until a day, for a reason.

use super::{NORA, OLGA, house, make, number, path, sign_in};
use crate::support::house::{Backend, on_both};

on_both! {
    people_join_from_a_day_on
}

const MEMBERS: &str = "SELECT COUNT(*) FROM memberships m JOIN groups g ON g.id = m.group_id WHERE g.name = 'Sellers'";

async fn people_join_from_a_day_on(backend: Backend) {
    let house = house(backend).await;
    let mut olga = sign_in(&house, OLGA).await;
    let group = path(&make(&mut olga, "Sellers", "", "Production").await);
    let page = olga.get(&format!("{group}/members")).await;
    assert!(page.text_contains("Without a start it counts at once"), "{}", page.text());
    let form =
        |starts: &str, until: &str| page.form("add-form").fill("emails", NORA).fill("starts", starts).fill("until", until).fill("reason", "Covers for Di");
    // What is wrong stands at its field, and everything typed is still there; asking for a preview is no way around it.
    for (starts, until, field, says) in [
        ("2099-01-02", "2099-01-01", "until-error", "The end must come after the start."),
        ("soon", "", "starts-error", "Please choose a day."),
        ("", "2020-01-01", "until-error", "Please choose a day in the future."),
    ] {
        for button in ["add", "add-preview"] {
            let again = olga.submit(&form(starts, until), button).await;
            assert_eq!(again.status, 422, "{starts} {until}: {}", again.text());
            assert!(again.element(field).is_some_and(|said| said.contains(says)), "{starts} {until}: {}", again.text());
            let typed = (again.attribute("starts", "value"), again.attribute("until", "value"), again.attribute("reason", "value"));
            assert_eq!(typed, (Some(starts.to_owned()), Some(until.to_owned()), Some("Covers for Di".to_owned())));
            assert!(again.element("emails").is_some_and(|typed| typed.contains(NORA)));
        }
    }
    assert_eq!(number(&house, MEMBERS).await, 0);

    // The preview tells from when on; nobody has joined by it.
    let full = form("2098-01-01", "2099-01-01");
    let preview = olga.submit(&full, "add-preview").await;
    assert!(preview.status == 200 && preview.text_contains("1 Jan 2098"), "{}", preview.text());
    assert_eq!(number(&house, MEMBERS).await, 0);
    let added = olga.submit(&full, "add").await;
    assert!(
        added.text_contains("Added.") && added.text_contains("from 1 Jan 2098 until 1 Jan 2099") && added.text_contains("Covers for Di"),
        "{}",
        added.text()
    );
    assert_eq!(number(&house, "SELECT COUNT(*) FROM memberships WHERE starts_at IS NOT NULL AND ends_at IS NOT NULL AND reason IS NOT NULL").await, 1);
    // The same again is the same; another start is another time, which is changed by itself.
    assert!(olga.submit(&full, "add").await.text_contains("Added."));
    let other = olga.submit(&form("2098-01-02", "2099-01-01"), "add").await;
    assert!(other.status == 422 && other.element("obstacles").is_some_and(|said| said.contains("for another time")), "{}", other.text());
    assert_eq!(number(&house, MEMBERS).await, 1);
    house.close().await;
}
