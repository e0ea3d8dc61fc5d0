use super::{Mood, Sample, sample};
use crate::http::portal::access::client::one::ClientPage;
use crate::http::portal::apps::client::SecretRow;
use crate::http::portal::apps::parts::{Action, Crumb, Head};
use crate::http::portal::holds::{GrantRow, Rows};
use crate::http::portal::terms::Ends;

pub(super) fn pages(mood: Mood) -> Vec<Sample> {
    let words = mood.words();
    let secret = |id: &str, live, may_end| SecretRow {
        id: id.to_owned(),
        made: "3 May 2026, 10:00 UTC".into(),
        ends: if live { "ends in 3 days".into() } else { "ended on 3 May 2026".into() },
        live,
        may_end,
    };
    let grant = |what: &str, may: bool| GrantRow {
        what: mood.name(what),
        place: mood.name("Sales Desk"),
        through: None,
        by: mood.name("by bo@acme.example, 3 May 2026"),
        reason: may.then(|| mood.name("Nightly export")),
        ends: may.then(|| Ends { text: "ends in 3 days".into(), near: true, over: false }),
        why: Some("/portal/clients/robot/access?at=organization&org-role=tester".into()),
        change: None,
        revoke: may.then(|| "/portal/clients/robot/revoke?of=y".to_owned()),
    };
    let page = |full: bool| ClientPage {
        shell: mood.shell(),
        head: Head {
            crumbs: vec![Crumb { link: "/portal/clients".into(), name: words.say("who-clients") }],
            title: mood.name("Robot"),
            badge: (!full).then(|| words.say("who-suspended")),
            lead: None,
            actions: vec![Action { id: "access", link: "/portal/clients/robot/access".into(), text: words.say("api-client-access"), primary: false }],
            tabs: Vec::new(),
        },
        link: "/portal/clients/robot".into(),
        client_id: mood.name("robot"),
        kind: words.say("api-client-tool"),
        scopes: if full { ["roles", "permissions"].map(|scope| mood.name(scope)).into() } else { Vec::new() },
        version: 3,
        suspended: (!full).then(|| "3 May 2026, 10:00 UTC".to_owned()),
        organization: Rows { rows: if full { vec![grant("Tester", true), grant("Looker", false)] } else { Vec::new() }, all: None },
        secrets: full.then(|| vec![secret("a", true, true), secret("b", true, false), secret("c", false, false)]),
        may_add_secret: full,
        may_manage: true,
        people: full.then(|| words.counted("client-people", "count", 12)),
        problem: full.then(|| words.say("client-secret-last")),
    };
    let viewer = ClientPage { may_manage: false, may_add_secret: false, ..page(true) };
    let template = "portal/access/client.html";
    let full = &["client-id", "org-roles", "secrets", "new-secret", "end-a", "suspend", "suspend-preview", "remove", "problem", "access"];
    vec![
        sample("api-client", template, full, &page(true)),
        sample("api-client-suspended", template, &["client-id", "suspended", "resume", "resume-preview", "remove"], &page(false)),
        sample("api-client-viewer", template, &["client-id", "org-roles", "secrets"], &viewer),
    ]
}
