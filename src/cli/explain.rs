//! `gatehouse explain`: why somebody may do something at a place, or why not. The operator at the server sees everything.

mod json;
#[cfg(test)]
mod tests;

use super::nearest;
use crate::access::catalogue::{Catalogue, Counts};
use crate::access::effective::{Place, RoleRef};
use crate::access::explain::{self, Answer, Everything, Existence, Giver, Idle, Missing, Standing, Subject, Thing, Way, What};
use crate::access::load::{self, Who};
use crate::access::people::{Sight, Terms};
use crate::access::permission::ImpliedAt;
use crate::base::fault::Fault;
use crate::base::id::{ClientId, StageId, UserId};
use crate::base::text::EmailAddress;
use crate::base::text::PermissionKey;
use crate::base::time::{Period, Timestamp};
use crate::db::Tx;
use crate::identity::user;
use crate::oauth::client;
use crate::work::Ground;
use std::collections::HashMap;
use std::fmt::Write;

/// What `gatehouse explain` takes.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct ExplainArgs {
    /// A user by e-mail address or id, or an API client by its `client_id`.
    #[arg(value_name = "USER")]
    pub who: String,
    /// The key of an app, or - for the organization itself.
    pub app: String,
    /// The key of a stage, or - for the organization itself.
    pub stage: String,
    /// A permission, such as approve or asset.change. Without it everything that is held there is listed.
    #[arg(conflicts_with = "role")]
    pub permission: Option<String>,
    /// A role instead of a permission: an end-user role as apps read it, or an organization role.
    #[arg(long, value_name = "KEY")]
    pub role: Option<String>,
    /// Print JSON, for programs.
    #[arg(long)]
    pub json: bool,
}

/// Why nothing was explained.
#[derive(Debug, thiserror::Error)]
pub enum ExplainError {
    /// A name that nothing has.
    #[error("there is no {what} {key:?}; {near}")]
    Unknown {
        /// What was looked for, and where.
        what: String,
        /// The name.
        key: String,
        /// The names that are there, most alike first.
        near: String,
    },
    /// One of the two is the organization, the other is not.
    #[error("give an app and a stage, or - - for the organization itself")]
    HalfPlace,
    /// Unexpected.
    #[error(transparent)]
    Fault(#[from] Fault),
}

fn unknown<'a>(what: impl Into<String>, key: &str, known: impl IntoIterator<Item = &'a str>) -> ExplainError {
    ExplainError::Unknown { what: what.into(), key: key.to_owned(), near: nearest(key, known) }
}

/// Somebody, as the answer names them.
struct Named {
    who: Who,
    label: String,
    name: Option<String>,
}

/// What was asked for, found.
struct Found {
    subject: Named,
    place_label: String,
}

/// Runs the command; answers what to print.
pub async fn run(ground: &Ground, args: &ExplainArgs) -> Result<String, ExplainError> {
    let mut tx = ground.db.read().await?;
    let catalogue = load::catalogue(&mut tx).await?;
    let (place, place_label) = place(&catalogue, args)?;
    let found = Found { subject: somebody(&mut tx, &args.who).await?, place_label };
    let Some(subject) = Subject::read(&mut tx, &catalogue, found.subject.who, place, ground.clock.now()).await? else {
        return Err(unknown("user or API client", &args.who, []));
    };
    let sight = Sight { everybody: true, members: true, end_users: Vec::new() };
    let Some(what) = what(&catalogue, place, args) else {
        let everything = subject.everything(&sight);
        return Ok(if args.json { json::everything(&found, &subject, &everything) } else { Text::new(&catalogue, &found, &subject).everything(&everything) });
    };
    let answer = subject.why(&what, &sight);
    let mut names = HashMap::new();
    if let Answer::Missing(missing) = &answer {
        if let Existence::Unknown(_) = missing.exists {
            let kind = if matches!(what, What::Permission(_)) { "permission" } else { "role" };
            return Err(unknown(format!("{kind} at {}", found.place_label), what.key(), explain::known(&catalogue, place, &what)));
        }
        names = explain::names(&mut tx, &missing.roles).await?;
    }
    Ok(if args.json { json::answer(&found, &subject, &what, &answer, &names) } else { Text::new(&catalogue, &found, &subject).answer(&what, &answer, &names) })
}

/// What is asked about; a role is an end-user role where there is one by that name.
fn what(catalogue: &Catalogue, place: Place, args: &ExplainArgs) -> Option<What> {
    let role = args.role.as_ref().map(|key| {
        let end_user = What::Role(key.clone());
        let is_known = explain::known(catalogue, place, &end_user).contains(&key.as_str());
        if is_known || catalogue.organization_role_by_key(key).is_none() && place != Place::Organization {
            end_user
        } else {
            What::OrganizationRole(key.clone())
        }
    });
    args.permission.clone().map(What::Permission).or(role)
}

fn place(catalogue: &Catalogue, args: &ExplainArgs) -> Result<(Place, String), ExplainError> {
    let (app_key, stage_key) = (args.app.as_str(), args.stage.as_str());
    match (app_key == "-", stage_key == "-") {
        (true, true) => return Ok((Place::Organization, "the organization".to_owned())),
        (false, false) => {}
        _ => return Err(ExplainError::HalfPlace),
    }
    let app = catalogue.app_by_key(app_key).ok_or_else(|| unknown("app", app_key, catalogue.apps().iter().map(|app| app.key.as_str())))?;
    let stages = || catalogue.stages().iter().map(|stage| stage.key.as_str());
    let stage = catalogue.stage_by_key(stage_key).ok_or_else(|| unknown("stage", stage_key, stages()))?;
    let here = || catalogue.deployments_of(app.id).filter_map(|home| catalogue.stage(home.stage)).map(|stage| stage.key.as_str());
    let deployment = catalogue.deployment_at(app.id, stage.id).ok_or_else(|| unknown(format!("deployment of {app_key} at the stage"), stage_key, here()))?;
    Ok((Place::Deployment(deployment.id), format!("{app_key} at {stage_key}")))
}

async fn somebody(tx: &mut Tx, text: &str) -> Result<Named, ExplainError> {
    let of_user =
        |user: user::User| Named { who: Who::User(user.id), name: user.profile.name.as_ref().map(ToString::to_string), label: user.email.to_string() };
    if let Ok(email) = EmailAddress::parse(text)
        && let Some(user) = user::by_email(tx, &email).await?
    {
        return Ok(of_user(user));
    }
    if let Ok(id) = text.parse::<UserId>()
        && let Some(user) = user::by_id(tx, id).await?
    {
        return Ok(of_user(user));
    }
    let by_row = match text.parse::<ClientId>() {
        Ok(id) => client::by_id(tx, id).await?,
        Err(_) => client::by_client_id(tx, text).await?,
    };
    if let Some(client) = by_row {
        return Ok(Named { who: Who::Client(client.id), name: Some(client.name.to_string()), label: client.client_id });
    }
    let known = explain::everybody(tx).await?;
    Err(unknown("user or API client", text, known.iter().map(String::as_str)))
}

/// The answer in English.
struct Text<'a> {
    catalogue: &'a Catalogue,
    now: Timestamp,
    out: String,
}

impl<'a> Text<'a> {
    fn new(catalogue: &'a Catalogue, found: &Found, subject: &Subject) -> Self {
        let name = found.subject.name.as_ref().map(|name| format!(" ({name})")).unwrap_or_default();
        let mut this = Self { catalogue, now: subject.now, out: format!("{}{name}, {}", found.subject.label, found.place_label) };
        if let Some(why) = standing(subject.standing) {
            this.line(0, &format!("Nothing counts: {why}."));
        }
        this
    }

    fn line(&mut self, indent: usize, text: &str) {
        let _ = write!(self.out, "\n{:indent$}{text}", ""); // writing to a String cannot fail
    }

    fn everything(mut self, everything: &Everything) -> String {
        for (title, things) in [("Roles", &everything.roles), ("Organization roles", &everything.organization_roles), ("Permissions", &everything.permissions)]
        {
            if !things.is_empty() {
                self.line(0, &format!("\n{title}"));
                for Thing { what, name, ways } in things {
                    self.line(2, &if name == what.key() { name.clone() } else { format!("{} ({name})", what.key()) });
                    for way in ways {
                        let way = self.way(way);
                        self.line(4, &way);
                    }
                }
            }
        }
        if everything.roles.is_empty() && everything.organization_roles.is_empty() {
            self.line(0, "\nHolds nothing here.");
        }
        self.idle(&everything.idle);
        self.out
    }

    fn idle(&mut self, ways: &[Way]) {
        if !ways.is_empty() {
            self.line(0, "\nThere, but not counting here now");
            for way in ways {
                let text = self.way(way);
                let why = way.idle.as_ref().map(|idle| self.why_idle(idle)).unwrap_or_default();
                self.line(2, &format!("{text}: {why}"));
            }
        }
    }

    fn answer(mut self, what: &What, answer: &Answer, names: &HashMap<RoleRef, String>) -> String {
        match answer {
            Answer::Held(ways) => {
                self.line(0, &format!("\n{}: yes", what.key()));
                for way in ways {
                    let text = self.way(way);
                    self.line(2, &text);
                }
                let links = explain::removal(ways);
                let these = links.iter().map(|way| link(way)).collect::<Vec<_>>().join("; ");
                self.line(
                    0,
                    &if links.len() == 1 {
                        format!("\nTo take it away, remove this one: {these}.")
                    } else {
                        format!("\nTo take it away, remove all of these: {these}.")
                    },
                );
            }
            Answer::Missing(Missing { exists, idle, roles }) => {
                self.line(0, &format!("\n{}: no", what.key()));
                if *exists == Existence::Retired {
                    self.line(2, "This permission no longer exists. Roles that name it give nothing by it.");
                }
                self.idle(idle);
                let roles: Vec<String> = roles.iter().filter_map(|giver| Some(offer(giver, names.get(&giver.role)?))).collect();
                match (roles.is_empty(), exists) {
                    (false, _) => {
                        self.line(0, "\nRoles that would give it here");
                        for role in roles {
                            self.line(2, &role);
                        }
                    }
                    (true, Existence::Retired) => {}
                    (true, _) => self.line(0, "\nNo role gives it here."),
                }
            }
        }
        self.out
    }

    /// One way in one line.
    fn way(&self, way: &Way) -> String {
        let mut text = String::new();
        if let Some(group) = &way.group {
            let _ = write!(text, "group {:?} ({}) -> ", group.name, terms(group.terms.as_ref(), "member"));
        }
        let _ = write!(text, "role {}", way.path.role_key);
        match (&way.app, way.path.role) {
            (Some(app), RoleRef::Organization(_)) => drop(write!(text, " at the app {app:?}")),
            (None, RoleRef::Organization(_)) => text.push_str(" at the organization"),
            (_, RoleRef::EndUser(_)) => {}
        }
        let _ = write!(text, " ({})", terms(way.terms.as_ref(), "given"));
        for step in &way.path.chain {
            let how = match step.implied {
                None => way.path.counts.map(|counts| format!(" ({})", self.counts(counts))).unwrap_or_default(),
                Some(ImpliedAt::SameStage) => " (implied)".to_owned(),
                Some(ImpliedAt::EveryStage) => " (implied at every stage)".to_owned(),
                Some(ImpliedAt::Purpose(purpose)) => format!(" (implied at {purpose} stages)"),
            };
            let _ = write!(text, " -> {}{how}", step.permission);
        }
        if way.idle.is_none() {
            let _ = write!(text, ", {}", until(way.path.period, self.now));
        }
        text
    }

    fn counts(&self, counts: Counts) -> String {
        match counts {
            Counts::EveryStage => "at every stage".to_owned(),
            Counts::Purpose(purpose) => format!("at {purpose} stages"),
            Counts::Stage(id) => format!("at {}", self.stage(id)),
        }
    }

    fn stage(&self, id: StageId) -> String {
        self.catalogue.stage(id).map(|stage| stage.key.to_string()).unwrap_or_default()
    }

    fn why_idle(&self, idle: &Idle) -> String {
        match idle {
            Idle::Standing => "would count otherwise".to_owned(),
            Idle::NotStarted(at) => format!("begins {}", at.rfc3339()),
            Idle::Ended(at) => format!("ended {}", at.rfc3339()),
            Idle::NotMemberYet(at) => format!("the membership begins {}", at.rfc3339()),
            Idle::MemberNoMore(at) => format!("the membership ended {}", at.rfc3339()),
            Idle::OtherStages(stages) => format!("limited to {}", stages.iter().map(|stage| self.stage(*stage)).collect::<Vec<_>>().join(", ")),
            Idle::OtherApp(app) => format!("granted at the app {}", self.catalogue.app(*app).map(|app| app.key.as_str()).unwrap_or_default()),
            Idle::NotAtApps => "the permission has no effect in a grant at an app".to_owned(),
            Idle::Retired(keys) => format!("no longer exists: {}", keys.iter().map(PermissionKey::as_str).collect::<Vec<_>>().join(", ")),
        }
    }
}

fn standing(standing: Standing) -> Option<&'static str> {
    Some(match standing {
        Standing::Counts => return None,
        Standing::Invited => "invited, and not here yet",
        Standing::Registering => "the registration is not finished",
        Standing::Inactive => "deactivated",
        Standing::NotProved => "the e-mail address is not proved",
        Standing::Suspended => "the client is suspended",
    })
}

fn terms(terms: Option<&Terms>, verb: &str) -> String {
    let Some(terms) = terms else { return verb.to_owned() };
    let reason = terms.reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
    format!("{verb} by {}, {}{reason}", terms.granted_by_label, &terms.granted_at.rfc3339()[..10])
}

/// Until when, and in how many days if that is soon.
fn until(period: Period, now: Timestamp) -> String {
    let Some(end) = period.ends_at else { return "without end".to_owned() };
    match end.since(now).as_secs() / 86_400 {
        days @ 2..14 => format!("ends in {days} days ({})", end.rfc3339()),
        _ => format!("until {}", end.rfc3339()),
    }
}

fn link(way: &Way) -> String {
    match (&way.group, way.path.role, &way.app) {
        (Some(group), ..) => format!("the membership in group {:?}", group.name),
        (None, RoleRef::EndUser(_), _) => format!("the grant of role {}", way.path.role_key),
        (None, RoleRef::Organization(_), None) => format!("the grant of organization role {} at the organization", way.path.role_key),
        (None, RoleRef::Organization(_), Some(app)) => format!("the grant of organization role {} at the app {app:?}", way.path.role_key),
    }
}

fn offer(giver: &Giver, name: &str) -> String {
    match (giver.role, giver.at_app) {
        (RoleRef::EndUser(_), _) => format!("{} ({name})", giver.key),
        (RoleRef::Organization(_), true) => format!("{} ({name}), granted at the organization or at this app", giver.key),
        (RoleRef::Organization(_), false) => format!("{} ({name}), granted at the organization", giver.key),
    }
}
