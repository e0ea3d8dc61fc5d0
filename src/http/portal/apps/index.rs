//! `/portal/apps`: the apps that the reader may see, each with the stages where it is.

use super::parts::{Action, Cell, Head, Line, ListPage};
use super::place::{sees, sees_app};
use super::{Answer, Portal, either, enter};
use crate::access::app::App;
use crate::access::stage::Stage;
use crate::base::reach::Reach;
use crate::base::text::fold;
use crate::http::listing::Listing;
use crate::http::portal::shell::Section;
use crate::http::portal::users::Choices;
use crate::http::visit::Visit;
use crate::http::{csv, paths};
use crate::word;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use std::cmp::Reverse;

/// The apps that an address asks for and the reader may see, in order.
fn found<'p>(portal: &'p Portal, list: &Listing) -> Vec<(&'p App, Vec<&'p Stage>)> {
    let snapshot = &portal.person.snapshot;
    let search = list.search();
    let matches = |app: &&App| {
        search.is_empty() || [app.name.as_str(), app.key.as_str(), app.description.as_str()].iter().any(|text| fold(text).contains(search.as_str()))
    };
    let stages = |app: &App| -> Vec<&Stage> {
        let here = |stage: &&Stage| sees(&portal.person, app.id, stage.id) && snapshot.catalogue.deployment_at(app.id, stage.id).is_some();
        snapshot.stages.iter().filter(here).collect()
    };
    let at = list.text("stage");
    let mut apps: Vec<(&App, Vec<&Stage>)> = snapshot
        .apps
        .values()
        .filter(|app| sees_app(&portal.person, app.id))
        .filter(matches)
        .map(|app| (app, stages(app)))
        .filter(|(_, stages)| at.is_empty() || stages.iter().any(|stage| stage.key.as_str() == at))
        .collect();
    if list.text("sort") == "newest" {
        apps.sort_by_key(|(app, _)| Reverse(app.id));
    } else {
        apps.sort_by_cached_key(|(app, _)| (fold(app.name.as_str()), app.key.clone()));
    }
    apps
}

/// `GET /portal/apps`.
pub async fn show(visit: Visit) -> HttpResponse {
    either(page(visit)).await
}

async fn page(visit: Visit) -> Answer {
    let portal = enter(visit).await?;
    let list = Listing::of(&portal.visit);
    let words = portal.words;
    let found = found(&portal, &list);
    let total = words.counted("apps-count", "count", found.len() as u64);
    let (rows, pager) = list.cut(found);
    let line = |(app, stages): (&App, Vec<&Stage>)| Line {
        link: Some(paths::app(app)),
        name: app.name.to_string(),
        code: false,
        below: app.key.to_string(),
        cells: vec![Cell::Text(app.description.to_string()), Cell::chips(stages.iter().map(|stage| stage.name.to_string()).collect())],
        remove: None,
    };
    let may_add = portal.may("app.manage", Reach::Organization);
    let mut actions = vec![Action::export(words, list.at(paths::APPS_CSV))];
    if may_add {
        actions.push(Action { id: "new-app", link: paths::NEW_APP.to_owned(), text: words.say("app-new"), primary: true });
    }
    let seen = |stage: &&Stage| portal.person.snapshot.apps.keys().any(|app| sees(&portal.person, *app, stage.id));
    let stages = portal.person.snapshot.stages.iter().filter(seen).map(|stage| (stage.key.to_string(), stage.name.to_string()));
    let filters = vec![
        Choices::new(&list, "stage", words.say("app-stage"), std::iter::once((String::new(), words.say("filter-stage-all"))).chain(stages)),
        Choices::new(
            &list,
            "sort",
            words.say("sort"),
            [("", word!("sort-name")), ("newest", word!("sort-newest"))].map(|(value, key)| (value.to_owned(), words.say(key))),
        ),
    ];
    let page = ListPage {
        shell: portal.shell(Section::Apps).await,
        head: Head { crumbs: Vec::new(), title: words.say("portal-apps"), badge: None, lead: None, actions, tabs: Vec::new() },
        filters,
        total,
        columns: vec![words.say("app"), words.say("app-description"), words.say("app-deployed-to")],
        lines: rows.into_iter().map(line).collect(),
        pager,
        empty: (words.say("apps-empty"), words.say(if may_add { word!("apps-empty-hint") } else { word!("apps-empty-ask") })),
        list,
    };
    Ok(Portal::page(StatusCode::OK, &page))
}

/// `GET /portal/apps.csv`: the same list, whole.
pub async fn csv(visit: Visit) -> HttpResponse {
    either(export(visit)).await
}

async fn export(visit: Visit) -> Answer {
    let portal = enter(visit).await?;
    let head = [word!("name"), word!("app-key"), word!("app-description"), word!("app-deployed-to")];
    let row = |(app, stages): (&App, Vec<&Stage>)| {
        let stages: Vec<&str> = stages.iter().map(|stage| stage.key.as_str()).collect();
        [app.name.to_string(), app.key.to_string(), app.description.to_string(), stages.join("; ")]
    };
    Ok(csv::file(portal.words, "apps", head, found(&portal, &Listing::of(&portal.visit)).into_iter().map(row)))
}
