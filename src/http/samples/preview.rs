use super::{Mood, Sample, sample};
use crate::http::portal::preview::{List, Named, PreviewPage, Row, Word};

pub(super) fn pages(mood: Mood) -> Vec<Sample> {
    let words = mood.words();
    let plain = |text: &str| Word { text: mood.name(text), code: false };
    let code = |text: &str| Word { text: text.to_owned(), code: true };
    let many = |count: usize| (0..count).map(|number| code(&format!("asset.verb{number}"))).collect();
    let row = |link: Option<&str>, when: Option<&str>, gains: Vec<Word>, loses: Vec<Word>, sessions: Option<&str>| Row {
        who: Named { label: mood.name("Ana Ferreira"), email: mood.email(), initials: "AF".into(), link: link.map(str::to_owned) },
        places: List::of(words, vec![plain("Sales Desk at QA"), plain("Sales Desk at Production")]),
        when: when.map(str::to_owned),
        gains: List::of(words, gains),
        loses: List::of(words, loses),
        sessions: sessions.map(str::to_owned),
        bytes: "+12".into(),
    };
    let counted = |key: &str, count: u64| words.marked_count::<&str>(key, "count", count, &[]);
    let page = |label: Option<&str>, rows: Vec<Row>| PreviewPage {
        shell: mood.shell(),
        action: "/portal/groups/x/roles".into(),
        back: "/portal/groups/x".into(),
        fields: vec![("role".into(), "y".into()), ("reason".into(), mood.name("Covers for Di"))],
        label: label.map(|label| mood.name(label)),
        summary: Vec::new(),
        notes: Vec::new(),
        warnings: Vec::new(),
        rows,
    };
    let rows = vec![
        row(Some("/portal/users/x"), None, vec![plain("role Approver"), code("approve")], Vec::new(), None),
        row(Some("/portal/users/x"), Some("from 1 Jan 2027"), Vec::new(), many(20), Some("2")),
        row(None, Some("until 1 Jan 2027"), many(3), many(2), None),
    ];
    let door = words.marked("preview-door-closes", &[("app", mood.name("Sales Desk")), ("stage", mood.name("QA"))]);
    let full = PreviewPage {
        summary: vec![(counted("preview-gain", 3), false), (counted("preview-lose", 1), true), (counted("preview-later", 1), false)],
        notes: vec![door, counted("preview-sessions", 2)],
        warnings: vec![counted("preview-hidden", 2), counted("preview-partly", 1), counted("preview-unnamed", 9)],
        ..page(Some("Give the role"), rows)
    };
    let template = "portal/preview.html";
    vec![
        sample("preview", template, &["do", "back", "summary", "not-shown", "find", "changes"], &full),
        sample("preview-nothing", template, &["do", "summary"], &page(Some("Save"), Vec::new())),
        sample("preview-busy", template, &["busy", "ask-again"], &page(None, Vec::new())),
    ]
}
