//! Somebody who holds very much, and a group that does: their pages show the first of it, and lists have all of it.

use super::{ANA, MAX, NORA, OLGA, day, link, page_of, still_house};
use crate::support::browser::Browser;
use crate::support::house::{Backend, House, on_both};
use crate::support::insider::enter;
use crate::support::page::Page;
use gatehouse::one;
use std::fmt::Write;

on_both! {
    a_page_shows_the_first_and_a_list_all
    forms_lead_back_to_the_list
    a_list_shows_what_its_reader_may_see
    a_group_with_many_roles_has_a_list_of_them
    where_nothing_is_held_the_way_to_giving_stands
}

/// Sees the members, and nothing of what they hold in apps.
const GIL: &str = "gil@acme.example";

fn list(texts: impl Iterator<Item = String>) -> String {
    texts.collect::<Vec<_>>().join(", ")
}

/// 62 organization roles, 63 app roles and one more through a group, and 65 groups for Nora; and a group with 63 roles. One of each kind
/// ends soon: it stands where no page of hers shows it.
pub async fn plenty(house: &House) {
    let keys = |prefix: &'static str, most: usize| (1..=most).map(move |at| format!("{prefix}-{at:02}"));
    let mut file = String::new();
    for at in 1..=62 {
        let _ = writeln!(file, "[[organization_role]]\nkey = \"duty-{at:02}\"\nname = \"Duty {at:02}\"\npermissions = [\"app.view\"]");
    }
    let roles = list((1..=63).map(|at| format!("{{ key = \"role-{at:02}\", name = \"Role {at:02}\", permissions = [\"read\"] }}")));
    let _ = writeln!(
        file,
        "[[app]]\nkey = \"depot\"\nname = \"Depot\"\n[[app.deployment]]\nstage = \"production\"\npermissions = [\"read\"]\nroles = [{roles}]\n\
         [[group]]\nstage = \"production\"\nkey = \"everything\"\nname = \"Everything\"\nroles = [{}]",
        list(keys("depot:role", 63).map(|role| format!("\"{role}\"")))
    );
    for at in 1..=65 {
        let roles = if at == 1 { "\"depot:role-01\"" } else { "" };
        let _ = writeln!(file, "[[group]]\nstage = \"production\"\nkey = \"team-{at:02}\"\nname = \"Team {at:02}\"\nroles = [{roles}]");
    }
    let soon = day(house, 5);
    let _ = writeln!(
        file,
        "[[user]]\nemail = \"{NORA}\"\nname = \"Nora Nobody\"\n\
         org_roles = [{}, {{ role = \"duty-62\", ends_at = {soon} }}]\n\
         roles = [{}, {{ app = \"depot\", stage = \"production\", role = \"role-63\", ends_at = {soon} }}]\n\
         groups = [{}, {{ stage = \"production\", group = \"team-65\", ends_at = {soon} }}]\n\
         [[organization_role]]\nkey = \"looker\"\nname = \"Looker\"\npermissions = [\"members.view\"]\n\
         [[user]]\nemail = \"{GIL}\"\nname = \"Gil\"\norg_roles = [\"looker\"]\npassword_hash = \"$argon2id$v=19$m=256,t=1,p=1$zdnAvmxshaduAlaV1M06MQ$hPTf9YbAjn8SNpdqqGdVXyMBJr8wi+1S2lGLqzue1K0\"",
        list(keys("duty", 61).map(|role| format!("\"{role}\""))),
        list(keys("depot/production/role", 62).map(|role| format!("\"{role}\""))),
        list(keys("production/team", 64).map(|group| format!("\"{group}\"")))
    );
    house.apply(&file).await;
}

/// What stands in the rows, of those that are called so.
fn rows(page: &Page, name: &str) -> Vec<String> {
    let found = page.body.split("<b><bdi>").skip(1).filter_map(|rest| Some(rest.split_once("</bdi>")?.0));
    found.filter(|text| text.starts_with(&format!("{name} "))).map(str::to_owned).collect()
}

/// The first of them, by their numbers.
fn numbered(name: &str, numbers: std::ops::RangeInclusive<usize>) -> Vec<String> {
    numbers.map(|at| format!("{name} {at:02}")).collect()
}

/// Every page of a list.
async fn whole(browser: &mut Browser, list: &str, name: &str) -> Vec<Vec<String>> {
    let mut pages = Vec::new();
    let mut next = Some(list.to_owned());
    while let Some(here) = next {
        let page = browser.get(&here).await;
        assert_eq!(page.status, 200, "{here}: {}", page.text());
        pages.push(rows(&page, name));
        next = page.attribute("next-page", "href");
        assert!(pages.len() < 5, "it never ends");
    }
    pages
}

async fn number(house: &House, sql: &'static str) -> i64 {
    let mut tx = house.server.ground.db.read().await.expect("the database answers");
    one!(tx, (i64,), sql).expect("a number").0
}

async fn a_page_shows_the_first_and_a_list_all(backend: Backend) {
    let house = still_house(backend).await;
    let (mut olga, _) = enter(&house, OLGA, "/portal").await;
    // Whoever holds little has it on their page, and no list is offered.
    let ana = page_of(&mut olga, ANA).await;
    let page = olga.get(&ana).await;
    assert!(page.text_contains("EMEA Sales") && !page.text_contains("See all") && !page.body.contains("/holds/"), "{}", page.text());
    assert_eq!(rows(&olga.get(&format!("{ana}/holds/groups")).await, "EMEA"), ["EMEA Sales"], "the list is there all the same");

    plenty(&house).await;
    let nora = page_of(&mut olga, NORA).await;
    let page = olga.get(&nora).await;
    assert_eq!(rows(&page, "Duty"), numbered("Duty", 1..=20));
    assert_eq!(rows(&page, "Role"), numbered("Role", 1..=20));
    assert_eq!(rows(&page, "Team"), numbered("Team", 1..=20));
    for (name, kind, count, says) in
        [("Duty", "roles", 62, "See all 62 organization roles"), ("Role", "app-roles", 64, "See all 64 app roles"), ("Team", "groups", 65, "See all 65 groups")]
    {
        let list = format!("{nora}/holds/{kind}");
        assert!(page.text_contains(says) && page.links().contains(&list), "{says}: {}", page.text());
        let pages = whole(&mut olga, &list, name).await;
        assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [50, count - 50], "{kind}");
        let mut all = pages.concat();
        if kind == "app-roles" {
            // Direct ones first, as on the page; then those of groups.
            assert_eq!(all.pop().as_deref(), Some("Role 01"));
        }
        assert_eq!(all, numbered(name, 1..=all.len()), "{kind}: in the order of the page");
        let first = olga.get(&list).await;
        assert!(first.text_contains("Nora Nobody") && first.links().contains(&nora), "{}", first.text());
        assert_eq!(first.element("total"), Some(if kind == "groups" { "65 groups".to_owned() } else { format!("{count} roles") }));

        // The search, and what ends first.
        let found = olga.get(&format!("{list}?q={}+07", name.to_uppercase())).await;
        assert_eq!(rows(&found, name), [format!("{name} 07")], "{kind}");
        let none = olga.get(&format!("{list}?q=nothing-like-this")).await;
        assert!(none.text_contains("Nothing found") && rows(&none, name).is_empty());
        let soon = olga.get(&format!("{list}?sort=ends")).await;
        let last = if kind == "app-roles" { 63 } else { count };
        assert_eq!(rows(&soon, name).first(), Some(&format!("{name} {last}")), "{kind}");
        let next = soon.attribute("next-page", "href").expect("more");
        assert!(next.contains("sort=ends"), "{next}");
        // Addresses that mean nothing.
        for odd in ["page=0", "page=-1", "page=x", "sort=nonsense", "q=", "after=x"] {
            assert_eq!(rows(&olga.get(&format!("{list}?{odd}")).await, name).len(), 50, "{odd}");
        }
        assert_eq!(rows(&olga.get(&format!("{list}?page=99")).await, name).len(), count - 50, "past the end is the last page");
    }
    let through = olga.get(&format!("{nora}/holds/app-roles?q=team+01")).await;
    assert!(rows(&through, "Role") == ["Role 01"] && through.text_contains("through Team 01"), "{}", through.text());
    assert_eq!(link(&through, "Role 01", "/revoke?"), None, "it goes with the group");
    house.close().await;
}

async fn forms_lead_back_to_the_list(backend: Backend) {
    let house = still_house(backend).await;
    plenty(&house).await;
    let (mut olga, _) = enter(&house, OLGA, "/portal").await;
    let nora = page_of(&mut olga, NORA).await;
    for (name, kind) in [("Duty", "roles"), ("Role", "app-roles"), ("Team", "groups")] {
        let (path, query) = (format!("{nora}/holds/{kind}"), format!("q={}+0", name.to_lowercase()));
        let list = format!("{path}?{query}");
        let back = |page: &Page| page.url.path() == path && page.url.query().is_some_and(|here| here.starts_with(&query));

        // The period: what is wrong keeps the way back, and so does giving up.
        let page = olga.get(&list).await;
        let form = olga.get(&link(&page, &format!("{name} 07"), "/period?").expect("a link")).await;
        assert!(form.links().contains(&list) && form.links().contains(&nora), "{:?}", form.links());
        let wrong = olga.submit(&form.form("period-form").fill("ends", "2020-01-01"), "save-period").await;
        assert!(wrong.status == 422 && wrong.links().contains(&list), "{:?}", wrong.links());
        let done = olga.submit(&wrong.form("period-form").fill("ends", &day(&house, 9)), "save-period").await;
        assert!(back(&done) && done.text_contains("Changed.") && done.text_contains("ends in 8 days"), "{}: {}", done.url, done.text());

        // Taking away, after a look at what it would do.
        let ask = olga.get(&link(&done, &format!("{name} 07"), "/revoke?").expect("a link")).await;
        assert!(ask.links().contains(&list), "{:?}", ask.links());
        let told = olga.submit(&ask.form(&format!("{nora}/revoke")), "revoke-preview").await;
        assert_eq!(told.status, 200, "{}", told.text());
        let done = olga.submit(&told.form("do-form"), "do").await;
        assert!(back(&done) && !rows(&done, name).contains(&format!("{name} 07")), "{}: {}", done.url, done.text());
        assert!(rows(&done, name).contains(&format!("{name} 08")));

        // From a later page one comes back to that page, and from the page of the person to it.
        let second = olga.get(&format!("{path}?page=2")).await;
        let some = rows(&second, name).first().expect("a row").clone();
        let ask = olga.get(&link(&second, &some, "/revoke?").expect("a link")).await;
        let done = olga.submit(&ask.form(&format!("{nora}/revoke")), "revoke").await;
        assert!(done.url.path() == path && done.url.query().is_some_and(|query| query.contains("page=2")), "{}", done.url);
        let page = olga.get(&nora).await;
        let ask = olga.get(&link(&page, &format!("{name} 08"), "/revoke?").expect("a link")).await;
        let done = olga.submit(&ask.form(&format!("{nora}/revoke")), "revoke").await;
        assert!(done.url.path() == nora && !rows(&done, name).contains(&format!("{name} 08")), "{}", done.url);

        // Whatever the address says, it leads to the list of this person and nowhere else.
        let plain = link(&olga.get(&nora).await, &format!("{name} 09"), "/revoke?").expect("a link");
        for odd in ["https%3A%2F%2Fevil.example%2F", "%2F%2Fevil.example%3Fa%3Db", "..%2F..%2Fx", "%0D%0ALocation%3A+x"] {
            let ask = olga.get(&format!("{plain}&from={odd}")).await;
            assert!(ask.status == 200 && ask.links().iter().any(|link| *link == path || link.starts_with(&format!("{path}?"))), "{odd}: {:?}", ask.links());
            assert!(!ask.body.contains("href=\"https://evil") && !ask.body.contains("href=\"//evil"), "{odd}");
        }
    }
    let held = "SELECT COUNT(*) FROM organization_grants g JOIN users u ON u.id = g.user_id WHERE u.email_key = 'nora@acme.example'";
    assert_eq!(number(&house, held).await, 59, "three are gone");
    house.close().await;
}

async fn a_list_shows_what_its_reader_may_see(backend: Backend) {
    let house = still_house(backend).await;
    plenty(&house).await;
    let (mut max, _) = enter(&house, MAX, "/portal").await;
    let nora = page_of(&mut max, NORA).await;
    // Who may not change what she holds sees it without buttons.
    for (name, kind) in [("Duty", "roles"), ("Role", "app-roles"), ("Team", "groups")] {
        let page = max.get(&format!("{nora}/holds/{kind}")).await;
        assert_eq!(rows(&page, name).len(), 50, "{kind}");
        assert!(!page.body.contains("/revoke?") && !page.body.contains("/period?"), "{kind}");
    }
    // Who sees members sees their organization roles, and not a name of anything else.
    let (mut gil, _) = enter(&house, GIL, "/portal").await;
    assert_eq!(rows(&gil.get(&format!("{nora}/holds/roles")).await, "Duty").len(), 50);
    for (name, kind, none) in [("Role", "app-roles", "None: this person cannot open"), ("Team", "groups", "In no group.")] {
        let page = gil.get(&format!("{nora}/holds/{kind}")).await;
        assert!(page.status == 200 && rows(&page, name).is_empty() && page.text_contains(none), "{kind}: {}", page.text());
        let found = gil.get(&format!("{nora}/holds/{kind}?q={name}")).await;
        assert!(rows(&found, name).is_empty() && found.text_contains("Nothing found"), "{kind}: {}", found.text());
        assert!(!gil.get(&nora).await.body.contains(&format!("/holds/{kind}")), "how many there are is not told either");
    }
    for path in
        [format!("{nora}/holds/nonsense"), "/portal/users/01939f6e-5a0c-7e3b-9d51-3f2a8c04b7aa/holds/roles".into(), "/portal/users/x/holds/roles".into()]
    {
        assert_eq!(max.get(&path).await.status, 404, "{path}");
    }
    assert_eq!(Browser::new(&house.issuer).get(&format!("{nora}/holds/roles")).await.url.path(), "/sign-in");
    house.close().await;
}

async fn a_group_with_many_roles_has_a_list_of_them(backend: Backend) {
    let house = still_house(backend).await;
    plenty(&house).await;
    let (mut olga, _) = enter(&house, OLGA, "/portal").await;
    let found = olga.get("/portal/groups?q=everything").await;
    let group = found.links().into_iter().find(|to| to.starts_with("/portal/groups/") && to.len() == 51).expect("a group");
    let page = olga.get(&group).await;
    let list = format!("{group}/roles");
    assert_eq!(rows(&page, "Role"), numbered("Role", 1..=20));
    assert!(page.text_contains("See all 63 app roles") && page.links().contains(&list), "{}", page.text());
    // What it holds already is no choice, whether it is shown or not.
    assert!(page.body.contains("<span><bdi>Approver</bdi></span></label>") && !page.body.contains("<span><bdi>Role 60</bdi></span></label>"));
    let pages = whole(&mut olga, &list, "Role").await;
    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [50, 13]);
    assert_eq!(pages.concat(), numbered("Role", 1..=63));

    // Its forms lead back, as those of people do.
    let searched = format!("{list}?q=role+6");
    let page = olga.get(&searched).await;
    assert_eq!(rows(&page, "Role"), numbered("Role", 60..=63));
    let form = olga.get(&link(&page, "Role 61", "/period?").expect("a link")).await;
    assert!(form.links().contains(&searched) && form.links().contains(&group), "{:?}", form.links());
    let wrong = olga.submit(&form.form("period-form").fill("ends", "2020-01-01"), "save-period").await;
    assert!(wrong.status == 422 && wrong.links().contains(&searched), "{:?}", wrong.links());
    let done = olga.submit(&wrong.form("period-form").fill("ends", &day(&house, 9)), "save-period").await;
    assert!(done.url.path() == list && done.text_contains("Changed.") && done.text_contains("ends in 8 days"), "{}: {}", done.url, done.text());
    assert_eq!(rows(&olga.get(&format!("{list}?sort=ends")).await, "Role").first().map(String::as_str), Some("Role 61"));
    let ask = olga.get(&link(&done, "Role 62", "/remove?").expect("a link")).await;
    assert!(ask.links().contains(&searched), "{:?}", ask.links());
    let done = olga.submit(&ask.form(&format!("{group}/remove")), "confirm").await;
    assert!(done.url.path() == list && rows(&done, "Role") == ["Role 60", "Role 61", "Role 63"], "{}: {}", done.url, done.text());
    // From the page of the group one comes back to it.
    let page = olga.get(&group).await;
    let ask = olga.get(&link(&page, "Role 02", "/remove?").expect("a link")).await;
    let done = olga.submit(&ask.form(&format!("{group}/remove")), "confirm").await;
    assert!(done.url.path() == group && !rows(&done, "Role").contains(&"Role 02".to_owned()), "{}", done.url);

    // Who may look only gets no buttons; who may not look gets nothing.
    let (mut max, _) = enter(&house, MAX, "/portal").await;
    let page = max.get(&list).await;
    assert!(rows(&page, "Role").len() == 50 && !page.body.contains("/remove?") && !page.body.contains("/period?"), "{}", page.text());
    let (mut gil, _) = enter(&house, GIL, "/portal").await;
    assert_eq!(gil.get(&list).await.status, 403);
    assert_eq!(olga.get("/portal/groups/01939f6e-5a0c-7e3b-9d51-3f2a8c04b7aa/roles").await.status, 404);
    house.close().await;
}

async fn where_nothing_is_held_the_way_to_giving_stands(backend: Backend) {
    let house = still_house(backend).await;
    let (mut olga, _) = enter(&house, OLGA, "/portal").await;
    let nora = page_of(&mut olga, NORA).await;
    let give = format!("{nora}/give");
    let ways = |page: &Page| page.links().into_iter().filter(|link| *link == give).count();
    // At the head, and below each kind of which she has nothing.
    let page = olga.get(&nora).await;
    assert!(page.text_contains("In no group. Give access"), "{}", page.text());
    assert_eq!(ways(&page), 4, "{}", page.text());
    house.apply(&format!("[[user]]\nemail = \"{NORA}\"\norg_roles = [\"tester\"]\nroles = [\"sales/production/approver\"]\n")).await;
    let page = olga.get(&nora).await;
    assert!(page.text_contains("In no group. Give access") && ways(&page) == 2, "{}", page.text());
    // Who may give nothing reads that there is nothing, and no more; nor does it stand at somebody who is shut out.
    let (mut max, _) = enter(&house, MAX, "/portal").await;
    let page = max.get(&nora).await;
    assert!(page.text_contains("In no group.") && ways(&page) == 0, "{}", page.text());
    let form = olga.get(&nora).await.form(&format!("{nora}/status"));
    let page = olga.submit(&form, "deactivate").await;
    assert!(page.text_contains("In no group.") && ways(&page) == 0, "{}", page.text());
    // To somebody who has not come yet it is offered.
    house.invite("bo@acme.example --role sales/production/viewer").await.expect("invited");
    let bo = page_of(&mut olga, "bo@acme.example").await;
    let page = olga.get(&bo).await;
    let offers = page.links().into_iter().filter(|link| link.starts_with("/portal/invitations/new?email=bo")).count();
    assert!(offers > 1 && page.text_contains("In no group. Give access"), "{}", page.text());
    house.close().await;
}
