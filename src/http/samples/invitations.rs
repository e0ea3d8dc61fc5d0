use super::{Mood, Sample, sample};
use crate::http::listing::{Listing, Pager};
use crate::http::page::FieldError;
use crate::http::portal::invitations::draft::Draft;
use crate::http::portal::invitations::form::{NewPage, Part, Pick, Shelf};
use crate::http::portal::invitations::one::{InvitationPage, OfferRow};
use crate::http::portal::invitations::send::{Letter, Line, PreviewPage, SentPage, ToldAt};
use crate::http::portal::invitations::{InvitationsPage, Row};
use crate::http::portal::users::{Choice, Choices, StatusBadge};

pub(super) fn pages(mood: Mood) -> Vec<Sample> {
    [lists(mood), vec![one(mood, true, true), one(mood, true, false), one(mood, false, false)], forms(mood), steps(mood)].into_iter().flatten().collect()
}

fn badge(mood: Mood, class: &'static str) -> StatusBadge {
    StatusBadge { text: mood.words().say("invitation-state-pending"), class }
}

fn lists(mood: Mood) -> Vec<Sample> {
    let row = |name: Option<&str>, offers: Vec<String>, more: u64, until: Option<&str>| Row {
        link: "/portal/invitations/01939f6e-5a0c-7e3b-9d51-3f2a8c04b7aa".into(),
        email: mood.email(),
        name: name.map(|name| mood.name(name)),
        offers,
        more,
        state: badge(mood, "warn"),
        inviter: mood.name("Olga Owner"),
        sent: "2 minutes ago".into(),
        until: until.map(str::to_owned),
    };
    let page = |query: &str, rows: Vec<Row>, pager: Pager| {
        let list = Listing::read("/portal/invitations", query);
        let options = [(String::new(), mood.name("Any state")), ("pending".to_owned(), mood.name("Pending"))];
        let filters = vec![Choices::new(&list, "state", mood.name("State"), options)];
        InvitationsPage { shell: mood.shell(), filters, list, total: "3 invitations".into(), rows, pager, may_invite: true }
    };
    let rows = vec![
        row(Some("Ana Ferreira"), vec![mood.name("Approver (Sales Desk at Production)"), mood.name("EMEA Sales (Group at Production)")], 3, None),
        row(None, vec![mood.name("Developer (Whole organization)")], 0, Some("ends in 3 days")),
        row(None, Vec::new(), 0, Some("ended on 3 May 2026")),
    ];
    let pager = Pager { first: None, previous: Some("/portal/invitations?before=x".into()), next: Some("/portal/invitations?after=y".into()) };
    vec![
        sample("portal-invitations", "portal/invitations/list.html", &["q", "search", "total", "invite", "next-page"], &page("", rows, pager)),
        sample("portal-invitations-none", "portal/invitations/list.html", &["q", "invite"], &page("", Vec::new(), Pager::default())),
        sample("portal-invitations-found-none", "portal/invitations/list.html", &["q"], &page("q=ana&state=pending", Vec::new(), Pager::default())),
    ]
}

fn one(mood: Mood, is_open: bool, may_decide: bool) -> Sample {
    let words = mood.words();
    let offer = |reason: Option<&str>, until: Option<&str>| OfferRow {
        what: mood.name("Approver"),
        place: mood.name("Sales Desk at Production"),
        by: mood.name("by bo@acme.example, 3 May 2026"),
        reason: reason.map(|reason| mood.name(reason)),
        until: until.map(str::to_owned),
    };
    let page = InvitationPage {
        shell: mood.shell(),
        link: "/portal/invitations/x".into(),
        email: mood.email(),
        person: may_decide.then(|| "/portal/users/x".to_owned()),
        state: badge(mood, if is_open { "warn" } else { "good" }),
        facts: vec![(words.say("invitation-by"), mood.name("Olga Owner")), (words.say("invitation-until"), "3 May 2026, 12:00 UTC".into())],
        offers: if is_open { vec![offer(Some("Covers for Di"), Some("ends on 1 Jan 2030")), offer(None, None)] } else { Vec::new() },
        may_decide,
        is_open,
        resend_follows: words.counted("invitation-resend-follows", "count", 7),
        revoke_follows: words.say("invitation-revoke-follows-person"),
        sent: 1,
        problem: may_decide.then(|| words.say("invitation-sent-meanwhile")),
    };
    match (is_open, may_decide) {
        (true, true) => sample("portal-invitation", "portal/invitations/one.html", &["problem", "state", "resend", "revoke"], &page),
        (true, false) => sample("portal-invitation-of-others", "portal/invitations/one.html", &["may-not"], &page),
        _ => sample("portal-invitation-ended", "portal/invitations/one.html", &["facts", "offers"], &page),
    }
}

fn forms(mood: Mood) -> Vec<Sample> {
    let pick = |id: &str, name: &str, hint: bool, chosen| Pick {
        id: id.to_owned(),
        name: mood.name(name),
        hint: if hint { mood.name("May see everything, change nothing.") } else { String::new() },
        chosen,
    };
    let choice = |value: &str, text: &str, chosen| Choice { value: value.to_owned(), text: mood.name(text), chosen };
    let shelf = |name: &str, id: &str, chosen: bool| Shelf {
        name: mood.name(name),
        parts: vec![
            Part {
                name: mood.name("Production"),
                picks: vec![pick(&format!("{id}1"), "Approver", true, chosen), pick(&format!("{id}2"), "Viewer", false, false)],
            },
            Part { name: mood.name("Development"), picks: vec![pick(&format!("{id}3"), "Viewer", false, false)] },
        ],
        chosen: u64::from(chosen),
    };
    let page = |errors: Vec<FieldError>, draft: Draft| NewPage {
        shell: mood.shell(),
        draft,
        errors,
        most: 20,
        languages: vec![choice("en", "English", true), choice("de", "Deutsch", false)],
        roles: vec![pick("r1", "Administrator", true, false), pick("r2", "Developer", false, true)],
        places: vec![choice("", "Whole organization", true), choice("a1", "Sales Desk", false)],
        apps: vec![shelf("Sales Desk", "s", true), shelf("Wiki", "w", false)],
        groups: vec![shelf("Production", "g", false)],
    };
    let typed = Draft {
        emails: format!("{}\n{}", mood.email(), mood.name("bo@")),
        starts: "2019-01-01".into(),
        until: "2020-01-01".into(),
        reason: mood.name("Covers for Di"),
        ..Draft::default()
    };
    let fields =
        ["email", "email", "locale", "role", "app_role", "group", "starts", "until", "until_role", "until_app_role", "until_group", "reason", "offers"];
    let errors = fields.map(|field| FieldError { field, message: mood.name("Something is wrong with this.") });
    let bare = NewPage { roles: Vec::new(), apps: Vec::new(), groups: Vec::new(), ..page(Vec::new(), Draft::default()) };
    let ids = &["email", "locale", "role_app", "starts", "until", "until_role", "reason", "preview", "role-r1", "app-role-s1", "group-g1", "find-app"];
    let wrong = &[
        "problem",
        "email-error",
        "locale-error",
        "role-error",
        "app_role-error",
        "group-error",
        "starts-error",
        "until-error",
        "until_group-error",
        "offers-error",
    ];
    vec![
        sample("portal-invite", "portal/invitations/new.html", ids, &page(Vec::new(), Draft::default())),
        sample("portal-invite-wrong", "portal/invitations/new.html", wrong, &page(errors.into(), typed)),
        sample("portal-invite-bare", "portal/invitations/new.html", &[], &bare),
    ]
}

fn steps(mood: Mood) -> Vec<Sample> {
    let line =
        |text: &str, class, link: bool| Line { email: mood.email(), text: mood.words().say(text), class, link: link.then(|| "/portal/users/x".to_owned()) };
    let letter = |about: &str| Letter {
        about: mood.words().say(about),
        subject: mood.name("Olga Owner invites you to Acme"),
        text: format!("{}\n\n- Approver, Sales Desk at Production, no end date\n", mood.name("Olga Owner invites you to join Acme.")),
    };
    let preview = |reason: String| PreviewPage {
        shell: mood.shell(),
        fields: vec![("email", mood.email()), ("reason", mood.name("Covers for Di"))],
        people: vec![line("invite-would-invite", "", false), line("invite-would-add", "warn", false), line("invite-would-give", "good", true)],
        offers: mood.offers(),
        has_access: !reason.is_empty(),
        told_from: (!reason.is_empty()).then(|| "1 Jan 2029".to_owned()),
        reason,
        letters: vec![letter("invite-letter-new"), letter("invite-letter-here")],
        told: vec![ToldAt {
            place: mood.name("Sales Desk at Production"),
            lists: vec![("roles", vec!["approver".to_owned()]), ("permissions", vec!["order.approve".to_owned(), "order.view".to_owned()])],
        }],
    };
    let sent = SentPage {
        shell: mood.shell(),
        people: vec![line("invite-sent", "good", false), line("invite-added", "warn", true), line("invite-here", "good", true)],
    };
    vec![
        sample(
            "portal-invite-preview",
            "portal/invitations/preview.html",
            &["people", "offers", "told", "letter-1", "letter-2", "send", "access", "change"],
            &preview(mood.name("Covers for Di")),
        ),
        sample("portal-invite-preview-plain", "portal/invitations/preview.html", &["send"], &preview(String::new())),
        sample("portal-invite-sent", "portal/invitations/sent.html", &["people", "all", "more"], &sent),
    ]
}
