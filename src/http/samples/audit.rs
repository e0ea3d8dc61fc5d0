use super::{Mood, Sample, sample};
use crate::http::listing::{Listing, Pager};
use crate::http::portal::audit::one::{EventPage, Field};
use crate::http::portal::audit::{AuditPage, Party, Row};
use crate::http::portal::users::{Choice, Choices};

fn party(mood: Mood, noun: &str, name: &str, link: Option<&str>, erased: bool) -> Party {
    Party { noun: if noun.is_empty() { String::new() } else { mood.name(noun) }, name: mood.name(name), link: link.map(str::to_owned), erased }
}

pub(super) fn pages(mood: Mood) -> Vec<Sample> {
    let row = |bad: bool, erased: bool| Row {
        link: "/portal/audit/x".into(),
        when: "24 Nov 2026, 09:14 UTC".into(),
        exact: "2026-11-24T09:14:00Z".into(),
        what: mood.name("Group made or changed"),
        more: if bad { mood.name("wrong password") } else { String::new() },
        bad,
        who: party(mood, "", "ana@acme.example", Some("/portal/users/x").filter(|_| !erased), erased),
        about: party(mood, "Group", "EMEA Sales", None, false),
        from: mood.name("192.0.2.7"),
    };
    let page = |query: &str, rows: Vec<Row>| {
        let option = |value: &str, text: &str| Choice { value: value.into(), text: mood.name(text), chosen: value == "access" };
        AuditPage {
            shell: mood.shell(),
            list: Listing::read("/portal/audit", query),
            bad_dates: rows.is_empty(),
            more_in_use: rows.is_empty(),
            topics: vec![Choices {
                name: "access",
                label: mood.name("Access"),
                options: vec![option("access", "Access"), option("group.changed", "Group changed")],
            }],
            pager: Pager { next: Some("/portal/audit?after=1.x".into()), ..Pager::default() },
            rows,
        }
    };
    let hostile = format!("who={}", url::form_urlencoded::byte_serialize(mood.name("ana").as_bytes()).collect::<String>());
    let field = |name: &str, before: Option<&str>, after: Option<&str>, changed| Field {
        name: mood.name(name),
        before: before.map(|text| mood.name(text)),
        after: after.map(|text| mood.name(text)),
        changed,
    };
    let event = |fields: Vec<Field>, erased: bool| EventPage {
        shell: mood.shell(),
        what: mood.name("Group made or changed"),
        more: mood.name("wrong password"),
        when: "24 Nov 2026, 09:14 UTC".into(),
        exact: "2026-11-24T09:14:00.123456Z".into(),
        who: party(mood, "at the server", "apply", None, erased),
        deeds: Some("/portal/audit?who=x".into()),
        about: party(mood, "Group", "EMEA Sales", Some("/portal/groups/x"), false),
        history: Some("/portal/audit?about=group%3Ax".into()),
        from: mood.name("192.0.2.7"),
        device: mood.name("Mozilla/5.0"),
        request: Some(mood.name("r1")),
        same_request: "/portal/audit?request=r1".into(),
        id: "01939f6e-5a0c-7e3b-9d51-3f2a8c04b7aa".into(),
        kind: "group.changed".into(),
        position: Some("Sealed at position 7".into()).filter(|_| !erased),
        erased,
        cut: !fields.is_empty(),
        fields,
    };
    let (list, one) = ("portal/audit/list.html", "portal/audit/one.html");
    vec![
        sample(
            "audit",
            list,
            &["kind", "who", "about", "since", "until", "q", "export-csv", "export-ndjson", "next-page"],
            &page("", vec![row(true, false), row(false, true)]),
        ),
        sample("audit-found-none", list, &["bad-dates", "address", "request"], &page(&hostile, Vec::new())),
        sample(
            "audit-event",
            one,
            &["who", "about", "request", "chain", "details"],
            &event(vec![field("name", Some("EMEA"), Some("DACH"), true), field("key", None, Some("emea"), false)], false),
        ),
        sample("audit-event-erased", one, &["erased"], &event(Vec::new(), true)),
        sample("audit-event-bare", one, &["details"], &event(Vec::new(), false)),
    ]
}
