//! `gatehouse invite`: invite somebody from the server, send an invitation again, or take it back.

use crate::access::app::{self, App, deployment};
use crate::access::catalogue::Catalogue;
use crate::access::grant::Given;
use crate::access::role::{end_user, organization as organization_role};
use crate::access::{begin_change, load};
use crate::actor::Actor;
use crate::base::fault::Fault;
use crate::base::id::StageId;
use crate::base::text::{Description, EmailAddress, Locale, Slug, TextError};
use crate::base::time::{Period, Timestamp};
use crate::db::Tx;
use crate::identity::{group, organization};
use crate::lifecycle::invitation::{self, ChangeError, InviteError, Letters, NewInvitation, Offer, Offered, Outcome};
use crate::work::{Ground, Origin, Work};
use std::time::Duration;

/// What `gatehouse invite` takes.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct InviteArgs {
    /// The e-mail address of the person.
    pub email: String,
    /// An organization role, for the whole organization or for one app. May be repeated.
    #[arg(long = "org-role", value_name = "KEY[@APP]", conflicts_with_all = ["resend", "revoke"])]
    pub org_roles: Vec<String>,
    /// An end-user role of an app at a stage. May be repeated.
    #[arg(long = "role", value_name = "APP/STAGE/ROLE", conflicts_with_all = ["resend", "revoke"])]
    pub roles: Vec<String>,
    /// A group at a stage. May be repeated.
    #[arg(long = "group", value_name = "STAGE/GROUP", conflicts_with_all = ["resend", "revoke"])]
    pub groups: Vec<String>,
    /// The date from which everything offered here counts: 2026-12-31, or an instant such as 2026-12-31T18:00:00Z.
    #[arg(long, value_name = "DATE", conflicts_with_all = ["resend", "revoke"])]
    pub from: Option<String>,
    /// The date on which everything offered here ends by itself: 2026-12-31, or an instant such as 2026-12-31T18:00:00Z.
    #[arg(long, value_name = "DATE", conflicts_with_all = ["resend", "revoke"])]
    pub until: Option<String>,
    /// Why; whoever looks at the access later reads it.
    #[arg(long, value_name = "TEXT", conflicts_with_all = ["resend", "revoke"])]
    pub reason: Option<String>,
    /// The language of the mail. An invitation that is open already keeps its own.
    #[arg(long, value_name = "LANGUAGE", default_value = "en", conflicts_with_all = ["resend", "revoke"])]
    pub locale: String,
    /// Send the open invitation again, with a new link and code; the old ones stop working.
    #[arg(long, conflicts_with = "revoke")]
    pub resend: bool,
    /// Take the open invitation back.
    #[arg(long)]
    pub revoke: bool,
}

/// Why the command did nothing.
#[derive(Debug, thiserror::Error)]
pub enum InviteCliError {
    /// Not an address, key, or language.
    #[error("{argument} {error}")]
    Text {
        /// What was typed.
        argument: String,
        /// What is wrong with it.
        error: TextError,
    },
    /// Not in its form.
    #[error("{argument:?} must look like {form}")]
    Form {
        /// What was typed.
        argument: String,
        /// How it should look.
        form: &'static str,
    },
    /// Not a date.
    #[error("{option} {text:?} is no date; write it like 2026-12-31")]
    Date {
        /// Which option.
        option: &'static str,
        /// What was typed.
        text: String,
    },
    /// No reason that can be shown.
    #[error("--reason {0}")]
    Reason(TextError),
    /// A key that nothing has.
    #[error("there is no {what} {key:?}; {near}")]
    Unknown {
        /// What was looked for, and where.
        what: String,
        /// The key.
        key: String,
        /// The keys that are there, most alike first.
        near: String,
    },
    /// Nobody set the organization up yet.
    #[error("there is no organization yet: set it up in a browser, or describe it in a file and run `gatehouse apply FILE` first")]
    NoOrganization,
    /// Nobody with the address is invited.
    #[error("there is no open invitation for {0}")]
    NotInvited(EmailAddress),
    /// The rule refused.
    #[error(transparent)]
    Invite(#[from] InviteError),
    /// The rule refused.
    #[error(transparent)]
    Change(#[from] ChangeError),
    /// Unexpected.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// The arguments, each in its form.
struct Parsed {
    email: EmailAddress,
    locale: Locale,
    org_roles: Vec<(Slug, Option<Slug>)>,
    roles: Vec<[Slug; 3]>,
    groups: Vec<[Slug; 2]>,
    period: Period,
    reason: Option<Description>,
}

fn text<T>(argument: &str, parse: impl Fn(&str) -> Result<T, TextError>) -> Result<T, InviteCliError> {
    parse(argument).map_err(|error| InviteCliError::Text { argument: argument.to_owned(), error })
}

fn slugs<const N: usize>(argument: &str, form: &'static str) -> Result<[Slug; N], InviteCliError> {
    let parts: Vec<Slug> = argument.split('/').map(|part| text(part, Slug::parse)).collect::<Result<_, _>>()?;
    parts.try_into().map_err(|_| InviteCliError::Form { argument: argument.to_owned(), form })
}

fn parse(args: &InviteArgs) -> Result<Parsed, InviteCliError> {
    let org_role = |argument: &String| {
        let (role, at) = argument.split_once('@').map_or((argument.as_str(), None), |(role, at)| (role, Some(at)));
        Ok((text(role, Slug::parse)?, at.map(|at| text(at, Slug::parse)).transpose()?))
    };
    let reason = args.reason.as_deref().map(Description::parse).transpose().map_err(InviteCliError::Reason)?;
    Ok(Parsed {
        email: text(&args.email, EmailAddress::parse)?,
        locale: text(&args.locale, Locale::parse)?,
        org_roles: args.org_roles.iter().map(org_role).collect::<Result<_, InviteCliError>>()?,
        roles: args.roles.iter().map(|argument| slugs(argument, "APP/STAGE/ROLE")).collect::<Result<_, _>>()?,
        groups: args.groups.iter().map(|argument| slugs(argument, "STAGE/GROUP")).collect::<Result<_, _>>()?,
        period: Period { starts_at: date("--from", args.from.as_deref())?, ends_at: date("--until", args.until.as_deref())? },
        reason: reason.filter(|reason| !reason.as_str().is_empty()),
    })
}

fn date(option: &'static str, typed: Option<&str>) -> Result<Option<Timestamp>, InviteCliError> {
    typed.map(|text| Timestamp::parse(text).ok_or_else(|| InviteCliError::Date { option, text: text.to_owned() })).transpose()
}

/// Names a key that nothing has, with those that are there, most alike first.
fn unknown<'a>(what: impl Into<String>, key: &Slug, known: impl IntoIterator<Item = &'a str>) -> InviteCliError {
    let near = super::nearest(key.as_str(), known);
    InviteCliError::Unknown { what: what.into(), key: key.to_string(), near }
}

/// Runs the command; answers what to print.
pub async fn run(ground: &Ground, issuer: &str, life: Duration, args: &InviteArgs) -> Result<String, InviteCliError> {
    let parsed = parse(args)?;
    ground.work(&Actor::System { label: "invite" }, &Origin::default(), async |work| act(work, issuer, life, args, &parsed).await).await
}

async fn act(work: &mut Work, issuer: &str, life: Duration, args: &InviteArgs, parsed: &Parsed) -> Result<String, InviteCliError> {
    let changing = begin_change(work).await?;
    let organization = organization::load(&mut work.tx).await?.ok_or(InviteCliError::NoOrganization)?;
    let letters = Letters { issuer, organization: organization.name.as_str() };
    let email = &parsed.email;
    if args.resend || args.revoke {
        let open = invitation::open_for(&mut work.tx, email).await?.ok_or_else(|| InviteCliError::NotInvited(email.clone()))?;
        return Ok(if args.revoke {
            invitation::revoke(work, &changing, open).await?;
            format!("The invitation of {email} is revoked: its link and its code no longer work.")
        } else {
            let until = invitation::resend(work, &changing, open, life, &letters).await?;
            format!("{email} gets a new link and a new code, good until {}. The old ones no longer work.", until.rfc3339())
        });
    }
    let offers = offers(&mut work.tx, parsed).await?;
    let new = NewInvitation { email: email.clone(), locale: parsed.locale.clone(), offers, life };
    Ok(match invitation::create(work, &changing, &new, &letters).await? {
        Outcome::Invited(_) => format!("{email} is invited: a mail with a link and a code is on its way."),
        Outcome::Added(_) => format!("{email} was invited already: this was added, and a new link and code are on their way. The old ones no longer work."),
        Outcome::Granted(_, given) => granted(email, &given),
    })
}

fn granted(email: &EmailAddress, given: &[Given]) -> String {
    let count = |wanted: Given| given.iter().filter(|given| **given == wanted).count();
    let mut text = format!("{email} is here already: granted {} of {} at once", count(Given::Granted), given.len());
    if count(Given::Granted) > 0 {
        text.push_str(" and told by mail");
    }
    if count(Given::Unchanged) > 0 {
        text.push_str("; the rest was there before");
    }
    if count(Given::PeriodDiffers) > 0 {
        text.push_str("; what was there with other dates keeps them");
    }
    text + "."
}

async fn offers(tx: &mut Tx, parsed: &Parsed) -> Result<Vec<Offered>, InviteCliError> {
    let catalogue = load::catalogue(tx).await?;
    let mut offers = Vec::new();
    for (key, at) in &parsed.org_roles {
        let roles = || unknown("organization role", key, catalogue.organization_roles().map(|role| role.key.as_str()));
        let role = organization_role::by_key(tx, key).await?.ok_or_else(roles)?;
        let app = match at {
            Some(at) => Some(find_app(tx, &catalogue, at).await?),
            None => None,
        };
        offers.push(Offer::OrganizationRole { role, app });
    }
    for [app_key, stage_key, key] in &parsed.roles {
        let app = find_app(tx, &catalogue, app_key).await?;
        let stage = find_stage(&catalogue, stage_key)?;
        let here = || catalogue.deployments_of(app.id).filter_map(|home| catalogue.stage(home.stage)).map(|stage| stage.key.as_str());
        let home = deployment::find(tx, app.id, stage).await?.ok_or_else(|| unknown(format!("deployment of {app_key} at the stage"), stage_key, here()))?;
        let roles = || unknown(format!("role of {app_key} at {stage_key}"), key, catalogue.end_user_roles_of(home.id).map(|role| role.key.as_str()));
        let role = end_user::by_key(tx, home.id, key).await?.ok_or_else(roles)?;
        offers.push(Offer::EndUserRole { app, role });
    }
    for [stage_key, key] in &parsed.groups {
        let stage = find_stage(&catalogue, stage_key)?;
        let Some(group) = group::by_key(tx, stage, key).await? else {
            let known = group::keys(tx, stage).await?;
            return Err(unknown(format!("group at {stage_key}"), key, known.iter().map(Slug::as_str)));
        };
        offers.push(Offer::Group { group });
    }
    Ok(offers.into_iter().map(|offer| Offered { offer, period: parsed.period, reason: parsed.reason.clone() }).collect())
}

async fn find_app(tx: &mut Tx, catalogue: &Catalogue, key: &Slug) -> Result<App, InviteCliError> {
    app::by_key(tx, key).await?.ok_or_else(|| unknown("app", key, catalogue.apps().iter().map(|app| app.key.as_str())))
}

fn find_stage(catalogue: &Catalogue, key: &Slug) -> Result<StageId, InviteCliError> {
    let stage = catalogue.stage_by_key(key.as_str()).ok_or_else(|| unknown("stage", key, catalogue.stages().iter().map(|stage| stage.key.as_str())))?;
    Ok(stage.id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifecycle::tests::{LETTERS, WEEK, World, secrets_in};
    use clap::Parser;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        invite: InviteArgs,
    }

    fn line(words: &str) -> Result<InviteArgs, clap::Error> {
        Line::try_parse_from(std::iter::once("invite").chain(words.split(' '))).map(|line| line.invite)
    }

    async fn said(world: &World, words: &str) -> Result<String, String> {
        let args = line(words).map_err(|error| error.to_string())?;
        run(&world.ground, LETTERS.issuer, WEEK, &args).await.map_err(|error| error.to_string())
    }

    #[tokio::test]
    async fn a_person_is_invited_from_the_command_line_and_joins() {
        let world = World::new().await;
        let words = "bo@acme.example --org-role developer@sales --role sales/qa/approver --group qa/desk --until 2026-12-31";
        assert_eq!(said(&world, words).await.unwrap(), "bo@acme.example is invited: a mail with a link and a code is on its way.");
        let letters = world.letters().await;
        for line in
            ["Acme invites you to join Acme.", "- Developer, Sales, until 31 Dec 2026", "- Approver, Sales at QA, until 31 Dec 2026", "- Desk, Group at QA"]
        {
            assert!(letters[0].text.contains(line), "{line} in {}", letters[0].text);
        }
        assert!(said(&world, "bo@acme.example --group qa/desk").await.unwrap().contains("was invited already: this was added"));
        assert!(world.accept(&secrets_in(&letters[0]).0).await.is_err());
        assert!(world.accept(&secrets_in(&world.letters().await[0]).0).await.is_ok());
        let said = said(&world, "bo@acme.example --org-role developer --group qa/desk").await.unwrap();
        assert_eq!(said, "bo@acme.example is here already: granted 1 of 2 at once and told by mail; the rest was there before.");
    }

    #[tokio::test]
    async fn what_is_offered_may_begin_later_and_says_why() {
        let world = World::new().await;
        said(&world, "bo@acme.example --group qa/desk --from 2026-12-01 --until 2026-12-31 --reason Cover").await.unwrap();
        let letter = world.letters().await.remove(0);
        assert!(letter.text.contains("- Desk, Group at QA, from 1 Dec 2026 until 31 Dec 2026"), "{}", letter.text);
        world.accept(&secrets_in(&letter).0).await.unwrap();
        let mut tx = world.ground.db.read().await.unwrap();
        let given = crate::one!(tx, (Option<Timestamp>, Option<Timestamp>, Option<String>), "SELECT starts_at, ends_at, reason FROM memberships").unwrap();
        assert_eq!(given, (Timestamp::parse("2026-12-01"), Timestamp::parse("2026-12-31"), Some("Cover".to_owned())));
        assert!(line("bo@acme.example --revoke --from 2026-12-01").is_err() && line("bo@acme.example --resend --reason x").is_err());
    }

    #[tokio::test]
    async fn an_invitation_is_sent_again_and_taken_back() {
        let world = World::new().await;
        assert_eq!(said(&world, "bo@acme.example --resend").await.unwrap_err(), "there is no open invitation for bo@acme.example");
        said(&world, "bo@acme.example --group qa/desk").await.unwrap();
        let old = secrets_in(&world.letters().await[0]).0;
        let again = said(&world, "bo@acme.example --resend").await.unwrap();
        assert_eq!(again, "bo@acme.example gets a new link and a new code, good until 2026-11-30T00:00:00Z. The old ones no longer work.");
        assert!(world.accept(&old).await.is_err() && world.letters().await.len() == 1);
        assert!(said(&world, "bo@acme.example --revoke").await.unwrap().contains("is revoked"));
        assert!(said(&world, "bo@acme.example --revoke").await.is_err() && world.user("bo@acme.example").await.is_none());
        assert!(line("bo@acme.example --revoke --resend").is_err() && line("bo@acme.example --revoke --group qa/desk").is_err());
    }

    #[tokio::test]
    async fn a_wrong_word_is_named_with_those_that_are_there() {
        let world = World::new().await;
        for (words, expected) in [
            ("bo@acme.example", "an invitation must offer at least one role or group"),
            ("bo", "bo does not look like an e-mail address"),
            ("b@acme.example --org-role develper", "there is no organization role \"develper\"; known: developer, administrator"),
            ("b@acme.example --org-role developer@sale", "there is no app \"sale\"; known: sales"),
            ("b@acme.example --role sales/qs/approver", "there is no stage \"qs\"; known: qa, "),
            ("b@acme.example --role sales/production/approver", "there is no deployment of sales at the stage \"production\"; known: qa"),
            ("b@acme.example --role sales/qa/aprover", "there is no role of sales at qa \"aprover\"; known: approver"),
            ("b@acme.example --group qa/desc", "there is no group at qa \"desc\"; known: desk"),
            ("b@acme.example --group production/desk", "there is no group at production \"desk\"; there are none"),
            ("b@acme.example --role sales/approver", "\"sales/approver\" must look like APP/STAGE/ROLE"),
            ("b@acme.example --group QA/desk", "QA must be 1 to 50 of the characters"),
            ("b@acme.example --group qa/desk --until tomorrow", "--until \"tomorrow\" is no date"),
            ("b@acme.example --group qa/desk --from tomorrow", "--from \"tomorrow\" is no date"),
            ("b@acme.example --group qa/desk --from 2026-12-31 --until 2026-12-31", "the end must come after the start: choose a later end"),
            ("b@acme.example --group qa/desk --reason a\u{202e}b", "--reason must not contain"),
            ("b@acme.example --group qa/desk --until 2020-01-01", "the end lies in the past: choose an end in the future, or none"),
            ("b@acme.example --group qa/desk --locale !", "! must be a language"),
        ] {
            let error = said(&world, words).await.unwrap_err();
            assert!(error.starts_with(expected), "{words}: {error}");
        }
        assert!(world.letters().await.is_empty() && world.user("b@acme.example").await.is_none(), "nothing happened");
    }
}
