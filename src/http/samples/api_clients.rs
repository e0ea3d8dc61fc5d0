use super::groups::{choice, wrong};
use super::{Mood, Sample, sample};
use crate::http::portal::access::client::one::ClientPage;
use crate::http::portal::apps::client::any::{AnyClient, SecretRow};
use crate::http::portal::apps::parts::{Action, Crumb, Head};
use crate::http::portal::give::GivePage;
use crate::http::portal::holds::{GrantRow, Rows};
use crate::http::portal::invitations::draft::Draft;
use crate::http::portal::invitations::form::Pick;
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
        change: may.then(|| "/portal/clients/robot/period?of=y".to_owned()),
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
        client: AnyClient {
            link: "/portal/clients/robot".into(),
            id: mood.name("robot"),
            scopes: if full { ["roles", "permissions"].map(|scope| mood.name(scope)).into() } else { Vec::new() },
            version: 3,
            secrets: full.then(|| vec![secret("a", true, true), secret("b", true, false), secret("c", false, false)]),
            may_add_secret: full,
            may_manage: true,
        },
        kind: words.say("api-client-tool"),
        suspended: (!full).then(|| words.with("api-client-suspended-since", &[("since", "3 May 2026, 10:00 UTC")])),
        organization: Rows { rows: if full { vec![grant("Tester", true), grant("Looker", false)] } else { Vec::new() }, all: None },
        people: full.then(|| words.counted("client-people", "count", 12)),
        given: if full { vec![(mood.name("Tester"), words.say("given-new"))] } else { Vec::new() },
        problem: full.then(|| words.say("client-secret-last")),
    };
    let viewer = {
        let mut page = page(true);
        (page.client.may_manage, page.client.may_add_secret) = (false, false);
        page
    };
    let template = "portal/access/client.html";
    let full = &["client-id", "org-roles", "secrets", "new-secret", "end-a", "suspend", "suspend-preview", "remove", "problem", "given", "access"];
    [
        sample("api-client", template, full, &page(true)),
        sample("api-client-suspended", template, &["client-id", "suspended", "resume", "resume-preview", "remove"], &page(false)),
        sample("api-client-viewer", template, &["client-id", "org-roles", "secrets"], &viewer),
    ]
    .into_iter()
    .chain(giving(mood))
    .collect()
}

/// What a client cannot hold is not offered.
fn giving(mood: Mood) -> [Sample; 2] {
    let pick = |id: &str, name: &str| Pick { id: id.into(), name: mood.name(name), hint: mood.name("Looks at the audit trail"), chosen: false };
    let page = |errors| GivePage {
        shell: mood.shell(),
        list: ("/portal/clients", mood.words().say("who-clients")),
        action: "/portal/clients/robot/give".into(),
        back: "/portal/clients/robot".into(),
        label: mood.name("Robot"),
        draft: Draft { until: "2030-01-01".into(), reason: mood.name("Nightly export"), ..Draft::default() },
        differ: Vec::new(),
        problem: None,
        errors,
        roles: vec![pick("r", "Developer"), pick("s", "Watcher")],
        places: vec![choice(mood, "", "Whole organization", true), choice(mood, "x", "Wiki", false)],
        apps: Vec::new(),
        groups: Vec::new(),
    };
    let template = "portal/give.html";
    [
        sample("api-client-give", template, &["give-form", "role-r", "role_app", "starts", "until", "reason", "give", "give-preview"], &page(Vec::new())),
        sample("api-client-give-errors", template, &["wrong", "role-error", "until-error"], &page(wrong(mood, &["role", "until"]))),
    ]
}
