//! What is said of files, their rows, and what is wrong with these.

use crate::access::load::Snapshot;
use crate::http::permission_words;
use crate::http::portal::users::StatusBadge;
use crate::lifecycle::bulk_invitation::{BatchState, Column, Counts, Did, FileError, Foresight, Problem, Row, RowState, Trouble};
use crate::word;
use crate::words::Words;

/// A number with its thousands apart.
pub fn number(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            // Narrow, and never at the end of a line.
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}

/// What belongs into a column.
pub fn column(words: Words, column: Column) -> String {
    words.say(match column {
        Column::Email => word!("many-column-email"),
        Column::Name => word!("many-column-name"),
        Column::OrganizationRole => word!("many-column-organization-role"),
        Column::App => word!("many-column-app"),
        Column::Stage => word!("many-column-stage"),
        Column::Role => word!("many-column-role"),
        Column::Group => word!("many-column-group"),
        Column::Starts => word!("many-column-starts"),
        Column::Ends => word!("many-column-ends"),
        Column::Reason => word!("many-column-reason"),
        Column::Locale => word!("many-column-locale"),
    })
}

/// The badge of a file.
pub fn state(words: Words, state: BatchState) -> StatusBadge {
    let (key, class) = match state {
        BatchState::Checking | BatchState::Checked => (word!("many-state-checked"), "warn"),
        BatchState::Running => (word!("many-state-running"), "good"),
        BatchState::Paused => (word!("many-state-paused"), "warn"),
        BatchState::Ended => (word!("many-state-ended"), "good"),
        BatchState::Cancelled => (word!("many-state-cancelled"), "bad"),
    };
    StatusBadge { text: words.say(key), class }
}

/// How many stand somewhere, in a few words that follow the number.
pub fn standing(words: Words, state: RowState, started: bool) -> String {
    words.say(match (state, started) {
        (RowState::Refused, _) => word!("many-standing-refused"),
        (RowState::Failed, _) => word!("many-standing-failed"),
        (RowState::Waiting, false) => word!("many-standing-would"),
        (RowState::Waiting, true) => word!("many-standing-waiting"),
        (RowState::Done, _) => word!("many-standing-done"),
    })
}

/// How far a file came.
pub fn progress(words: Words, counts: Counts) -> String {
    let gone = number((counts.done + counts.failed).unsigned_abs());
    words.with("many-progress", &[("gone", gone), ("all", number(counts.all().unsigned_abs()))])
}

/// What would happen to somebody, or did.
pub fn outcome(words: Words, row: &Row) -> StatusBadge {
    let (key, class) = match (row.state, row.outcome, row.foresight) {
        (RowState::Refused, ..) => (word!("many-outcome-refused"), "bad"),
        (RowState::Failed, ..) => (word!("many-outcome-failed"), "bad"),
        (RowState::Done, Some(Did::Added), _) => (word!("many-did-added"), "warn"),
        (RowState::Done, Some(Did::Given), _) => (word!("many-did-given"), "good"),
        (RowState::Done, Some(Did::Unchanged), _) => (word!("many-did-unchanged"), ""),
        (RowState::Done, ..) => (word!("many-did-sent"), "good"),
        (RowState::Waiting, _, Some(Foresight::Add)) => (word!("many-would-add"), "warn"),
        (RowState::Waiting, _, Some(Foresight::Give)) => (word!("many-would-give"), "good"),
        (RowState::Waiting, ..) => (word!("many-would-invite"), ""),
    };
    StatusBadge { text: words.say(key), class }
}

/// What is wrong with a row and what to do, in one or two sentences.
pub fn problem(words: Words, snapshot: &Snapshot, problem: &Problem) -> String {
    let value = match problem.trouble {
        Trouble::MayNot => permission_words::name_of(words, &snapshot.catalogue, &problem.value),
        _ => None,
    };
    words.with(trouble(problem.trouble), &[("value", value.as_ref().unwrap_or(&problem.value))])
}

fn trouble(trouble: Trouble) -> &'static str {
    match trouble {
        Trouble::Surplus => word!("many-trouble-surplus"),
        Trouble::EmailMissing => word!("many-trouble-email-missing"),
        Trouble::EmailBad => word!("many-trouble-email-bad"),
        Trouble::EmailLong => word!("many-trouble-email-long"),
        Trouble::NameLong => word!("many-trouble-name-long"),
        Trouble::NameStrange => word!("many-trouble-name-strange"),
        Trouble::NameDiffers => word!("many-trouble-name-differs"),
        Trouble::LocaleUnknown => word!("many-trouble-locale-unknown"),
        Trouble::LocaleDiffers => word!("many-trouble-locale-differs"),
        Trouble::ReasonLong => word!("many-trouble-reason-long"),
        Trouble::ReasonStrange => word!("many-trouble-reason-strange"),
        Trouble::DayBad => word!("many-trouble-day-bad"),
        Trouble::Reversed => word!("many-trouble-reversed"),
        Trouble::Over => word!("many-trouble-over"),
        Trouble::AppUnknown => word!("many-trouble-app-unknown"),
        Trouble::AppMissing => word!("many-trouble-app-missing"),
        Trouble::AppIdle => word!("many-trouble-app-idle"),
        Trouble::StageUnknown => word!("many-trouble-stage-unknown"),
        Trouble::StageMissing => word!("many-trouble-stage-missing"),
        Trouble::StageIdle => word!("many-trouble-stage-idle"),
        Trouble::RoleUnknown => word!("many-trouble-role-unknown"),
        Trouble::RoleElsewhere => word!("many-trouble-role-elsewhere"),
        Trouble::GroupUnknown => word!("many-trouble-group-unknown"),
        Trouble::GroupElsewhere => word!("many-trouble-group-elsewhere"),
        Trouble::OrganizationRoleUnknown => word!("many-trouble-organization-role-unknown"),
        Trouble::Several => word!("many-trouble-several"),
        Trouble::Mixed => word!("many-trouble-mixed"),
        Trouble::Nothing => word!("many-trouble-nothing"),
        Trouble::TooMuch => word!("many-trouble-too-much"),
        Trouble::Same => word!("many-trouble-same"),
        Trouble::Companion => word!("many-trouble-companion"),
        Trouble::MayNot => word!("many-trouble-may-not"),
        Trouble::OnlyAdministrators => word!("many-trouble-only-administrators"),
        Trouble::Beyond => word!("many-trouble-beyond"),
        Trouble::Inactive => word!("many-trouble-inactive"),
        Trouble::Gone => word!("many-trouble-gone"),
        Trouble::Stopped => word!("many-trouble-stopped"),
        Trouble::Fault => word!("many-trouble-fault"),
    }
}

/// Why a file could not be read, and what to do.
pub fn file_error(words: Words, error: &FileError) -> String {
    match error {
        FileError::Empty => words.say("many-file-empty"),
        FileError::TooLarge => words.say("many-file-too-large"),
        FileError::Encoding(row) => words.with("many-file-encoding", &[("row", row.to_string())]),
        FileError::Unclosed(row) => words.with("many-file-unclosed", &[("row", row.to_string())]),
        FileError::Unknown(names) => words.with("many-file-unknown", &[("names", names.join(", "))]),
        FileError::Twice(column) => words.with("many-file-twice", &[("name", column.as_str())]),
        FileError::NoEmail => words.say("many-file-no-email"),
        FileError::TooMany(count) => words.with("many-file-too-many", &[("count", number(*count)), ("most", number(50_000))]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::text::Locale;

    #[test]
    fn numbers_are_read_at_a_glance() {
        assert_eq!([0, 999, 1_000, 50_000, 1_234_567].map(number), ["0", "999", "1\u{202f}000", "50\u{202f}000", "1\u{202f}234\u{202f}567"]);
    }

    #[test]
    fn every_trouble_has_a_sentence_of_its_own() {
        let words = Words::of(&Locale::english());
        let sentences: std::collections::BTreeSet<String> = Trouble::ALL.iter().map(|one| words.with(trouble(*one), &[("value", "X")])).collect();
        assert_eq!(sentences.len(), Trouble::ALL.len());
        assert!(sentences.iter().all(|sentence| sentence.ends_with('.')), "{sentences:?}");
    }
}
