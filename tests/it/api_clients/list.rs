//! The list of API clients: narrowed by what its address says, and as a file that says the same.

use super::{EXPORTER, KIM, LIST, MEL, NORA, OLGA, PIA, house, reads};
use crate::exports::{file, line, traces};
use crate::support::browser::Browser;
use crate::support::house::{Backend, on_both};
use crate::support::insider::enter;
use crate::support::page::{Form, Page};
use gatehouse::base::time::Clock;
use gatehouse::oauth::client::SECRET_LIFE;
use std::time::Duration;

on_both! {
    clients_are_narrowed_by_kind_and_status
    clients_are_exported
    only_who_sees_clients_gets_the_file
}

/// Which of them stand on a page, by their identifiers.
fn shown(page: &Page) -> Vec<&'static str> {
    let links = page.links();
    ["asker", "console", "exporter", "robot"].into_iter().filter(|id| links.contains(&format!("{LIST}/{id}"))).collect()
}

/// The form that searches the list.
fn search_form(page: &Page) -> Form {
    page.forms().into_iter().find(|form| form.buttons() == ["search"]).expect("a search")
}

async fn suspend(browser: &mut Browser) {
    let form = browser.get(EXPORTER).await.form(&format!("{EXPORTER}/status"));
    let page = browser.submit(&form, "suspend").await;
    assert!(page.element("suspended").is_some(), "{}", page.text());
}

async fn clients_are_narrowed_by_kind_and_status(backend: Backend) {
    let house = house(backend, Clock::System).await;
    let (mut olga, _) = enter(&house, OLGA, "/portal").await;
    suspend(&mut olga).await;
    let narrowed: [(&str, &[&str]); 9] = [
        ("", &["asker", "console", "exporter", "robot"]),
        ("?kind=api", &["asker", "exporter", "robot"]),
        ("?kind=platform", &["console"]),
        ("?status=suspended", &["exporter"]),
        ("?status=live", &["asker", "console", "robot"]),
        ("?kind=api&status=live&q=robot", &["robot"]),
        ("?kind=platform&status=suspended", &[]),
        // The clients of apps are not here, and what is no choice chooses nothing.
        ("?kind=app", &[]),
        ("?kind=nonsense&status=nonsense", &["asker", "console", "exporter", "robot"]),
    ];
    for (query, expected) in narrowed {
        let page = olga.get(&format!("{LIST}{query}")).await;
        assert_eq!((page.status.as_u16(), shown(&page).as_slice()), (200, expected), "{query}: {}", page.text());
        assert_eq!(page.text_contains("Nothing found"), expected.is_empty(), "{query}");
    }
    // As whoever looks does it: chosen in the bar, kept in the address, and there is a way back.
    let page = olga.get(LIST).await;
    reads(&page, &["Any kind", "Any status", "API client", "Tool for many apps", "Works", "Suspended"]);
    let page = olga.submit(&search_form(&page).fill("kind", "api").fill("status", "suspended"), "search").await;
    assert!(page.url.query().is_some_and(|query| query.contains("kind=api") && query.contains("status=suspended")), "{}", page.url);
    assert_eq!(shown(&page), ["exporter"]);
    reads(&page, &["1 client", "Show all"]);
    house.close().await;
}

async fn clients_are_exported(backend: Backend) {
    let house = house(backend, Clock::fixed(Clock::System.now())).await;
    let (mut olga, _) = enter(&house, OLGA, "/portal").await;
    let end = house.server.ground.clock.now().plus(SECRET_LIFE).rfc3339();
    let head = line(&["Name", "Client ID", "Kind", "Status", "Roles", "Next secret ends"]);
    let all = [
        line(&["Asker", "asker", "API client", "Works", "1", &end]),
        line(&["Client robot", "robot", "API client", "Works", "0", &end]),
        line(&["Console", "console", "Tool for many apps", "Works", "0", ""]),
        line(&["Nightly export", "exporter", "API client", "Works", "2", &end]),
    ];
    let mut lines = file(&mut olga, LIST).await;
    assert_eq!(lines.remove(0), head);
    lines.sort();
    assert_eq!(lines, all);
    // The file is narrowed as its page is; of nothing there is a head alone.
    assert_eq!(file(&mut olga, &format!("{LIST}?kind=platform")).await, [head.clone(), all[2].clone()]);
    assert_eq!(file(&mut olga, &format!("{LIST}?q=nightly")).await, [head.clone(), all[3].clone()]);
    assert_eq!(file(&mut olga, &format!("{LIST}?status=suspended")).await, std::slice::from_ref(&head));
    suspend(&mut olga).await;
    let suspended = line(&["Nightly export", "exporter", "API client", "Suspended", "2", &end]);
    assert_eq!(file(&mut olga, &format!("{LIST}?status=suspended")).await, [head, suspended]);
    // What left leaves a trace, and what was asked for stands in it.
    let traces = traces(&house).await;
    assert_eq!(traces.len(), 5, "{traces:?}");
    let told = |(what, payload): &(Option<String>, Option<String>)| {
        what.as_deref() == Some("clients") && payload.as_deref().is_some_and(|payload| payload.contains("/portal/clients.csv?status=suspended"))
    };
    assert!(traces.last().is_some_and(told), "{traces:?}");
    // A role that has ended counts no more.
    let soon = house.server.ground.clock.now().plus(Duration::from_mins(5)).rfc3339();
    house.apply(&format!("[[client]]\nclient_id = \"robot\"\nname = \"Client robot\"\norg_roles = [{{ role = \"watcher\", ends_at = \"{soon}\" }}]\n")).await;
    let robot = |roles: &str| line(&["Client robot", "robot", "API client", "Works", roles, &end]);
    assert_eq!(file(&mut olga, &format!("{LIST}?q=robot")).await[1], robot("1"));
    house.server.ground.clock.advance(Duration::from_mins(6));
    assert_eq!(file(&mut olga, &format!("{LIST}?q=robot")).await[1], robot("0"));
    house.close().await;
}

async fn only_who_sees_clients_gets_the_file(backend: Backend) {
    let house = house(backend, Clock::System).await;
    for email in [MEL, KIM] {
        let (mut browser, _) = enter(&house, email, "/portal").await;
        assert_eq!(file(&mut browser, LIST).await.len(), 5, "{email}");
    }
    // Who sees end-users only has no such list; who has no business there at all reads what is missing.
    let (mut pia, _) = enter(&house, PIA, "/portal").await;
    let (mut nora, _) = enter(&house, NORA, "/account").await;
    let path = format!("{LIST}.csv");
    assert_eq!((pia.get(&path).await.status.as_u16(), nora.get(&path).await.status.as_u16()), (404, 403));
    assert_eq!(Browser::new(&house.issuer).get(&path).await.url.path(), "/sign-in");
    assert_eq!(traces(&house).await.len(), 2, "nothing left but what they may see");
    house.close().await;
}
