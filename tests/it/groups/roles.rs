//! Roles for a group: from a day, until a day, for a reason; and whoever sees the group sees what it soon loses.

use super::{DORA, OLGA, PIA, house, house_at, make, number, path, sign_in, tick};
use crate::lives::day;
use crate::support::house::{Backend, on_both};
use gatehouse::base::time::Clock;

on_both! {
    a_role_is_given_for_a_time_and_a_reason
    whoever_sees_a_group_sees_what_it_soon_loses
}

async fn a_role_is_given_for_a_time_and_a_reason(backend: Backend) {
    let house = house(backend).await;
    let mut olga = sign_in(&house, OLGA).await;
    let group = path(&make(&mut olga, "Sellers", "", "Production").await);
    let page = olga.get(&group).await;
    let (approver, viewer) = (tick(&page, "Approver"), tick(&page, "Viewer"));
    let form = |starts: &str, until: &str, reason: &str| {
        page.form(&format!("{group}/roles")).fill("role", &approver).fill("role-starts", starts).fill("role-until", until).fill("role-reason", reason)
    };
    // What is wrong stands at its field, and everything typed is still there.
    let long = "x".repeat(1_001);
    for (starts, until, reason, field, says) in [
        ("2099-01-02", "2099-01-01", "Covers", "role-until-error", "The end must come after the start."),
        ("soon", "", "Covers", "role-starts-error", "Please choose a day."),
        ("", "2020-01-01", "Covers", "role-until-error", "Please choose a day in the future."),
        ("", "", long.as_str(), "role-reason-error", "Please use 1000 characters at most."),
    ] {
        let again = olga.submit(&form(starts, until, reason), "give-role").await;
        assert_eq!(again.status, 422, "{starts} {until}: {}", again.text());
        assert!(again.element(field).is_some_and(|said| said.contains(says)), "{starts} {until}: {}", again.text());
        let typed = (again.attribute("role-starts", "value"), again.attribute("role-until", "value"), again.element("role-reason"));
        assert_eq!(typed, (Some(starts.to_owned()), Some(until.to_owned()), Some(reason.to_owned())));
        assert!(again.attribute(&format!("role-{approver}"), "checked").is_some());
    }
    assert_eq!(number(&house, "SELECT COUNT(*) FROM end_user_grants WHERE group_id IS NOT NULL AND reason IS NOT NULL").await, 0);

    let given = olga.submit(&form("2098-01-01", "2099-01-01", "Covers <b>for Di</b>"), "give-role").await;
    assert!(given.text_contains("Every member has this role") && given.text_contains("from 1 Jan 2098 until 1 Jan 2099"), "{}", given.text());
    assert!(given.text_contains(": Covers <b>for Di</b>"), "{}", given.text());
    // A start that is over counts at once; without a reason none is shown.
    let second = page.form(&format!("{group}/roles")).fill("role", &viewer).fill("role-starts", "2020-01-01");
    let given = olga.submit(&second, "give-role").await;
    let row = given.body.split("<tr").find(|row| row.contains("<b><bdi>Viewer</bdi>")).expect("a row");
    assert!(!row.contains("Covers") && row.contains("no end"), "{row}");
    assert_eq!(number(&house, "SELECT COUNT(*) FROM end_user_grants WHERE group_id IS NOT NULL AND starts_at IS NOT NULL").await, 2);
    assert_eq!(number(&house, "SELECT COUNT(*) FROM end_user_grants WHERE reason = 'Covers <b>for Di</b>'").await, 1);
    house.close().await;
}

async fn whoever_sees_a_group_sees_what_it_soon_loses(backend: Backend) {
    // No midnight comes between what is typed and what is read.
    let house = house_at(backend, Clock::fixed(Clock::System.now())).await;
    let mut olga = sign_in(&house, OLGA).await;
    assert!(olga.get("/portal").await.text_contains("Nothing that you may see ends soon."));
    // Nobody is a member of either: what ends is the role of the group.
    let mut groups = Vec::new();
    for (name, stage, role, days) in [("Sellers", "Production", "Approver", 5), ("Builders", "Development", "Viewer", 3), ("Later", "Production", "Viewer", 40)]
    {
        let group = path(&make(&mut olga, name, "", stage).await);
        let page = olga.get(&group).await;
        let form = page.form(&format!("{group}/roles")).fill("role", &tick(&page, role)).fill("role-until", &day(&house, days));
        assert!(olga.submit(&form, "give-role").await.text_contains("Every member has this role"), "{name}");
        groups.push(group);
    }
    let [sellers, builders, later] = groups.as_slice() else { panic!("three groups: {groups:?}") };
    let page = olga.get("/portal").await;
    let endings = page.element("endings-list").expect("a list");
    for text in ["Group Sellers", "Sales Desk: Approver (Production)", "ends in 4 days", "Group Builders", "Sales Desk: Viewer (Development)"] {
        assert!(endings.contains(text), "{text}: {endings}");
    }
    assert!(endings.find("Builders") < endings.find("Sellers") && !endings.contains("Later"), "the nearest first: {endings}");
    assert!(page.links().contains(sellers) && page.links().contains(builders) && !page.links().contains(later), "{:?}", page.links());

    // Each sees the groups of the stages that they may look into, and nothing of the others.
    let mut dora = sign_in(&house, DORA).await;
    let page = dora.get("/portal").await;
    assert!(page.text_contains("Group Builders") && !page.text_contains("Sellers") && page.links().contains(builders), "{}", page.text());
    assert!(dora.get(builders).await.status == 200 && dora.get(sellers).await.status == 404);
    let mut pia = sign_in(&house, PIA).await;
    let page = pia.get("/portal").await;
    assert!(page.text_contains("Group Sellers") && !page.text_contains("Builders") && page.links().contains(sellers), "{}", page.text());
    // Taken away, it is no news any more.
    let page = olga.get(builders).await;
    let remove = page.body.split(&format!("href=\"{builders}/remove?role=")).nth(1).and_then(|rest| rest.split('"').next()).expect("a link").to_owned();
    let ask = olga.get(&format!("{builders}/remove?role={remove}")).await;
    olga.submit(&ask.form(&format!("{builders}/remove")), "confirm").await;
    assert!(dora.get("/portal").await.text_contains("Nothing that you may see ends soon."));
    house.close().await;
}
