//! What happens to people: access for a time, given and changed on the pages, and the end of an account.

mod holds;
mod looks;
mod proof;

use crate::support::browser::Browser;
use crate::support::house::{Backend, House, PASSWORD, on_both};
use crate::support::insider::enter;
use crate::support::page::Page;
use gatehouse::base::time::Clock;
use gatehouse::one;
use std::time::Duration;

on_both! {
    access_is_given_for_a_time
    periods_are_changed_and_ended
    many_leave_and_get_roles_at_once
    somebody_is_deleted_for_good
    the_trail_is_erased_on_request
}

pub const OLGA: &str = "olga@acme.example";
pub const ANA: &str = "ana@acme.example";
pub const NORA: &str = "nora@acme.example";
/// May manage users, and nothing else.
pub const MAX: &str = "max@acme.example";

/// The seed, and Max.
pub async fn house(backend: Backend) -> House {
    house_at(backend, Clock::System).await
}

/// The same with a clock that stands still: no midnight comes between what is typed and what is read.
async fn still_house(backend: Backend) -> House {
    house_at(backend, Clock::fixed(Clock::System.now())).await
}

async fn house_at(backend: Backend, clock: Clock) -> House {
    let house = House::open_with(backend, &[], clock).await;
    house
        .apply(
            "[[organization_role]]\nkey = \"manager\"\nname = \"Manager\"\npermissions = [\"users.manage\", \"end_users.view\", \"members.view\"]\n\
             [[user]]\nemail = \"max@acme.example\"\nname = \"Max Manager\"\norg_roles = [\"manager\"]\npassword_hash = \"$argon2id$v=19$m=256,t=1,p=1$zdnAvmxshaduAlaV1M06MQ$hPTf9YbAjn8SNpdqqGdVXyMBJr8wi+1S2lGLqzue1K0\"\n",
        )
        .await;
    house
}

/// The path of somebody's page, by the list.
pub async fn page_of(browser: &mut Browser, email: &str) -> String {
    let list = browser.get(&format!("/portal/users?q={email}")).await;
    let at = list.body.find("href=\"/portal/users/").unwrap_or_else(|| panic!("no {email}: {}", list.text()));
    list.body[at + 6..].split('"').next().expect("a link").to_owned()
}

/// The value of the box beside this text.
pub fn tick(page: &Page, text: &str, nth: usize) -> String {
    let (at, _) = page.body.match_indices(&format!("<span><bdi>{text}</bdi>")).nth(nth).unwrap_or_else(|| panic!("no box {text}: {}", page.text()));
    page.body[..at].rsplit("value=\"").next().and_then(|rest| rest.split('"').next()).expect("a value").to_owned()
}

/// The links of this kind in the row about something.
pub fn link(page: &Page, row: &str, kind: &str) -> Option<String> {
    let rows = page.body.split("<tr").filter(|text| text.contains(&format!("<b><bdi>{row}</bdi>")));
    let links = rows.flat_map(|row| row.split("href=\"").skip(1)).filter_map(|rest| rest.split('"').next());
    links.map(|link| link.replace("&amp;", "&").replace("&#38;", "&")).find(|link| link.contains(kind))
}

/// A day so far from now.
pub fn day(house: &House, days: u64) -> String {
    house.server.ground.clock.now().plus(Duration::from_hours(24 * days)).rfc3339().chars().take(10).collect()
}

async fn number(house: &House, sql: &'static str) -> i64 {
    let mut tx = house.server.ground.db.read().await.expect("the database answers");
    one!(tx, (i64,), sql).expect("a number").0
}

async fn access_is_given_for_a_time(backend: Backend) {
    let house = house(backend).await;
    let (mut olga, _) = enter(&house, OLGA, "/portal").await;
    let nora = page_of(&mut olga, NORA).await;
    let page = olga.get(&nora).await;
    assert_eq!(page.attribute("give-access", "href"), Some(format!("{nora}/give")));
    let page = olga.get(&format!("{nora}/give")).await;
    let (tester, viewer, emea) = (tick(&page, "Tester", 0), tick(&page, "Viewer", 0), tick(&page, "EMEA Sales", 0));
    let form = || page.form("give-form");
    // What is wrong stands at its field, and everything typed is still there.
    for (starts, until, field, says) in [
        ("2099-01-02", "2099-01-01", "until-error", "The end must come after the start. Please choose a later end, or an earlier start."),
        ("", "2020-01-01", "until-error", "This day has begun already. Please choose a later one."),
        ("soon", "", "starts-error", "This is no date."),
    ] {
        let form = form().fill("role", &tester).fill("starts", starts).fill("until", until).fill("reason", "Covers for Di");
        let page = olga.submit(&form, "give").await;
        assert_eq!(page.status, 422, "{starts} {until}: {}", page.text());
        assert!(page.element(field).is_some_and(|said| said.contains(says)), "{starts} {until}: {}", page.text());
        assert_eq!((page.attribute("starts", "value").as_deref(), page.element("reason").as_deref()), (Some(starts), Some("Covers for Di")));
        assert!(page.attribute(&format!("role-{tester}"), "checked").is_some());
    }
    let page_again = olga.submit(&form(), "give").await;
    assert!(page_again.status == 422 && page_again.text_contains("Please choose one role or group at least."), "{}", page_again.text());
    assert_eq!(number(&house, "SELECT COUNT(*) FROM organization_grants g JOIN users u ON u.id = g.user_id WHERE u.email_key = 'nora@acme.example'").await, 0);

    let full = form().fill("role", &tester).fill("app_role", &viewer).fill("group", &emea).fill("starts", "2098-01-01").fill("until", "2099-01-01");
    let done = olga.submit(&full.clone().fill("reason", "Covers for Di"), "give").await;
    let given = done.element("given").unwrap_or_else(|| panic!("{}", done.text()));
    assert_eq!((given.matches(": given").count(), done.url.path()), (3, nora.as_str()), "{given}");
    assert!(
        done.text_contains("from 1 Jan 2098 until 1 Jan 2099") && done.text_contains("Covers for Di") && given.contains("Group EMEA Sales (Production)"),
        "{given}"
    );
    // What the address says is not believed from others.
    assert!(olga.get(&format!("{nora}?given=W10.AAAA")).await.element("given").is_none());
    // The same again is nothing new; another time says what there is, and is changed when that is asked for.
    let done = olga.submit(&full, "give").await;
    assert_eq!(done.element("given").map(|given| given.matches("was there already").count()), Some(3));
    let other = form().fill("role", &tester).fill("app_role", &viewer).fill("until", "2097-01-01");
    let asked = olga.submit(&other, "give").await;
    assert_eq!(asked.status, 409, "{}", asked.text());
    assert!(
        asked.element("differ").is_some_and(|said| said.contains("Tester: from 1 Jan 2098 until 1 Jan 2099") && said.contains("Change these")),
        "{}",
        asked.text()
    );
    let done = olga.submit(&asked.form("give-form").fill("change", "yes"), "give").await;
    assert_eq!(done.element("given").map(|given| given.matches("has the new time now").count()), Some(2), "{}", done.text());
    assert_eq!(number(&house, "SELECT COUNT(*) FROM audit_events WHERE kind = 'grant.changed'").await, 2);

    // Somebody who is shut out gets nothing: they are let in first.
    let form = olga.get(&format!("{nora}/give")).await.form("give-form").fill("group", &emea);
    let page = olga.get(&nora).await;
    let page = olga.submit(&page.form(&format!("{nora}/status")), "deactivate").await;
    assert!(page.element("give-access").is_none());
    let page = olga.submit(&form, "give").await;
    assert!(page.status == 409 && page.element("problem").is_some_and(|said| said.contains("Please activate them first.")), "{}", page.text());
    let group = olga.get("/portal/groups").await;
    let group = group.body.split("href=\"/portal/groups/").find_map(|rest| rest.split('"').next().filter(|id| id.len() == 36)).expect("a group").to_owned();
    let page = olga.get(&format!("/portal/groups/{group}/members")).await;
    let page = olga.submit(&page.form("add-form").fill("emails", NORA), "add").await;
    assert!(page.status == 422 && page.element("obstacles").is_some(), "{}", page.text());
    house.close().await;
}

async fn periods_are_changed_and_ended(backend: Backend) {
    let house = still_house(backend).await;
    let (mut olga, _) = enter(&house, OLGA, "/portal").await;
    let ana = page_of(&mut olga, ANA).await;
    assert!(olga.get("/portal").await.text_contains("Nothing that you may see ends soon."));
    for what in ["Tester", "Approver", "EMEA Sales"] {
        let page = olga.get(&ana).await;
        let form = olga.get(&link(&page, what, "/period?").expect("a link")).await;
        assert!(form.text_contains("Ana Ferreira") && form.text_contains(what), "{}", form.text());
        for (starts, ends, says) in
            [("", "2020-01-01", "This day is over."), ("2099-01-02", "2099-01-01", "The end must come after the start."), ("", "soon", "Please choose a day.")]
        {
            let page = olga.submit(&form.form("period-form").fill("starts", starts).fill("ends", ends), "save-period").await;
            assert!(page.status == 422 && page.element("ends-error").is_some_and(|said| said.contains(says)), "{what} {ends}: {}", page.text());
            assert_eq!(page.attribute("ends", "value").as_deref(), Some(ends));
        }
        let done = olga.submit(&form.form("period-form").fill("ends", &day(&house, 5)), "save-period").await;
        assert!(done.text_contains("Changed.") && done.text_contains("ends in 4 days"), "{}", done.text());
    }
    // What ends soon stands on the overview, with the way to the person.
    let page = olga.get("/portal").await;
    assert!(page.text_contains("Sales Desk: Approver (Production)") && page.text_contains("Group EMEA Sales (Production)"), "{}", page.text());
    assert_eq!(page.body.matches(&format!("<a href=\"{ana}\">")).count(), 3);
    let page = olga.get(&ana).await;
    let period = link(&page, "Approver", "/period?").expect("a link");
    let form = olga.get(&period).await;
    assert_eq!(form.attribute("ends", "value"), Some(day(&house, 5)), "the day that is set");
    // Ended now, which the form says before what follows: it is still to be seen, and can be made to count again.
    let said = form.element("end-now-follows").expect("what follows");
    for part in ["takes effect at once", "Ana Ferreira loses Approver (Sales Desk at Production).", "gone from the next token", "a later end makes it count"] {
        assert!(said.contains(part), "{part}: {said}");
    }
    let done = olga.submit(&form.form("period-form"), "end-now").await;
    assert!(done.text_contains("ended on") && done.body.contains("class=\"over\""), "{}", done.text());
    let ended = olga.get(&period).await;
    assert!(ended.element("end-now").is_none() && ended.element("end-now-follows").is_none());
    let form = olga.get(&period).await.form("period-form").fill("ends", "");
    assert!(!olga.submit(&form, "save-period").await.body.contains("class=\"over\""));
    // The only Administrator cannot be given an end.
    let own = page_of(&mut olga, OLGA).await;
    let page = olga.get(&own).await;
    let form = olga.get(&link(&page, "Administrator", "/period?").expect("a link")).await.form("period-form");
    for (form, button) in [(form.clone().fill("ends", "2099-01-01"), "save-period"), (form, "end-now")] {
        let page = olga.submit(&form, button).await;
        assert!(page.status == 409 && page.text_contains("This is the last Administrator."), "{}", page.text());
    }
    // Names that lead nowhere, and nothing that Ana does not hold.
    for odd in ["kind=role&of=x", "kind=group&of=01939f6e-5a0c-7e3b-9d51-3f2a8c04b7aa", ""] {
        assert_eq!(olga.get(&format!("{ana}/period?{odd}")).await.status, 404, "{odd}");
    }
    house.close().await;
}

async fn many_leave_and_get_roles_at_once(backend: Backend) {
    let house = house(backend).await;
    let (mut olga, _) = enter(&house, OLGA, "/portal").await;
    let list = olga.get("/portal/groups?q=emea").await;
    let group =
        list.body.split("href=\"").find_map(|rest| rest.split('"').next().filter(|to| to.len() == 51 && to.starts_with("/portal/groups/"))).expect("one");
    let group = group.to_owned();
    let page = olga.get(&format!("{group}/members")).await;
    olga.submit(&page.form("add-form").fill("emails", &format!("{NORA}\n{MAX}")), "add").await;
    // Several roles, for a time; one that is there for another time is named, and nothing is given.
    let page = olga.get(&group).await;
    let (approver, author) = (tick(&page, "Approver", 0), tick(&page, "Author", 0));
    let both = page.form(&format!("{group}/roles")).fill("role", &approver).fill("role", &author).fill("role-until", "2099-01-01");
    let done = olga.submit(&both, "give-role").await;
    assert!(done.text_contains("Every member has this role") && link(&done, "Approver", "/period?").is_some() && link(&done, "Author", "/period?").is_some());
    let refused = olga.submit(&both.fill("role-until", "2098-01-01"), "give-role").await;
    assert!(refused.status == 422 && refused.text_contains("for another time: Approver, Author"), "{}", refused.text());
    // Periods: of a role, and of a member.
    let page = olga.get(&link(&done, "Author", "/period?").expect("a link")).await;
    let said = page.element("end-now-follows").expect("what follows");
    assert!(said.contains("EMEA Sales (Production) loses Author of Wiki.") && said.contains("Every member loses it from the next token on"), "{said}");
    let page = olga.submit(&page.form("period-form").fill("ends", "2097-01-01"), "save-period").await;
    assert!(page.text_contains("Changed.") && page.text_contains("1 Jan 2097"), "{}", page.text());
    let member = link(&page, "Nora Nobody", "/period?").expect("a link");
    let page = olga.get(&member).await;
    let said = page.element("end-now-follows").expect("what follows");
    assert!(said.contains("Nora Nobody leaves EMEA Sales (Production).") && said.contains("missing from their next token"), "{said}");
    let refused = olga.submit(&page.form("period-form").fill("ends", "2020-01-01"), "save-period").await;
    assert!(refused.status == 422 && refused.element("ends-error").is_some());
    let page = olga.submit(&page.form("period-form").fill("starts", "2096-01-01"), "save-period").await;
    assert!(page.text_contains("from 1 Jan 2096"), "{}", page.text());
    assert_eq!(olga.get(&format!("{group}/period?person=01939f6e-5a0c-7e3b-9d51-3f2a8c04b7aa")).await.status, 404);
    // Two leave at once, on a page that says who.
    let people: Vec<String> = ["Nora Nobody", "Max Manager"]
        .iter()
        .map(|name| link(&page, name, "remove?person=").and_then(|link| Some(link.split('=').nth(1)?.to_owned())).expect("a member"))
        .collect();
    let form = people.iter().fold(page.form("remove-form"), |form, id| form.fill("person", id));
    let ask = olga.submit(&form, "remove-ticked").await;
    assert!(
        ask.text_contains("2 members leave EMEA Sales") && ask.text_contains("Max Manager, Nora Nobody") && ask.text_contains("3 roles come with"),
        "{}",
        ask.text()
    );
    let page = olga.submit(&ask.form(&format!("{group}/remove")), "confirm").await;
    assert!(page.text_contains("Removed.") && page.text_contains("1 member") && !page.text_contains("Max Manager"), "{}", page.text());
    let nobody = olga.submit(&page.form("remove-form"), "remove-ticked").await;
    assert_eq!(nobody.url.path(), group, "nobody was ticked");
    house.close().await;
}

async fn somebody_is_deleted_for_good(backend: Backend) {
    let house = house(backend).await;
    let (mut olga, _) = enter(&house, OLGA, "/portal").await;
    let (mut max, _) = enter(&house, MAX, "/portal").await;
    let (mut own, _) = enter(&house, ANA, "/account").await;
    let ana = page_of(&mut max, ANA).await;
    // Ana may do things that Max may not; the last Administrator stays; who has no right sees no button.
    let page = max.get(&format!("{ana}/delete")).await;
    assert!(
        page.element("erase").is_none() && page.element("goes").is_some_and(|goes| goes.contains("1 session") && goes.contains("2 app roles")),
        "{}",
        page.text()
    );
    let refused = max.submit(&page.form("delete-form").fill("email", ANA), "delete-user").await;
    assert!(refused.status == 403 && refused.text_contains("This person may do more than you."), "{}", refused.text());
    let olgas = page_of(&mut olga, OLGA).await;
    let page = olga.get(&format!("{olgas}/delete")).await;
    assert!(page.text_contains("This is you") && page.element("erase").is_none());
    let refused = olga.submit(&page.form("delete-form").fill("email", OLGA), "delete-user").await;
    assert!(refused.status == 409 && refused.text_contains("This is the last Administrator."), "{}", refused.text());
    // Max cannot erase, whatever he sends.
    let nora = page_of(&mut max, NORA).await;
    let page = max.get(&format!("{nora}/delete")).await;
    let (url, mut pairs) = page.form("delete-form").fill("email", NORA).press("delete-user");
    pairs.push(("erase".into(), "yes".into()));
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(max.post_from(&house.issuer, url.as_str(), &pairs).await.status, 403);

    // The address is typed, in any case.
    let page = olga.get(&ana).await;
    let link = page.attribute("delete-user", "href").expect("a link");
    let page = olga.get(&link).await;
    for wrong in ["", "ana", "nora@acme.example"] {
        let page = olga.submit(&page.form("delete-form").fill("email", wrong), "delete-user").await;
        assert!(page.status == 422 && page.element("email-error").is_some(), "{wrong}: {}", page.text());
    }
    // What it would do can be seen without typing anything, and changes nothing.
    let preview = olga.submit(&page.form("delete-form"), "delete-user-preview").await;
    assert!(preview.status == 200 && preview.text_contains("Nothing has been changed yet") && preview.text_contains("Ana Ferreira"), "{}", preview.text());
    let asked = olga.submit(&preview.form("do-form"), "do").await;
    assert!(asked.status == 422 && asked.element("email-error").is_some(), "{}", asked.text());
    let form = page.form("delete-form").fill("email", "ANA@Acme.example");
    let done = olga.submit(&form, "delete-user").await;
    assert!(done.url.path() == "/portal/users" && done.text_contains("Deleted.") && !done.text_contains("Ana Ferreira"), "{}", done.text());
    assert_eq!(own.get("/account").await.url.path(), "/sign-in", "her session is over");
    for gone in [olga.get(&ana).await, olga.get(&link).await, olga.submit(&form, "delete-user").await] {
        assert_eq!(gone.status, 404);
    }
    let mut browser = Browser::new(&house.issuer);
    let page = browser.get("/sign-in?to=/account").await;
    let page = browser.submit(&page.form("/sign-in").fill("username", ANA).fill("password", PASSWORD), "login-submit").await;
    assert_eq!(page.status, 422);
    assert_eq!(number(&house, "SELECT COUNT(*) FROM audit_events WHERE kind = 'user.deleted'").await, 1);
    // Whoever comes with the address later is somebody new.
    house.invite("ana@acme.example --role sales/production/viewer").await.expect("invited");
    assert_eq!(number(&house, "SELECT COUNT(*) FROM users WHERE email_key = 'ana@acme.example' AND status = 'invited'").await, 1);
    house.close().await;
}

async fn the_trail_is_erased_on_request(backend: Backend) {
    let house = house(backend).await;
    let (mut olga, _) = enter(&house, OLGA, "/portal").await;
    enter(&house, NORA, "/account").await;
    let nora = page_of(&mut olga, NORA).await;
    let page = olga.get(&format!("{nora}/delete")).await;
    let done = olga.submit(&page.form("delete-form").fill("email", NORA).fill("erase", "yes"), "delete-user").await;
    assert!(done.text_contains("erased from the audit trail"), "{}", done.text());
    assert_eq!(number(&house, "SELECT COUNT(*) FROM audit_events WHERE LOWER(payload) LIKE '%nora%'").await, 0);
    assert_eq!(number(&house, "SELECT COUNT(*) FROM audit_events WHERE kind = 'audit.erased'").await, 1);
    let mut tx = house.server.ground.db.read().await.expect("the database answers");
    let report = gatehouse::audit::verify(&mut tx, None).await.expect("read");
    assert!(report.problems.is_empty() && report.erased + report.unsealed > 0, "{report:?}");
    drop(tx);
    house.close().await;
}
