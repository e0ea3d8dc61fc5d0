use super::{Mood, Sample, sample};
use crate::http::listing::{Listing, Pager};
use crate::http::page::FieldError;
use crate::http::portal::invitations::many::batch::{BatchPage, CancelPage, Number, PersonRow, Progress};
use crate::http::portal::invitations::many::{FileRow, ManyPage, say};
use crate::http::portal::users::{Choice, Choices, StatusBadge};
use crate::lifecycle::bulk_invitation::{BatchState, Column};

pub(super) fn pages(mood: Mood) -> Vec<Sample> {
    [uploads(mood), batches(mood)].into_iter().flatten().collect()
}

fn uploads(mood: Mood) -> Vec<Sample> {
    let words = mood.words();
    let file = |state, by: bool| FileRow {
        link: "/portal/invitations/many/x".into(),
        name: mood.name("new-colleagues.csv"),
        by: by.then(|| mood.email()),
        when: "2 minutes ago".into(),
        state: say::state(words, state),
        people: "12 of 48 people".into(),
    };
    let page = |query: &str, errors: Vec<FieldError>, files: Vec<FileRow>| ManyPage {
        shell: mood.shell(),
        may_invite: true,
        is_bare: false,
        text: if errors.is_empty() { String::new() } else { mood.name("email,rolle\nana@acme.example,viewer") },
        errors,
        most: say::number(50_000),
        columns: Column::ALL.iter().map(|column| (column.as_str(), say::column(words, *column))).collect(),
        sample: "email,name,role\nana@example.org,Ana Ferreira,viewer\n".into(),
        list: Listing::read("/portal/invitations/many", query),
        filters: Vec::new(),
        files,
        pager: Pager::default(),
    };
    let error = |field| FieldError { field, message: mood.name("These columns are not known: rolle.") };
    let bare = ManyPage { is_bare: true, ..page("", Vec::new(), Vec::new()) };
    let only_sees = ManyPage { may_invite: false, ..page("", Vec::new(), vec![file(BatchState::Running, true)]) };
    let template = "portal/invitations/many/upload.html";
    let ids = &["upload-form", "file", "text", "check", "sample", "example", "columns", "files"];
    vec![
        sample("portal-many", template, ids, &page("", Vec::new(), vec![file(BatchState::Running, false), file(BatchState::Ended, true)])),
        sample("portal-many-wrong", template, &["file-error", "text-error"], &page("", vec![error("file"), error("text")], Vec::new())),
        sample("portal-many-found-none", template, &["q"], &page("q=x", Vec::new(), Vec::new())),
        sample("portal-many-bare", template, &["files"], &bare),
        sample("portal-many-seer", template, &["files", "q"], &only_sees),
    ]
}

fn batches(mood: Mood) -> Vec<Sample> {
    let words = mood.words();
    let link = "/portal/invitations/many/x";
    let row = |numbers: &str, outcome: &str, class, link: bool, problems: usize| PersonRow {
        numbers: numbers.into(),
        email: if problems == 2 { String::new() } else { mood.email() },
        name: if link { mood.name("Ana Ferreira") } else { String::new() },
        outcome: StatusBadge { text: words.say(outcome), class },
        link: link.then(|| "/portal/users/x".to_owned()),
        problems: (0..problems).map(|n| (format!("{n}"), "role".into(), mood.name("The app has no role \u{201c}viewr\u{201d}."))).collect(),
    };
    let page = |state, started: bool, again: Option<bool>, buttons: &[(&'static str, &str, &'static str)], rows: Vec<PersonRow>| {
        let list = Listing::read(link, "");
        let choice = |value: &str, text: &str| Choice { value: value.into(), text: words.say(text), chosen: value == "refused" };
        let options = vec![choice("refused", "many-standing-refused"), choice("waiting", "many-standing-would")];
        BatchPage {
            shell: mood.shell(),
            link: link.into(),
            csv: format!("{link}/rows.csv"),
            title: mood.name("new-colleagues.csv"),
            state: say::state(words, state),
            about: words.with("many-about", &[("who", mood.email()), ("when", "just now".into()), ("count", "52".into())]),
            lead: words.say("many-lead-some"),
            problem: started.then(|| words.say("many-late")),
            numbers: vec![
                Number { count: "2".into(), text: words.say("many-standing-refused"), link: "?state=refused".into() },
                Number { count: "48".into(), text: words.say("many-standing-would"), link: "?state=waiting".into() },
            ],
            progress: started.then(|| Progress { value: 12, max: 48, text: "12 of 48 people".into() }),
            again: again.map(|comes| (comes, "?still=1".to_owned())),
            buttons: buttons.iter().map(|(value, key, class)| (*value, words.counted(key, "count", 48), *class)).collect(),
            may_cancel: again.is_some(),
            filters: vec![Choices { name: "state", label: words.say("many-rows-standing"), options }],
            list,
            rows,
            pager: Pager { first: None, previous: None, next: Some("?after=51".into()) },
        }
    };
    let cancel = CancelPage {
        shell: mood.shell(),
        back: link.into(),
        title: mood.name("new-colleagues.csv"),
        follows: vec![words.counted("many-cancel-waiting", "count", 36), words.counted("many-cancel-done", "count", 12)],
        button: words.say("many-cancel"),
    };
    let template = "portal/invitations/many/batch.html";
    let rows = || vec![row("3", "many-outcome-refused", "bad", false, 1), row("4, 7", "many-outcome-refused", "bad", false, 2)];
    let started = || vec![row("2", "many-did-sent", "good", false, 0), row("5", "many-did-given", "good", true, 0)];
    let checked = [("start", "many-start", "primary"), ("discard", "many-discard", "")];
    vec![
        sample(
            "portal-many-checked",
            template,
            &["state", "lead", "numbers", "rows", "start", "discard", "discard-follows", "download", "next-page"],
            &page(BatchState::Checked, false, None, &checked, rows()),
        ),
        sample(
            "portal-many-running",
            template,
            &["problem", "progress", "still", "pause", "cancel"],
            &page(BatchState::Running, true, Some(true), &[("pause", "many-pause", "")], started()),
        ),
        sample("portal-many-still", template, &["again"], &page(BatchState::Running, true, Some(false), &[], started())),
        sample("portal-many-ended", template, &["retry"], &page(BatchState::Ended, true, None, &[("retry", "many-retry", "primary")], Vec::new())),
        sample("portal-many-cancel", "portal/invitations/many/cancel.html", &["confirm"], &cancel),
    ]
}
