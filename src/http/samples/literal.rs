//! Whatever a page says comes from the catalogue: a template holds markup, and nothing that somebody reads or hears.

use super::files;
use std::collections::BTreeSet;
use std::path::Path;
use std::{fs, iter};

/// What is the same in every language: our name, what is typed at the server, examples of addresses, keys and verbs.
const ALLOWED: &[(&str, &str)] = &[
    ("home.html", "Gatehouse"),
    ("home.html", "data/setup-link"),
    ("home.html", "gatehouse apply FILE"),
    ("portal/roles/own.html", "x-billing.run"),
    ("setup/app.html", "read"),
    ("setup/app.html", "write"),
    ("setup/app.html", "manage"),
    ("setup/app.html", "https://"),
    ("setup/mail_fields.html", "smtp.example.org"),
    ("setup/mail_fields.html", "no-reply@example.org"),
];

/// The catalogue itself; and the page that shows the parts of the design with examples, to whoever builds pages: no release has it.
const ELSEWHERE: &[&str] = &["words/", "portal/design/"];

/// The attributes that somebody reads or hears.
const SPOKEN: &[&str] =
    &["alt", "aria-description", "aria-label", "aria-placeholder", "aria-roledescription", "aria-valuetext", "data-label", "label", "placeholder", "title"];

/// Blocks that stand inside of a tag: what fills them is part of its attributes.
const IN_TAGS: &[&str] = &["main_id", "width"];

/// A template without what askama reads, and without the blocks that stand inside of a tag.
fn markup(template: &str) -> String {
    let mut out = String::new();
    let mut rest = template;
    while let Some(at) = rest.find('{') {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let end = match from.as_bytes().get(1) {
            Some(b'#') => "#}",
            Some(b'%') => "%}",
            Some(b'{') => "}}",
            _ => {
                out.push('{');
                rest = &from[1..];
                continue;
            }
        };
        let (inside, after) = from[2..].split_once(end).unwrap_or_else(|| panic!("no {end} in {from:.80}"));
        let block = inside.trim_matches(|c: char| c == '-' || c.is_whitespace()).strip_prefix("block ").filter(|_| end == "%}");
        rest = if block.is_some_and(|name| IN_TAGS.contains(&name)) {
            let filled = after.split_once("endblock").and_then(|(_, after)| after.split_once("%}"));
            filled.unwrap_or_else(|| panic!("no end of the block in {from:.80}")).1
        } else {
            after
        };
    }
    out.push_str(rest);
    out
}

/// The inside of a tag, and what comes after it: a `>` between quotation marks ends nothing.
fn tag(text: &str) -> (&str, &str) {
    let mut quoted = None;
    for (at, c) in text.char_indices() {
        match quoted {
            None if c == '>' => return (&text[..at], &text[at + 1..]),
            None if c == '"' || c == '\'' => quoted = Some(c),
            Some(open) if open == c => quoted = None,
            _ => {}
        }
    }
    (text, "")
}

/// Whether there are letters in a text, beside those that name a character.
fn has_letters(text: &str) -> bool {
    let mut parts = text.split('&');
    let first = parts.next().unwrap_or_default();
    let others = parts.map(|part| part.split_once(';').map_or(part, |(_, after)| after));
    iter::once(first).chain(others).any(|part| part.contains(char::is_alphabetic))
}

/// What a template says by itself: texts beside its tags, and in the attributes that are spoken.
fn literals(template: &str) -> Vec<String> {
    let markup = markup(template);
    let mut found = Vec::new();
    let mut rest = markup.as_str();
    while let Some((text, from)) = rest.split_once('<') {
        found.push(text.to_owned());
        if let Some(comment) = from.strip_prefix("!--") {
            rest = comment.split_once("-->").unwrap_or_else(|| panic!("no end of the comment {from:.80}")).1;
            continue;
        }
        let (inside, after) = tag(from);
        let inside = inside.replace(['\n', '\t'], " ");
        for name in SPOKEN {
            for quote in ['"', '\''] {
                let begins = format!(" {name}={quote}");
                let values = inside.split(begins.as_str()).skip(1);
                found.extend(values.filter_map(|value| Some(value.split(quote).next()?.to_owned())));
            }
        }
        // What programs read ends where their tag does.
        let program = ["script", "style"].into_iter().find(|name| inside.starts_with(*name));
        rest = program.map_or(after, |name| {
            let end = after.find(&format!("</{name}")).unwrap_or_else(|| panic!("no end of {from:.80}"));
            &after[end..]
        });
    }
    found.push(rest.to_owned());
    found.into_iter().map(|text| text.trim().to_owned()).filter(|text| has_letters(text)).collect()
}

#[test]
fn no_template_says_anything_by_itself() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    let mut paths = Vec::new();
    files(&root, &mut paths);
    let (mut said, mut used) = (Vec::new(), BTreeSet::new());
    for path in &paths {
        let name = path.strip_prefix(&root).unwrap().to_str().unwrap();
        if ELSEWHERE.iter().any(|folder| name.starts_with(*folder)) {
            continue;
        }
        for literal in literals(&fs::read_to_string(path).unwrap()) {
            match ALLOWED.iter().find(|allowed| **allowed == (name, literal.as_str())) {
                Some(allowed) => {
                    used.insert(*allowed);
                }
                None => said.push(format!("{name}: {literal:?}")),
            }
        }
    }
    assert_eq!(said, Vec::<String>::new(), "these texts belong into the catalogue");
    assert_eq!(ALLOWED.iter().filter(|allowed| !used.contains(*allowed)).collect::<Vec<_>>(), Vec::<&(&str, &str)>::new(), "nobody says these any more");
}

#[test]
fn what_a_template_says_is_found_wherever_it_stands() {
    const CASES: &[(&str, &[&str])] = &[
        ("<h1>Hello</h1><p>{{ a }}</p>", &["Hello"]),
        ("{# A remark #}<!-- Another <b>one</b> --><p>{{ a }} &middot; {% if b %}, {%- endif %}1 {{ c }}:</p>", &[]),
        ("<p title=\"Who {{ a }}\" class=\"red\" data-x=\"y\">&nbsp;\u{2026}</p>", &["Who"]),
        ("<img alt=\"\"><b\naria-label='Ring \"it\"'></b>", &["Ring \"it\""]),
        ("<input placeholder=\"a > b\"{% if c %} checked{% endif %}> after", &["a > b", "after"]),
        ("<td data-label=\"{% if a %}One{% else %}Two{% endif %}\">{{ a }}</td>", &["OneTwo"]),
        ("<script>let a = '<p>No</p>';</script><style>p { color: red }</style><i>Yes</i>", &["Yes"]),
        ("<main{% block main_id %} id=\"over\"{% endblock %}>{% block title %}Title{% endblock %}</main>", &["Title"]),
        ("{%- block width -%} wide{%- endblock -%}\n{ brace", &["{ brace"]),
        ("<bdi>\u{645}\u{635}\u{631}</bdi><b>{{ a }}</b>s", &["\u{645}\u{635}\u{631}", "s"]),
    ];
    for (template, says) in CASES {
        assert_eq!(literals(template), *says, "{template}");
    }
}
