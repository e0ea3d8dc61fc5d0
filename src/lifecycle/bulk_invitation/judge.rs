//! What the rows of a file mean, and everything that is wrong with them. Nothing is asked of the database here.
//!
//! Rows with the same address are one person, who gets one invitation with everything in these rows, or none while any of them is wrong.

use super::lookup::{Found, Lookup};
use super::parse::{Column, Line, Sheet};
use super::problem::{Problem, Trouble, refusal};
use crate::base::id::{AppId, StageId};
use crate::base::text::{Description, DisplayName, EmailAddress, Locale, TextError, shown};
use crate::base::time::{Period, Timestamp};
use crate::lifecycle::invitation::{self, InviteError, Offer, Offered, Target};
use crate::words;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// An offer by its ids, until it is made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Planned {
    /// What.
    pub target: Target,
    /// When it counts.
    pub period: Period,
    /// Why.
    pub reason: Option<Description>,
}

/// A person of the file: what its rows say, and what that means.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// The rows.
    pub lines: Vec<Line>,
    /// The address, if it is one.
    pub email: Option<EmailAddress>,
    /// What they are called.
    pub name: Option<DisplayName>,
    /// The language of the letter.
    pub locale: Option<Locale>,
    /// What they are offered.
    pub offers: Vec<Planned>,
}

/// A person of the file who was judged.
#[derive(Clone, Debug, Default)]
pub struct Judged {
    /// What the rows say.
    pub content: Content,
    /// What is wrong with it.
    pub problems: Vec<Problem>,
    /// The row from which each offer comes.
    sources: Vec<u64>,
}

/// Each row offers something, and one invitation can offer no more.
const MOST_LINES_OF_ONE: usize = 100;

/// Judges a file. `language` is that of letters where no row says another.
pub fn judge(sheet: Sheet, lookup: &Lookup, language: &Locale, now: Timestamp) -> Vec<Judged> {
    let (mut people, mut places): (Vec<Judged>, HashMap<String, usize>) = (Vec::new(), HashMap::new());
    for line in sheet.lines {
        let email = address(&line);
        let at = match &email {
            Ok(email) => *places.entry(email.key().to_owned()).or_insert(people.len()),
            Err(_) => people.len(),
        };
        if at == people.len() {
            people.push(Judged::default());
        }
        if people[at].content.lines.len() == MOST_LINES_OF_ONE {
            let problems = vec![Problem { line: line.number, column: Column::Email, trouble: Trouble::TooMuch, value: String::new() }];
            people.push(Judged { content: Content { lines: vec![line], ..Content::default() }, problems, ..Judged::default() });
        } else {
            people[at].take(line, email, lookup, now);
        }
    }
    for person in &mut people {
        person.close(language);
    }
    people
}

fn address(line: &Line) -> Result<EmailAddress, Trouble> {
    EmailAddress::parse(line.cell(Column::Email)).map_err(|error| match error {
        TextError::Empty => Trouble::EmailMissing,
        TextError::TooLong(_) => Trouble::EmailLong,
        _ => Trouble::EmailBad,
    })
}

/// One row being judged.
struct Row<'a> {
    line: &'a Line,
    lookup: &'a Lookup,
    problems: Vec<Problem>,
    offers: Vec<Offer>,
}

impl Row<'_> {
    fn wrong(&mut self, column: Column, trouble: Trouble, value: &str) {
        self.problems.push(Problem { line: self.line.number, column, trouble, value: shown(value) });
    }

    /// What a column means; notes what is wrong with a cell that is filled in.
    fn find<T>(&mut self, column: Column, unknown: Trouble, find: impl Fn(&str) -> Found<T>) -> Option<T> {
        let line = self.line;
        let word = line.cell(column);
        if word.is_empty() {
            return None;
        }
        match find(word) {
            Found::One(thing) => return Some(thing),
            Found::Several => self.wrong(column, Trouble::Several, word),
            Found::Nothing => self.wrong(column, unknown, word),
        }
        None
    }

    fn is_empty(&self, column: Column) -> bool {
        self.line.cell(column).is_empty()
    }

    /// Everything that the row offers.
    fn offered(&mut self) {
        use Column::{App, Group, OrganizationRole, Role, Stage};
        if !self.is_empty(OrganizationRole) && !self.is_empty(Role) {
            return self.wrong(OrganizationRole, Trouble::Mixed, "");
        }
        let lookup = self.lookup;
        let at_stage = !self.is_empty(Role) || !self.is_empty(Group);
        let stage = if at_stage { self.find(Stage, Trouble::StageUnknown, |word| lookup.stage(word)) } else { None };
        if at_stage && self.is_empty(Stage) {
            self.wrong(Stage, Trouble::StageMissing, "");
        }
        if !at_stage && !self.is_empty(Stage) {
            self.wrong(Stage, Trouble::StageIdle, self.line.cell(Stage));
        }
        if !self.is_empty(Role) {
            let app = self.find(App, Trouble::AppUnknown, |word| lookup.app(word));
            if self.is_empty(App) {
                self.wrong(App, Trouble::AppMissing, "");
            }
            if let (Some(app), Some(stage)) = (app, stage) {
                self.roles(app, stage);
            }
        } else if !self.is_empty(OrganizationRole) {
            let app = self.find(App, Trouble::AppUnknown, |word| lookup.limit(word));
            if self.is_empty(App) || app.is_some() {
                self.organization_roles(app);
            }
        } else if !self.is_empty(App) {
            self.wrong(App, Trouble::AppIdle, self.line.cell(App));
        }
        if let Some(stage) = stage.filter(|_| !self.is_empty(Group)) {
            self.groups(stage);
        }
        if !at_stage && self.is_empty(OrganizationRole) && self.problems.is_empty() {
            self.wrong(Role, Trouble::Nothing, "");
        }
    }

    /// Each of several things in one cell.
    fn each(&mut self, column: Column, find: impl Fn(&str) -> Result<Offer, (Trouble, String)>) {
        let line = self.line;
        for word in line.cell(column).split(';').map(str::trim).filter(|word| !word.is_empty()) {
            match find(word) {
                Ok(offer) if self.offers.contains(&offer) => {}
                Ok(offer) => self.offers.push(offer),
                Err((trouble, value)) => self.wrong(column, trouble, &value),
            }
        }
    }

    fn organization_roles(&mut self, app: Option<AppId>) {
        let lookup = self.lookup;
        let app = app.and_then(|id| lookup.snapshot.apps.get(&id));
        self.each(Column::OrganizationRole, |word| match lookup.organization_role(word) {
            Found::One(Offer::OrganizationRole { role, .. }) => Ok(Offer::OrganizationRole { role: role.clone(), app: app.cloned() }),
            Found::Several => Err((Trouble::Several, word.to_owned())),
            _ => Err((Trouble::OrganizationRoleUnknown, word.to_owned())),
        });
    }

    fn roles(&mut self, app: AppId, stage: StageId) {
        let lookup = self.lookup;
        self.each(Column::Role, |word| {
            named(lookup.role(app, stage, word), word, (Trouble::RoleUnknown, Trouble::RoleElsewhere), || lookup.stages_of_role(app, word))
        });
    }

    fn groups(&mut self, stage: StageId) {
        let lookup = self.lookup;
        self.each(Column::Group, |word| {
            named(lookup.group(stage, word), word, (Trouble::GroupUnknown, Trouble::GroupElsewhere), || lookup.stages_of_group(word))
        });
    }

    fn day(&mut self, column: Column) -> Option<Timestamp> {
        let line = self.line;
        let word = line.cell(column);
        let day = Timestamp::parse(word);
        if day.is_none() && !word.is_empty() {
            self.wrong(column, Trouble::DayBad, word);
        }
        day
    }

    fn reason(&mut self) -> Option<Description> {
        let line = self.line;
        let word = line.cell(Column::Reason);
        match Description::parse(&word.replace("\r\n", "\n")) {
            Ok(reason) => return Some(reason).filter(|reason| !reason.as_str().is_empty()),
            Err(TextError::TooLong(_)) => self.wrong(Column::Reason, Trouble::ReasonLong, ""),
            Err(_) => self.wrong(Column::Reason, Trouble::ReasonStrange, word),
        }
        None
    }

    fn name(&mut self) -> Option<DisplayName> {
        let line = self.line;
        let word = line.cell(Column::Name);
        match DisplayName::parse(word) {
            Ok(name) => return Some(name),
            Err(TextError::Empty) => {}
            Err(TextError::TooLong(_)) => self.wrong(Column::Name, Trouble::NameLong, ""),
            Err(_) => self.wrong(Column::Name, Trouble::NameStrange, word),
        }
        None
    }

    fn locale(&mut self) -> Option<Locale> {
        let line = self.line;
        let word = line.cell(Column::Locale);
        let locale = words::languages().find(|(lang, _)| lang.eq_ignore_ascii_case(word)).and_then(|(lang, _)| Locale::parse(lang).ok());
        if locale.is_none() && !word.is_empty() {
            self.wrong(Column::Locale, Trouble::LocaleUnknown, word);
        }
        locale
    }

    /// Asks the rule whether all this may be offered for that time.
    fn allowed(&mut self, period: Period, now: Timestamp) {
        if let Err(error) = invitation::check_period(period, now) {
            self.refuse(&error);
        }
        let lookup = self.lookup;
        let refused: Vec<InviteError> = self
            .offers
            .iter()
            .filter_map(|offer| {
                let offered = Offered { offer: offer.clone(), period, reason: None };
                invitation::foresee(&lookup.actor, &lookup.snapshot.catalogue, &offered, now).err()
            })
            .collect();
        for error in refused {
            if !matches!(error, InviteError::Period | InviteError::Over) {
                self.refuse(&error);
            }
        }
    }

    fn refuse(&mut self, error: &InviteError) {
        let problem = refusal(self.line.number, error);
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }
}

fn named(found: Found<&Offer>, word: &str, (unknown, elsewhere): (Trouble, Trouble), stages: impl Fn() -> Vec<String>) -> Result<Offer, (Trouble, String)> {
    match found {
        Found::One(offer) => Ok(offer.clone()),
        Found::Several => Err((Trouble::Several, word.to_owned())),
        Found::Nothing => {
            let stages = stages();
            if stages.is_empty() { Err((unknown, word.to_owned())) } else { Err((elsewhere, stages.join(", "))) }
        }
    }
}

impl Judged {
    /// Takes another row of this person.
    fn take(&mut self, line: Line, email: Result<EmailAddress, Trouble>, lookup: &Lookup, now: Timestamp) {
        let mut row = Row { line: &line, lookup, problems: Vec::new(), offers: Vec::new() };
        if let Err(trouble) = &email {
            row.wrong(Column::Email, *trouble, line.cell(Column::Email));
        }
        if line.surplus {
            row.wrong(Column::Email, Trouble::Surplus, "");
        }
        row.offered();
        let (starts_at, ends_at) = (row.day(Column::Starts), row.day(Column::Ends));
        let period = Period { starts_at, ends_at };
        row.allowed(period, now);
        let (reason, name, locale) = (row.reason(), row.name(), row.locale());
        let Row { mut problems, offers, .. } = row;
        let mut wrong = |column, trouble, value: String| problems.push(Problem { line: line.number, column, trouble, value });
        match (&self.content.name, name) {
            (Some(before), Some(name)) if *before != name => wrong(Column::Name, Trouble::NameDiffers, before.to_string()),
            (None, name) => self.content.name = name,
            _ => {}
        }
        match (&self.content.locale, locale) {
            (Some(before), Some(locale)) if *before != locale => wrong(Column::Locale, Trouble::LocaleDiffers, before.to_string()),
            (None, locale) => self.content.locale = locale,
            _ => {}
        }
        for offer in offers {
            let target = offer.target();
            if let Some(at) = self.content.offers.iter().position(|planned| planned.target == target) {
                wrong(Column::Email, Trouble::Same, self.sources[at].to_string());
            } else {
                self.content.offers.push(Planned { target, period, reason: reason.clone() });
                self.sources.push(line.number);
            }
        }
        self.problems.append(&mut problems);
        self.content.email = self.content.email.take().or(email.ok());
        self.content.lines.push(line);
    }

    /// What can be said only once every row of this person was read.
    fn close(&mut self, language: &Locale) {
        self.content.locale.get_or_insert_with(|| language.clone());
        let number = self.number();
        if let Err(error @ InviteError::TooMany) = invitation::check_count(self.content.offers.len()) {
            self.problems.push(refusal(number, &error));
        }
        let wrong = self.problems.first().map(|problem| problem.line);
        // A row that is right waits for its companions: nobody gets half an invitation.
        if let Some(first) = wrong {
            let fine = self.content.lines.iter().map(|line| line.number).filter(|line| self.problems.iter().all(|problem| problem.line != *line));
            let more: Vec<Problem> = fine.map(|line| Problem { line, column: Column::Email, trouble: Trouble::Companion, value: first.to_string() }).collect();
            self.problems.extend(more);
            self.problems.sort_by_key(|problem| problem.line);
        }
    }

    /// The first row of this person, by which they go.
    pub fn number(&self) -> u64 {
        self.content.lines.first().map_or(0, |line| line.number)
    }
}
