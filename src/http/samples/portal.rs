use super::{Mood, Sample, sample};
use crate::http::listing::{Listing, Pager};
use crate::http::portal::holds::{All, GrantRow, HoldsPage, Rows};
use crate::http::portal::overview::{Attention, EndingRow, Number, OverviewPage, SignInRow};
use crate::http::portal::proof::ProofPage;
use crate::http::portal::shell::DeniedPage;
use crate::http::portal::terms::Ends;
use crate::http::portal::user::{EditPage, RevokePage, SessionRow, SignInLine, UserPage};
use crate::http::portal::users::{Choices, Row, StatusBadge, UsersPage};
use crate::http::profile_form::Whose;
use crate::identity::user::Status;

pub(super) fn pages(mood: Mood) -> Vec<Sample> {
    [lists(mood), people(mood), all_of_a_kind(mood)].into_iter().flatten().collect()
}

fn choices(mood: Mood, list: &Listing) -> Vec<Choices> {
    let option = |value: &str, text: &str| (value.to_owned(), mood.name(text));
    vec![Choices::new(list, "status", mood.name("Status"), [option("", "Any status"), option("active", "Active")])]
}

fn lists(mood: Mood) -> Vec<Sample> {
    let words = mood.words();
    let row = |name: &str, status: Status, access: Vec<String>, more: u64| Row {
        link: "/portal/users/01939f6e-5a0c-7e3b-9d51-3f2a8c04b7aa".into(),
        initials: "AF".into(),
        label: mood.name(name),
        email: mood.email(),
        username: access.is_empty().then(|| mood.name("aferreira")),
        external: more == 0,
        access,
        more,
        status: StatusBadge::of(words, status),
        last_sign_in: "2 minutes ago".into(),
        there: (more > 0).then(|| words.with("signed-in-there", &[("when", "3 May 2026")])),
    };
    let users = |query: &str, rows: Vec<Row>, pager: Pager| {
        let list = Listing::read("/portal/users", query);
        UsersPage { shell: mood.shell(), filters: choices(mood, &list), list, total: "4 people".into(), rows, pager, may_invite: true }
    };
    let full = vec![
        row("Ana Ferreira", Status::Active, vec![mood.name("Administrator"), mood.name("Sales Desk: Approver (Production)")], 3),
        row("Chidi Mbeki", Status::Invited, vec![], 0),
        row("Di", Status::Inactive, vec![mood.name("Group EMEA Sales")], 0),
        row("Eve", Status::PendingRegistration, vec![], 0),
    ];
    let pager = Pager { first: Some("/portal/users".into()), previous: Some("/portal/users?before=x".into()), next: Some("/portal/users?after=y".into()) };
    let hostile = format!("q={}&status=active", url::form_urlencoded::byte_serialize(mood.name("ana").as_bytes()).collect::<String>());
    let sign_in = |who: bool, good| SignInRow {
        who: who.then(|| (mood.name("Ana Ferreira"), "/portal/users/x".to_owned())),
        good,
        place: if good { mood.name("Sales Desk at Production") } else { String::new() },
        address: "2001:db8::1".into(),
        when: "2 minutes ago".into(),
    };
    let overview = |attention, endings: Option<Vec<EndingRow>>, sign_ins| OverviewPage {
        shell: mood.shell(),
        numbers: vec![Number { value: "1284".into(), name: "active people".into(), link: "/portal/users" }],
        attention,
        more_endings: endings.as_ref().is_some_and(|endings: &Vec<EndingRow>| !endings.is_empty()),
        endings,
        sign_ins,
    };
    let ending = EndingRow {
        who: mood.name("Ana Ferreira"),
        link: "/portal/users/x".into(),
        what: mood.name("Sales Desk: Approver (Production)"),
        when: "ends in 3 days".into(),
    };
    let attention = vec![Attention { text: mood.name("No app yet"), action: "Add an app".into(), link: "/portal/apps/new".into() }];
    vec![
        sample(
            "portal-overview",
            "portal/overview.html",
            &["attention", "endings", "sign-ins"],
            &overview(attention, Some(vec![ending]), Some(vec![sign_in(true, true), sign_in(false, false)])),
        ),
        sample("portal-overview-quiet", "portal/overview.html", &["attention"], &overview(Vec::new(), Some(Vec::new()), Some(Vec::new()))),
        sample("portal-users", "portal/users.html", &["q", "search", "total", "invite", "next-page"], &users("", full, pager)),
        sample("portal-users-found-none", "portal/users.html", &["q"], &users(&hostile, Vec::new(), Pager::default())),
        sample("portal-users-none", "portal/users.html", &["q"], &users("", Vec::new(), Pager::default())),
        sample("portal-denied", "portal/denied.html", &["denied"], &DeniedPage { shell: mood.shell(), permission: Some(mood.name("Manage users")) }),
        sample("portal-proof", "portal/proof.html", &["proof-form", "proof", "prove"], &proof(mood, None)),
        sample("portal-proof-wrong", "portal/proof.html", &["proof-error"], &proof(mood, Some(mood.words().say("password-current-wrong")))),
        sample("portal-denied-all", "portal/denied.html", &["denied"], &DeniedPage { shell: mood.shell(), permission: None }),
    ]
}

fn proof(mood: Mood, error: Option<String>) -> ProofPage {
    ProofPage {
        shell: mood.shell(),
        action: "/portal/users/x/status".into(),
        back: "/portal/users/x".into(),
        fields: vec![("action".into(), mood.name("deactivate"))],
        email: mood.email(),
        error,
    }
}

/// A sign-in, which succeeded if it is told where.
fn sign_in(mood: Mood, place: Option<&str>) -> SignInLine {
    SignInLine {
        good: place.is_some(),
        place: place.map(|place| mood.name(place)).unwrap_or_default(),
        address: "192.0.2.1".into(),
        device: mood.name("Firefox"),
        when: "just now".into(),
    }
}

/// Something that somebody holds.
fn grant(mood: Mood, what: &str, through: Option<&str>, ends: Option<(&str, bool)>, revoke: bool) -> GrantRow {
    GrantRow {
        what: mood.name(what),
        place: mood.name("Sales Desk at Production"),
        through: through.map(|group| mood.name(group)),
        by: mood.name("by bo@acme.example, 3 May 2026"),
        reason: through.map(|_| mood.name("Covers for Di")),
        ends: ends.map(|(text, near)| Ends { text: text.to_owned(), near, over: text.starts_with("ended") }),
        why: Some("/portal/users/x/access?at=sales%2Fproduction&role=approver".to_owned()),
        change: revoke.then(|| "/portal/users/x/period?kind=role&of=y".to_owned()),
        revoke: revoke.then(|| "/portal/users/x/revoke?kind=role&of=y".to_owned()),
    }
}

/// A page of one kind of what somebody holds.
fn holds(mood: Mood, query: &str, rows: Vec<GrantRow>, pager: Pager) -> HoldsPage {
    let words = mood.words();
    let list = Listing::read("/portal/users/x/holds/app-roles", query);
    HoldsPage {
        shell: mood.shell(),
        home: ("/portal/users", words.say("portal-users")),
        back: "/portal/users/x".into(),
        label: mood.name("Ana Ferreira"),
        title: words.say("app-roles"),
        total: words.counted("app-roles-count", "count", 73),
        filters: choices(mood, &list),
        section: Rows { rows, all: None },
        list,
        empty: words.say("no-app-roles"),
        pager,
    }
}

fn all_of_a_kind(mood: Mood) -> Vec<Sample> {
    let template = "portal/holds.html";
    let pager =
        Pager { first: None, previous: Some("/portal/users/x/holds/app-roles?page=1".into()), next: Some("/portal/users/x/holds/app-roles?page=3".into()) };
    let rows = vec![
        grant(mood, "Approver", Some("EMEA Sales"), None, false),
        grant(mood, "Editor", None, Some(("ends in 3 days", true)), true),
        grant(mood, "Reader", None, Some(("ended on 1 Jan 2020", false)), true),
    ];
    let hostile = format!("q={}&page=2", url::form_urlencoded::byte_serialize(mood.name("ana").as_bytes()).collect::<String>());
    vec![
        sample("portal-holds", template, &["total", "q", "search", "next-page"], &holds(mood, "", rows, pager)),
        sample("portal-holds-found-none", template, &["q"], &holds(mood, &hostile, Vec::new(), Pager::default())),
        sample("portal-holds-none", template, &["q"], &holds(mood, "", Vec::new(), Pager::default())),
    ]
}

fn people(mood: Mood) -> Vec<Sample> {
    let words = mood.words();
    let some = |rows, all| Rows { rows, all };
    let user = |inactive: bool| UserPage {
        shell: mood.shell(),
        link: "/portal/users/x".into(),
        initials: "AF".into(),
        label: mood.name("Ana Ferreira"),
        email: mood.email(),
        status: StatusBadge::of(words, if inactive { Status::Inactive } else { Status::Active }),
        since: "here since 3 May 2026".into(),
        facts: vec![("Username".into(), mood.name("ana")), ("Address proved".into(), "3 May 2026, 12:00 UTC".into())],
        inactive,
        may_manage: true,
        is_self: true,
        token: Some("/portal/users/x/token".into()),
        give: Some("/portal/users/x/give".into()),
        given: vec![(mood.name("Approver"), words.say("given-new")), (words.counted("given-more", "count", 3), String::new())],
        overflows: vec![
            words.marked::<&str>("token-overflows", &[("place", "Sales Desk (Production)"), ("bytes", "4300"), ("budget", "4096"), ("lists", "groups")]),
        ],
        trail: Some("/portal/audit?about=user:x".into()),
        problem: Some(words.say("last-administrator")),
        organization: some(vec![grant(mood, "Developer", None, Some(("ends in 3 days", true)), true)], None),
        end_user: some(
            vec![grant(mood, "Approver", Some("EMEA Sales"), None, false), grant(mood, "Editor", None, Some(("ends on 1 Jan 2030", false)), true)],
            Some(All { link: "/portal/users/x/holds/app-roles".into(), text: words.counted("see-all-app-roles", "count", 73) }),
        ),
        groups: some(vec![grant(mood, "EMEA Sales", None, Some(("ended on 1 Jan 2020", false)), true)], None),
        sessions: vec![SessionRow {
            id: "sid".into(),
            place: mood.name("Production"),
            device: mood.name("Firefox"),
            address: "192.0.2.1".into(),
            seen: "just now".into(),
        }],
        newest_sessions: Some(words.counted("sessions-newest", "count", 200)),
        sign_ins: vec![sign_in(mood, Some("Sales Desk at Production")), sign_in(mood, None)],
    };
    let alone = || UserPage { may_manage: true, is_self: false, sessions: Vec::new(), newest_sessions: None, sign_ins: Vec::new(), ..user(false) };
    let bare = UserPage {
        may_manage: false,
        token: Some("/portal/users/x/token".into()),
        give: None,
        given: Vec::new(),
        overflows: Vec::new(),
        trail: None,
        problem: None,
        organization: some(Vec::new(), None),
        end_user: some(Vec::new(), None),
        groups: some(Vec::new(), None),
        ..alone()
    };
    let nothing_yet = UserPage { organization: some(Vec::new(), None), end_user: some(Vec::new(), None), groups: some(Vec::new(), None), ..user(false) };
    let revoke = RevokePage {
        shell: mood.shell(),
        home: ("/portal/users", words.say("portal-users")),
        action: "/portal/users/x/revoke".into(),
        back: "/portal/users/x".into(),
        cancel: "/portal/users/x/holds/app-roles?page=2".into(),
        label: mood.name("Ana Ferreira"),
        what: mood.name("Approver"),
        place: mood.name("Sales Desk at Production"),
        consequence: words.say("revoke-app-role-follows"),
        fields: vec![("kind", "app-role".into()), ("of", mood.name("y"))],
        problem: Some(words.say("last-administrator")),
    };
    let edit = |problem: bool, wrong| EditPage {
        shell: mood.shell(),
        action: "/portal/users/x/edit".into(),
        back: "/portal/users/x".into(),
        label: mood.name("Ana Ferreira"),
        email: mood.email(),
        problem: problem.then(|| words.marked("profile-overtaken", &[("name", mood.name("Ana F"))])),
        form: super::account::profile_form(mood, Whose::Others, wrong),
    };
    let template = "portal/edit_user.html";
    let ids = &["edit-user", "facts", "give-access", "given", "delete-user", "org-roles", "app-roles", "groups", "sessions", "end-sessions", "deactivate"];
    vec![
        sample("portal-user", "portal/user.html", ids, &user(false)),
        sample("portal-user-inactive", "portal/user.html", &["activate", "newest-sessions"], &user(true)),
        sample("portal-user-bare", "portal/user.html", &["org-roles"], &bare),
        sample("portal-user-nothing-yet", "portal/user.html", &["give-access", "org-roles", "app-roles", "groups"], &nothing_yet),
        sample("portal-user-alone", "portal/user.html", &["sessions", "deactivate"], &alone()),
        sample("portal-edit-user", template, &["edit-form", "name", "locale", "picture", "save-user"], &edit(false, false)),
        sample("portal-edit-user-overtaken", template, &["edit-form", "problem", "save-user"], &edit(true, false)),
        sample("portal-edit-user-wrong", template, &["edit-form", "problem", "name-error", "picture-error", "save-user"], &edit(false, true)),
        sample("portal-revoke", "portal/revoke.html", &["revoke", "problem"], &revoke),
    ]
}
