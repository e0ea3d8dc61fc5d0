use super::groups::{choice, wrong};
use super::{Mood, Sample, sample};
use crate::access::stage::SessionPolicy;
use crate::http::listing::{Listing, Pager};
use crate::http::portal::obstacle::Obstacle;
use crate::http::portal::settings::OrganizationPage;
use crate::http::portal::settings::appearance::AppearancePage;
use crate::http::portal::settings::sessions::SessionsPage;
use crate::http::portal::stages::delete::DeleteStagePage;
use crate::http::portal::stages::edit::StagePage;
use crate::http::portal::stages::{Beside, NewStagePage, PolicyFields, Row, StagesPage};

pub(super) fn pages(mood: Mood) -> Vec<Sample> {
    [stages(mood), settings(mood)].into_iter().flatten().collect()
}

fn stages(mood: Mood) -> Vec<Sample> {
    let beside = |key: &str, name: &str| Beside { id: "y".into(), version: 3, label: mood.words().with(key, &[("stage", mood.name(name))]) };
    let row = |name: &str, key: &str| Row {
        link: "/portal/stages/x".into(),
        name: mood.name(name),
        key: key.into(),
        purpose: "Testing".into(),
        maximum: "12 hours".into(),
        idle: "90 minutes".into(),
        apps: "2 apps".into(),
        version: 2,
        above: None,
        below: None,
    };
    let page = |query: &str, rows: Vec<Row>, may_make| StagesPage {
        shell: mood.shell(),
        list: Listing::read("/portal/stages", query),
        filters: Vec::new(),
        rows,
        pager: Pager::default(),
        may_make,
        may_move: false,
        problem: None,
    };
    let upper = Row { below: Some(beside("stage-move-down-of", "QA")), ..row("QA", "qa") };
    let middle = Row { above: Some(beside("stage-move-up-of", "Trial")), below: Some(beside("stage-move-down-of", "Trial")), ..row("Trial", "trial") };
    let moved = StagesPage {
        may_move: true,
        problem: Some(mood.words().marked("stage-move-fixed", &[("stage", mood.name("QA"))])),
        ..page("", vec![row("Development", "development"), upper, middle], true)
    };
    let new = |errors| NewStagePage {
        shell: mood.shell(),
        name: mood.name("QA"),
        key: mood.name("qa"),
        purposes: vec![choice(mood, "development", "Development", false), choice(mood, "production", "Production", true)],
        policy: PolicyFields::of(SessionPolicy::STANDARD),
        errors,
    };
    let stage = |may_manage| StagePage {
        shell: mood.shell(),
        link: "/portal/stages/x".into(),
        title: mood.name("QA"),
        key: "qa".into(),
        purpose: "Testing".into(),
        apps: vec![mood.name("Sales Desk"), mood.name("Wiki")],
        version: 2,
        may_manage,
        name: mood.name("QA"),
        policy: PolicyFields { maximum: mood.name("12"), maximum_minutes: false, idle: "90".into(), idle_minutes: true },
        problem: None,
        errors: Vec::new(),
    };
    let overtaken = StagePage {
        problem: Some(mood.words().marked("stage-overtaken", &[("name", mood.name("QA 2"))])),
        errors: wrong(mood, &["name", "maximum", "idle"]),
        apps: Vec::new(),
        ..stage(true)
    };
    let delete = |in_the_way: Vec<Obstacle>| DeleteStagePage {
        shell: mood.shell(),
        back: "/portal/stages/x".into(),
        title: mood.name("QA"),
        in_the_way,
        follows: vec![
            mood.words().marked_count::<&str>("stage-delete-signs-out", "count", 3, &[]),
            mood.words().marked("stage-delete-role", &[("role", mood.name("Tester")), ("permissions", mood.name("Open assets"))]),
        ],
        problem: None,
    };
    let in_the_way = vec![
        Obstacle { text: mood.words().marked_count::<&str>("stage-delete-apps", "count", 2, &[]), link: "/portal/apps".into() },
        Obstacle { text: mood.words().marked("role-emptied", &[("role", mood.name("Tester"))]), link: "/portal/roles/x".into() },
    ];
    let stronger = DeleteStagePage { problem: Some(mood.words().say("stage-delete-stronger")), ..delete(Vec::new()) };
    let (list, form, one, question) = ("portal/stages/list.html", "portal/stages/new.html", "portal/stages/stage.html", "portal/stages/delete.html");
    vec![
        sample("stages", list, &["new-stage", "q"], &page("", vec![row("Development", "development"), row("QA", "qa")], true)),
        sample("stages-moved", list, &["problem", "move-qa", "down-qa", "up-trial", "down-trial"], &moved),
        sample("stages-found-none", list, &["q"], &page("q=x", Vec::new(), true)),
        sample("stages-none", list, &["q"], &page("", Vec::new(), false)),
        sample("stage-new", form, &["name", "key", "purpose", "maximum", "idle", "make-stage"], &new(Vec::new())),
        sample("stage-new-errors", form, &["purpose-error", "maximum-error"], &new(wrong(mood, &["name", "key", "purpose", "maximum", "idle"]))),
        sample("stage", one, &["name", "maximum", "maximum-unit", "idle", "save-stage", "delete-stage"], &stage(true)),
        sample("stage-watched", one, &["about", "apps"], &stage(false)),
        sample("stage-overtaken", one, &["problem", "name-error", "idle-error"], &overtaken),
        sample("stage-delete", question, &["confirm"], &delete(Vec::new())),
        sample("stage-in-use", question, &["in-the-way"], &delete(in_the_way)),
        sample("stage-delete-stronger", question, &["problem", "confirm"], &stronger),
    ]
}

fn settings(mood: Mood) -> Vec<Sample> {
    let organization = |problem: bool| OrganizationPage {
        shell: mood.shell(),
        version: 2,
        name: mood.name("Acme"),
        domains: mood.name("acme.example"),
        budget: mood.name("4096"),
        id: "01939f6e-5a0c-7e3b-9d51-3f2a8c04b7aa".into(),
        problem: problem.then(|| mood.words().marked("settings-overtaken", &[("name", mood.name("Acme 2"))])),
        errors: if problem { wrong(mood, &["name", "domains", "budget"]) } else { Vec::new() },
    };
    let sessions = |problem: bool| SessionsPage {
        shell: mood.shell(),
        version: 2,
        policy: PolicyFields { maximum: mood.name("12"), maximum_minutes: false, idle: "90".into(), idle_minutes: true },
        problem: problem.then(|| mood.words().marked("settings-overtaken", &[("name", mood.name("Acme 2"))])),
        errors: if problem { wrong(mood, &["maximum", "idle"]) } else { Vec::new() },
    };
    let appearance = |wrong_fields: bool| AppearancePage {
        shell: mood.shell(),
        version: 2,
        accent: mood.name("#ffff00"),
        picked: "#ffff00".into(),
        nearest: wrong_fields.then(|| "#6c6c00".into()),
        is_own: true,
        problem: wrong_fields.then(|| mood.words().say("brand-overtaken")),
        errors: if wrong_fields { wrong(mood, &["accent", "logo"]) } else { Vec::new() },
    };
    let mut plain = AppearancePage { is_own: false, ..appearance(false) };
    plain.shell.frame.brand = crate::http::brand::Links::default();
    let (form, stay, look) = ("portal/settings/organization.html", "portal/settings/sessions.html", "portal/settings/appearance.html");
    vec![
        sample("settings", form, &["name", "domains", "save"], &organization(false)),
        sample("settings-errors", form, &["problem", "name-error", "domains-error"], &organization(true)),
        sample("settings-sessions", stay, &["maximum", "maximum-unit", "idle", "idle-unit", "save-sessions"], &sessions(false)),
        sample("settings-sessions-errors", stay, &["problem", "maximum-error", "idle-error"], &sessions(true)),
        sample(
            "settings-appearance",
            look,
            &["accent", "picked", "save-accent", "logo", "upload", "logo-now", "remove-logo", "remove-logo-follows", "reset", "reset-follows"],
            &appearance(false),
        ),
        sample("settings-appearance-errors", look, &["problem", "accent-error", "take-nearest", "logo-error"], &appearance(true)),
        sample("settings-appearance-plain", look, &["save-accent", "upload"], &plain),
    ]
}
