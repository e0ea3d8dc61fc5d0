use super::{Mood, Sample, sample};
use crate::http::listing::{Listing, Pager};
use crate::http::page::FieldError;
use crate::http::portal::group::{AddPage, AskPage, Found, GroupPage, Loss, MemberRow, NoRoom, RoleGroup, RoleRow, RoleTerms};
use crate::http::portal::groups::{GroupsPage, NewGroupPage, Row};
use crate::http::portal::holds::All;
use crate::http::portal::terms::Ends;
use crate::http::portal::users::{Choice, Choices, StatusBadge};
use crate::identity::user::Status;

pub(super) fn pages(mood: Mood) -> Vec<Sample> {
    [lists(mood), one(mood), questions(mood)].into_iter().flatten().collect()
}

pub(super) fn wrong(mood: Mood, fields: &[&'static str]) -> Vec<FieldError> {
    fields.iter().map(|field| FieldError { field, message: mood.name("Please fill this in.") }).collect()
}

pub(super) fn choice(mood: Mood, value: &str, text: &str, chosen: bool) -> Choice {
    Choice { value: value.into(), text: mood.name(text), chosen }
}

fn pager() -> Pager {
    Pager { first: Some("/portal/groups".into()), previous: Some("/portal/groups?page=2".into()), next: Some("/portal/groups?page=4".into()) }
}

fn lists(mood: Mood) -> Vec<Sample> {
    let page = |query: &str, rows: Vec<Row>, pager: Pager, may_make| {
        let list = Listing::read("/portal/groups", query);
        let filters = vec![Choices::new(&list, "stage", mood.name("Stage"), [(String::new(), mood.name("Any stage")), ("qa".into(), mood.name("QA"))])];
        GroupsPage { shell: mood.shell(), list, total: "2 groups".into(), rows, filters, pager, may_make }
    };
    let row = |name: &str| Row {
        link: "/portal/groups/x".into(),
        name: mood.name(name),
        key: "emea-sales".into(),
        stage: mood.name("Production"),
        members: "12 members".into(),
        roles: "2 roles".into(),
    };
    let hostile = format!("q={}&stage=qa", url::form_urlencoded::byte_serialize(mood.name("emea").as_bytes()).collect::<String>());
    let form = |errors| NewGroupPage {
        shell: mood.shell(),
        name: mood.name("EMEA Sales"),
        key: mood.name("emea"),
        description: mood.name("Everybody who sells"),
        stages: vec![choice(mood, "x", "QA", false), choice(mood, "y", "Production", true)],
        errors,
    };
    let (list, new) = ("portal/groups/list.html", "portal/groups/new.html");
    let ids = &["name", "key", "stage", "description", "make-group"];
    vec![
        sample("groups", list, &["new-group", "total", "q", "next-page"], &page("", vec![row("EMEA Sales"), row("Desk")], pager(), true)),
        sample("groups-found-none", list, &["q"], &page(&hostile, Vec::new(), Pager::default(), true)),
        sample("groups-none", list, &["q"], &page("", Vec::new(), Pager::default(), false)),
        sample("group-new", new, ids, &form(Vec::new())),
        sample("group-new-errors", new, &["name-error", "key-error"], &form(wrong(mood, &["name", "key", "stage", "description"]))),
    ]
}

#[allow(clippy::too_many_lines)] // one page in all its states
fn one(mood: Mood) -> Vec<Sample> {
    let words = mood.words();
    let member = |name: &str, link: Option<&str>, ends: Option<(&str, bool)>| MemberRow {
        link: link.map(str::to_owned),
        initials: "AF".into(),
        label: mood.name(name),
        email: mood.email(),
        status: StatusBadge::of(words, Status::Active),
        by: mood.name("by bo@acme.example, 3 May 2026"),
        reason: ends.map(|_| mood.name("Covers for Di")),
        ends: ends.map(|(text, near)| Ends { text: text.to_owned(), near, over: text.starts_with("ended") }),
        id: "y".into(),
        change: "/portal/groups/x/period?person=y".into(),
        remove: "/portal/groups/x/remove?person=y".into(),
    };
    let role = |name: &str, ends: Option<(&str, bool)>| RoleRow {
        name: mood.name(name),
        app: mood.name("Sales Desk"),
        by: mood.name("by bo@acme.example, 3 May 2026"),
        reason: ends.map(|_| mood.name("Covers for Di")),
        ends: ends.map(|(text, near)| Ends { text: text.to_owned(), near, over: text.starts_with("ended") }),
        change: "/portal/groups/x/period?role=y".into(),
        remove: "/portal/groups/x/remove?role=y".into(),
    };
    let group = |query: &str| GroupPage {
        shell: mood.shell(),
        link: "/portal/groups/x".into(),
        title: mood.name("EMEA Sales"),
        trail: Some("/portal/audit?about=group:x".into()),
        key: "emea-sales".into(),
        stage: mood.name("Production"),
        about: mood.name("Everybody who sells"),
        version: 3,
        may_manage: true,
        list: Listing::read("/portal/groups/x", query),
        export: "/portal/groups/x/members.csv".into(),
        no_room: Some(NoRoom {
            text: words.counted("group-no-room", "count", 3),
            among: Some(words.counted("group-no-room-among", "count", 200)),
            link: Some("/portal/users/x".into()),
        }),
        filters: Vec::new(),
        total: "3 members".into(),
        has_members: true,
        rows: vec![
            member("Ana Ferreira", Some("/portal/users/x"), Some(("ends in 3 days", true))),
            member("Di", None, Some(("ended on 1 Jan 2020", false))),
            member("Bo", None, None),
        ],
        pager: pager(),
        roles: vec![role("Viewer", None), role("Approver", Some(("ends in 3 days", true))), role("Editor", Some(("ends on 1 Jan 2030", false)))],
        all_roles: Some(All { link: "/portal/groups/x/roles".into(), text: words.counted("see-all-app-roles", "count", 73) }),
        choices: vec![RoleGroup { app: mood.name("Wiki"), roles: vec![choice(mood, "x", "Author", true), choice(mood, "y", "Reader", false)] }],
        role_terms: RoleTerms { starts: "2029-01-01".into(), until: "2030-01-01".into(), reason: mood.name("Covers for Di") },
        name: mood.name("EMEA Sales"),
        description: mood.name("Everybody who sells"),
        problem: None,
        errors: Vec::new(),
    };
    let bare = GroupPage {
        about: String::new(),
        has_members: false,
        rows: Vec::new(),
        pager: Pager::default(),
        roles: Vec::new(),
        all_roles: None,
        choices: Vec::new(),
        ..group("")
    };
    let watched = GroupPage { may_manage: false, no_room: None, all_roles: None, ..group("") };
    let errors = GroupPage {
        problem: Some(words.marked("group-overtaken", &[("name", mood.name("EMEA"))])),
        errors: wrong(mood, &["name", "description", "role", "role-starts", "role-until", "role-reason"]),
        rows: Vec::new(),
        pager: Pager::default(),
        ..group("q=x")
    };
    let found = |name: &str, member: bool| Found {
        id: "x".into(),
        initials: "AF".into(),
        label: mood.name(name),
        email: mood.email(),
        status: StatusBadge::of(words, Status::Active),
        member,
        picked: !member,
    };
    let add = |found: Option<Vec<Found>>, obstacles: Vec<(String, String)>, errors: Vec<FieldError>| AddPage {
        shell: mood.shell(),
        back: "/portal/groups/x".into(),
        link: "/portal/groups/x/members".into(),
        action: "/portal/groups/x/members?find=a".into(),
        title: mood.name("EMEA Sales"),
        stage: mood.name("Production"),
        follows: words.counted("group-join-follows", "count", 2),
        find: mood.name("ana"),
        more: found.is_some(),
        found,
        emails: mood.name("ana@acme.example"),
        starts: "2029-01-01".into(),
        until: "2030-01-01".into(),
        reason: mood.name("Covers for Di"),
        more_obstacles: obstacles.len() as u64 * 3,
        invite: (!obstacles.is_empty()).then(|| "/portal/invitations/new?email=x".to_owned()),
        obstacles,
        errors,
    };
    let (page, adding) = ("portal/groups/group.html", "portal/groups/members.html");
    let obstacle = || vec![(mood.name("nobody@acme.example"), words.say("group-join-unknown"))];
    vec![
        sample(
            "group",
            page,
            &["add-members", "members", "roles", "role-choices", "remove-ticked", "give-role", "save-group", "delete-group", "total", "q", "no-room"],
            &group(""),
        ),
        sample("group-bare", page, &["add-members", "save-group"], &bare),
        sample("group-watched", page, &["members", "roles"], &watched),
        sample("group-errors", page, &["problem", "name-error", "role-error", "role-starts-error", "role-until-error", "role-reason-error"], &errors),
        sample("group-members", adding, &["find", "emails", "starts", "until", "reason", "add"], &add(None, Vec::new(), Vec::new())),
        sample("group-members-found", adding, &["found"], &add(Some(vec![found("Ana Ferreira", false), found("Di", true)]), Vec::new(), Vec::new())),
        sample(
            "group-members-errors",
            adding,
            &["obstacles", "emails-error", "starts-error", "until-error", "found-nobody"],
            &add(Some(Vec::new()), obstacle(), wrong(mood, &["emails", "starts", "until", "reason"])),
        ),
    ]
}

fn questions(mood: Mood) -> Vec<Sample> {
    let words = mood.words();
    let names = || [("what", mood.name("Ana Ferreira")), ("group", mood.name("EMEA Sales")), ("stage", mood.name("Production"))];
    let ask = |losses: Vec<Loss>| AskPage {
        shell: mood.shell(),
        action: "/portal/groups/x/delete".into(),
        back: "/portal/groups/x".into(),
        cancel: "/portal/groups/x/roles?page=2".into(),
        title: mood.name("EMEA Sales"),
        question: words.say("group-delete-title"),
        what: words.marked("group-delete-what", &names()),
        follows: vec![words.counted("group-delete-offers", "count", 2), words.say("group-delete-key")],
        losses,
        fields: vec![("version", "3".into())],
        button: words.say("group-delete"),
        problem: None,
    };
    let loss = |role: &str, count| Loss { role: mood.name(role), app: mood.name("Sales Desk"), people: words.counted("group-role-losers", "count", count) };
    let remove = AskPage {
        question: words.say("group-remove-member-title"),
        what: words.marked("group-remove-member", &names()),
        fields: vec![("person", mood.name("x"))],
        button: words.say("take-away"),
        problem: Some(words.marked("group-overtaken-delete", &[("name", mood.name("EMEA"))])),
        ..ask(Vec::new())
    };
    vec![
        sample("group-delete", "portal/groups/ask.html", &["confirm", "losses"], &ask(vec![loss("Viewer", 12), loss("Approver", 0)])),
        sample("group-remove", "portal/groups/ask.html", &["confirm", "problem"], &remove),
    ]
}
