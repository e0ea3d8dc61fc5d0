use super::groups::choice;
use super::{Mood, Sample, sample};
use crate::http::listing::{Listing, Pager};
use crate::http::portal::access::page::{AccessPage, Asked, Holder, ThingLine};
use crate::http::portal::access::{Beside, ClientLine, GroupLine, HoldersPage, PersonLine, StepLine, WayLine};
use crate::http::portal::apps::parts::{Action, Crumb, Head, Tab};
use crate::http::portal::users::{Choices, StatusBadge};
use crate::identity::user::Status;

pub(super) fn pages(mood: Mood) -> Vec<Sample> {
    [one(mood), many(mood)].into_iter().flatten().collect()
}

fn step(mood: Mood, kind: &str, name: &str, linked: bool) -> StepLine {
    StepLine {
        kind: mood.name(kind),
        name: mood.name(name),
        key: (!linked).then(|| mood.name("asset.change")),
        how: mood.name("given by bo@acme.example, 3 May 2026"),
        link: linked.then(|| "/portal/groups/x".to_owned()),
    }
}

fn way(mood: Mood, ends: Option<(&str, bool)>, idle: Option<&str>) -> WayLine {
    WayLine {
        steps: vec![step(mood, "Group", "EMEA Sales", true), step(mood, "Role of Sales Desk", "Approver", false), step(mood, "Permission", "approve", false)],
        ends: ends.map(|(text, near)| (text.to_owned(), near)),
        idle: idle.map(|text| mood.name(text)),
    }
}

fn one(mood: Mood) -> Vec<Sample> {
    let words = mood.words();
    let thing = |name: &str, more| ThingLine {
        name: mood.name(name),
        key: Some(mood.name("approver")),
        way: Some(way(mood, Some(("ends in 3 days", true)), None)),
        more,
        why: "/portal/users/x/access?at=sales%2Fproduction&role=approver".into(),
    };
    let values = || [("who", mood.name("Ana Ferreira")), ("what", mood.name("approve")), ("place", mood.name("Sales Desk at Production"))];
    let asked = |title: &str, held| Asked {
        title: words.marked(title, &values()),
        held,
        lead: None,
        ways: Vec::new(),
        removal: Vec::new(),
        roles: Vec::new(),
        near: Vec::new(),
        holders: None,
    };
    let crumb = |link: &str, name: &str| Crumb { link: link.into(), name: mood.name(name) };
    let page = |asked| AccessPage {
        shell: mood.shell(),
        crumbs: vec![crumb("/portal/users", "Users"), crumb("/portal/users/x", "Ana Ferreira")],
        holder: Holder { kind: None, label: mood.name("Ana Ferreira"), name: mood.email(), status: Some(StatusBadge::of(words, Status::Active)) },
        places: vec![choice(mood, "organization", "Whole organization", false), choice(mood, "sales/production", "Sales Desk at Production", true)],
        at: "sales/production".into(),
        place: mood.name("Sales Desk at Production"),
        standing: None,
        may_sign_in: Some(true),
        asked,
        question: mood.name("approve"),
        known: vec![mood.name("approve"), "asset.change".into()],
        roles: vec![thing("Approver", 0), thing("Viewer", 2)],
        permissions: vec![thing("approve", 1)],
        idle: vec![way(mood, None, Some("limited to Development"))],
    };
    let held = Asked {
        ways: vec![way(mood, Some(("ends in 3 days", true)), None), way(mood, None, None)],
        removal: vec![mood.name("The membership in the group EMEA Sales"), mood.name("The role Approver (Sales Desk)")],
        holders: Some("/portal/access/permission?key=approve&app=sales&stage=production".into()),
        ..asked("why-held", Some(true))
    };
    let missing = Asked {
        lead: Some(words.say("why-retired")),
        ways: vec![way(mood, None, Some("ended on 3 May 2026"))],
        roles: vec![(mood.name("Approver"), mood.name("Sales Desk at Production"))],
        ..asked("why-missing", Some(false))
    };
    let unknown = Asked { near: vec![(mood.name("approve"), "/portal/users/x/access?permission=approve".into())], ..asked("why-unknown", None) };
    let nothing = AccessPage {
        standing: Some(words.say("why-standing-inactive")),
        may_sign_in: Some(false),
        roles: Vec::new(),
        permissions: Vec::new(),
        idle: Vec::new(),
        ..page(Some(asked("why-missing", Some(false))))
    };
    let client = AccessPage {
        crumbs: Vec::new(),
        holder: Holder {
            kind: Some(words.say("preview-client")),
            label: mood.name("Robot"),
            name: mood.name("robot"),
            status: Some(StatusBadge { text: words.say("who-suspended"), class: "bad" }),
        },
        standing: Some(words.say("why-standing-suspended")),
        may_sign_in: None,
        ..page(None)
    };
    let template = "portal/access/page.html";
    vec![
        sample(
            "access",
            template,
            &["at", "choose", "roles", "find-held-roles", "permissions", "find-held-permissions", "idle", "ask", "ask-why", "may-sign-in"],
            &page(None),
        ),
        sample("access-held", template, &["answer", "removal", "holders"], &page(Some(held))),
        sample("access-missing", template, &["answer", "givers"], &page(Some(missing))),
        sample("access-unknown", template, &["answer"], &page(Some(unknown))),
        sample("access-nothing", template, &["standing-notice", "givers"], &nothing),
        sample("access-client", template, &["standing-notice", "at", "roles"], &client),
    ]
}

/// What stands beside the people.
fn beside(mood: Mood) -> (Beside<GroupLine>, Beside<ClientLine>) {
    let words = mood.words();
    let groups = Beside {
        rows: vec![
            GroupLine {
                link: Some("/portal/groups/x".into()),
                name: mood.name("EMEA"),
                members: "2 members".into(),
                ends: Some(("ends in 3 days".into(), true)),
            },
            GroupLine { link: None, name: mood.name("Desk"), members: "1 member".into(), ends: None },
        ],
        more: Some(words.counted("who-more", "count", 5)),
    };
    let clients = Beside {
        rows: vec![ClientLine {
            link: "/portal/clients/robot/access".into(),
            name: mood.name("Robot"),
            id: mood.name("robot"),
            ways: vec![way(mood, None, None)],
            why: Some("/portal/clients/robot/access?at=organization&org-role=tester".into()),
            suspended: true,
        }],
        more: Some(words.counted("who-more", "count", 1)),
    };
    (groups, clients)
}

fn many(mood: Mood) -> Vec<Sample> {
    let words = mood.words();
    let row = |name: &str, status: Option<Status>, permissions: Vec<String>| PersonLine {
        link: "/portal/users/x".into(),
        initials: "AF".into(),
        label: mood.name(name),
        email: mood.email(),
        status: status.map(|status| StatusBadge::of(words, status)),
        ways: vec![way(mood, Some(("ends in 3 days", true)), None), way(mood, None, Some("ended on 3 May 2026"))],
        open: true,
        why: Some("/portal/users/x/access?at=sales%2Fproduction&role=approver".into()),
        permissions,
        last_sign_in: "2 minutes ago".into(),
    };
    let page = |query: &str, rows: Vec<PersonLine>| {
        let list = Listing::read("/portal/access/role", query);
        let (groups, clients) = beside(mood);
        HoldersPage {
            shell: mood.shell(),
            head: Head {
                crumbs: vec![Crumb { link: "/portal/apps".into(), name: mood.name("Apps") }],
                title: mood.name("Sales Desk"),
                badge: Some(mood.name("Production")),
                lead: Some(mood.name("approver: Sales Desk at Production")),
                actions: vec![Action { id: "export", link: "/portal/access/role.csv".into(), text: words.say("export"), primary: false }],
                tabs: vec![Tab { link: "/portal/apps/sales/production/people".into(), name: words.say("app-tab-people"), here: true }],
            },
            notes: vec![words.say("who-everyone")],
            hidden: vec![("app-role", mood.name("x"))],
            key: None,
            key_error: None,
            filters: vec![Choices::new(&list, "role", mood.name("Role"), [(String::new(), mood.name("Any role"))])],
            clear: "/portal/access/role".into(),
            narrowed: !query.is_empty(),
            total: Some("2 people".into()),
            rows,
            permissions: true,
            pager: Pager { first: None, previous: Some("/portal/access/role?before=x".into()), next: Some("/portal/access/role?after=y".into()) },
            groups,
            clients,
            listed: vec![mood.name("Wiki")],
            empty: (words.say("who-nobody"), words.say("who-nobody-hint")),
            list,
        }
    };
    let bare = |mut page: HoldersPage| {
        (page.groups, page.clients, page.listed, page.notes) = (Beside::default(), Beside::default(), Vec::new(), Vec::new());
        page
    };
    let asking = HoldersPage {
        key: Some((mood.name("aprove"), vec![mood.name("approve")])),
        key_error: Some(words.with("who-no-permission-near", &[("near", mood.name("approve"))])),
        total: None,
        ..bare(page("", Vec::new()))
    };
    let template = "portal/access/holders.html";
    let full = vec![row("Ana Ferreira", None, vec![mood.name("approve"), "read".into()]), row("Di", Some(Status::Inactive), Vec::new())];
    vec![
        sample(
            "holders",
            template,
            &["total", "q", "search", "export", "groups", "more-groups", "clients", "more-clients", "listed", "next-page"],
            &page("", full),
        ),
        sample("holders-found-none", template, &["q"], &page("q=x", Vec::new())),
        sample("holders-none", template, &["q"], &bare(page("", Vec::new()))),
        sample("holders-asking", template, &["key", "key-error"], &asking),
    ]
}
