use super::{Mood, Sample, sample};
use crate::http::portal::apps::end::EndPage;
use crate::http::portal::apps::parts::{Crumb, Tab};
use crate::http::portal::apps::promote::{Group, PromotePage, Row};

pub(super) fn pages(mood: Mood) -> Vec<Sample> {
    [ends(mood), promotions(mood)].into_iter().flatten().collect()
}

fn crumbs(mood: Mood) -> Vec<Crumb> {
    vec![Crumb { link: "/portal/apps/sales".into(), name: mood.name("Sales Desk") }]
}

fn ends(mood: Mood) -> Vec<Sample> {
    let words = mood.words();
    let page = |wrong: bool, first: Vec<(String, String)>| EndPage {
        shell: mood.shell(),
        crumbs: crumbs(mood),
        title: words.say("app-undeploy-title"),
        what: words.marked("app-undeploy-what", &[("app", mood.name("Sales Desk")), ("stage", mood.name("Production"))]),
        follows: vec![
            words.marked_count::<&str>("app-undeploy-people", "count", 12, &[]),
            words.marked("app-undeploy-listed", &[("names", mood.name("Wiki, Travel"))]),
        ],
        first,
        action: "/portal/apps/sales/production/undeploy".into(),
        back: "/portal/apps/sales/production".into(),
        button: words.say("app-undeploy"),
        key: mood.name("sales"),
        typed: if wrong { mood.name("sale") } else { String::new() },
        error: wrong.then(|| words.with("app-end-confirm-wrong", &[("key", mood.name("sales"))])),
        problem: wrong.then(|| words.say("app-delete-stronger")),
    };
    let first = vec![(words.with("app-undeploy-from", &[("stage", mood.name("QA"))]), "/portal/apps/sales/qa/undeploy".to_owned())];
    vec![
        sample("apps-end", "portal/apps/end.html", &["follows", "confirm", "confirm-hint", "end"], &page(false, Vec::new())),
        sample("apps-end-wrong", "portal/apps/end.html", &["confirm-error", "problem"], &page(true, Vec::new())),
        sample("apps-end-first", "portal/apps/end.html", &["first", "problem"], &page(true, first)),
    ]
}

fn promotions(mood: Mood) -> Vec<Sample> {
    let words = mood.words();
    let of = || [("app", mood.name("Sales Desk")), ("from", mood.name("QA")), ("to", mood.name("Production"))];
    let row = |id: &str, field, badge: &str, class, there: bool| Row {
        id: id.to_owned(),
        field,
        value: mood.name("role:viewer"),
        name: mood.name("Viewer"),
        code: mood.name("viewer"),
        badge: (words.say(badge), class),
        chosen: field == Some("take"),
        facts: vec![(words.say("app-description"), there.then(|| mood.name("Sees it")), Some(mood.name("Sees everything")))],
        notes: vec![words.counted("promote-people", "count", 3), words.with("promote-listed-by", &[("names", mood.name("Wiki"))])],
    };
    let full = PromotePage {
        shell: mood.shell(),
        crumbs: crumbs(mood),
        lead: words.marked("promote-lead", &of()),
        stages: ["Development", "Production"].map(|name| Tab { link: "/portal/apps".into(), name: mood.name(name), here: name == "Production" }).into(),
        missing: Some(words.marked("promote-missing", &of())),
        groups: vec![Group {
            title: words.say("app-tab-roles"),
            id: "roles",
            lines: vec![
                row("line-0", Some("take"), "promote-added", "good", false),
                row("line-1", Some("take"), "promote-changed", "warn", true),
                row("line-2", Some("remove"), "promote-only-there", "", false),
                row("line-3", None, "promote-impossible", "bad", false),
            ],
        }],
        digest: "0123".into(),
        to: "production".into(),
        action: "/portal/apps/sales/qa/promote".into(),
        back: "/portal/apps/sales/qa".into(),
        problem: Some(words.say("promote-stale")),
        submit: Some(words.with("promote-submit", &of())),
    };
    let nothing = PromotePage {
        shell: mood.shell(),
        crumbs: crumbs(mood),
        lead: words.marked("promote-nothing", &of()),
        stages: Vec::new(),
        missing: None,
        groups: Vec::new(),
        digest: "0123".into(),
        to: "production".into(),
        action: "/portal/apps/sales/qa/promote".into(),
        back: "/portal/apps/sales/qa".into(),
        problem: None,
        submit: None,
    };
    vec![
        sample("apps-promote", "portal/apps/promote.html", &["lead", "problem", "missing", "line-0", "line-3", "promote"], &full),
        sample("apps-promote-nothing", "portal/apps/promote.html", &["lead"], &nothing),
    ]
}
