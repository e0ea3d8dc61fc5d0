//! What the form that invites people holds: as it was typed, and as it is meant.

use crate::access::load::Snapshot;
use crate::base::authority::Authority;
use crate::base::id::{AppId, EndUserRoleId, GroupId, OrganizationRoleId};
use crate::base::text::{Description, EmailAddress, Locale, TextError, shown};
use crate::base::time::{Period, Timestamp};
use crate::http::page::FieldError;
use crate::http::permission_words;
use crate::http::portal::Portal;
use crate::lifecycle::invitation::choices::Choices;
use crate::lifecycle::invitation::{InviteError, Offer, Offered, Recipient};
use crate::oauth::parameters::Parameters;
use crate::words::{self, Words};
use std::collections::HashMap;
use std::str::FromStr;

/// The most addresses of one form.
pub const MOST_ADDRESSES: usize = 20;

/// The form as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// The addresses, one per line.
    pub emails: String,
    /// The language of the mail.
    pub locale: String,
    /// Organization roles, by id.
    pub roles: Vec<String>,
    /// The app to which these are limited.
    pub role_app: String,
    /// End-user roles, by id.
    pub app_roles: Vec<String>,
    /// Groups, by id.
    pub groups: Vec<String>,
    /// The start of everything.
    pub starts: String,
    /// The end of everything.
    pub until: String,
    /// The end of each kind, where it is another one: organization roles, end-user roles, groups.
    pub ends: [String; 3],
    /// Why.
    pub reason: String,
}

/// The fields of the ends of each kind.
pub const ENDS: [&str; 3] = ["until_role", "until_app_role", "until_group"];

/// The form as it is meant.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Whom.
    pub emails: Vec<EmailAddress>,
    /// The language of the mail.
    pub locale: Locale,
    /// To what.
    pub offers: Vec<Offered>,
}

/// What is wrong with a form, and whether the reader asked for what they may not give.
#[derive(Debug, Default)]
pub struct Wrong {
    /// At which fields.
    pub errors: Vec<FieldError>,
    /// They may not give it.
    pub denied: bool,
}

impl Wrong {
    /// Notes what is wrong with a field.
    pub fn add(&mut self, field: &'static str, message: String) {
        self.errors.push(FieldError { field, message });
    }
}

/// What a form is judged with.
#[derive(Clone, Copy, Debug)]
pub struct Judge<'a> {
    /// The reader's language.
    pub words: Words,
    /// What there is.
    pub choices: &'a Choices,
    /// The apps and stages.
    pub snapshot: &'a Snapshot,
    /// What the reader may give.
    pub authority: &'a Authority,
    /// Who would get it.
    pub recipient: Recipient,
    /// Now.
    pub now: Timestamp,
}

impl<'a> Judge<'a> {
    /// By what the reader may give.
    pub fn of(portal: &'a Portal, choices: &'a Choices, recipient: Recipient) -> Self {
        let person = &portal.person;
        Self { words: portal.words, choices, snapshot: &person.snapshot, authority: &person.authority, recipient, now: person.now }
    }
}

impl Draft {
    /// What a form or an address holds.
    pub fn read(fields: &Parameters) -> Self {
        let one = |name| fields.one(name).ok().flatten().unwrap_or_default().to_owned();
        let every = |name| fields.every(name).to_vec();
        Self {
            emails: one("email"),
            locale: one("locale"),
            roles: every("role"),
            role_app: one("role_app"),
            app_roles: every("app_role"),
            groups: every("group"),
            starts: one("starts"),
            until: one("until"),
            ends: ENDS.map(one),
            reason: one("reason"),
        }
    }

    /// The same as the fields of a form.
    pub fn fields(&self) -> Vec<(&'static str, String)> {
        let one = [("email", &self.emails), ("locale", &self.locale), ("role_app", &self.role_app)];
        let terms = [("starts", &self.starts), ("until", &self.until), ("reason", &self.reason)];
        let ends = ENDS.into_iter().zip(&self.ends);
        let many = [("role", &self.roles), ("app_role", &self.app_roles), ("group", &self.groups)];
        let many = many.into_iter().flat_map(|(name, values)| values.iter().map(move |value| (name, value)));
        one.into_iter().chain(terms).chain(ends).chain(many).filter(|(_, value)| !value.is_empty()).map(|(name, value)| (name, value.clone())).collect()
    }

    /// What it means, or everything that is wrong with it.
    pub fn judge(&self, judge: Judge<'_>) -> Result<Plan, Wrong> {
        let mut wrong = Wrong::default();
        let emails = self.addresses(judge.words, &mut wrong);
        let locale = self.language(judge.words, &mut wrong);
        let offers = self.offers(judge, &mut wrong);
        match locale {
            Some(locale) if wrong.errors.is_empty() => Ok(Plan { emails, locale, offers }),
            _ => Err(wrong),
        }
    }

    fn addresses(&self, words: Words, wrong: &mut Wrong) -> Vec<EmailAddress> {
        let lines = || self.emails.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
        if lines().count() > MOST_ADDRESSES {
            wrong.add("email", words.with("invite-too-many-addresses", &[("most", MOST_ADDRESSES.to_string())]));
            return Vec::new();
        }
        let (mut emails, mut seen): (Vec<EmailAddress>, HashMap<String, usize>) = (Vec::new(), HashMap::new());
        for (at, line) in lines() {
            let values = |more: &str| [("line", (at + 1).to_string()), ("text", shown(line)), ("more", more.to_owned())];
            match EmailAddress::parse(line) {
                Err(TextError::TooLong(most)) => wrong.add("email", words.with("invite-address-long", &values(&most.to_string()))),
                Err(_) => wrong.add("email", words.with("invite-address-bad", &values(""))),
                Ok(email) => match seen.insert(email.key().to_owned(), at + 1) {
                    Some(first) => wrong.add("email", words.with("invite-address-twice", &values(&first.to_string()))),
                    None => emails.push(email),
                },
            }
        }
        if emails.is_empty() && wrong.errors.is_empty() {
            wrong.add("email", words.say("invite-address-missing"));
        }
        emails
    }

    fn language(&self, words: Words, wrong: &mut Wrong) -> Option<Locale> {
        let chosen = if self.locale.is_empty() { words.lang() } else { self.locale.as_str() };
        let known = words::languages().any(|(lang, _)| lang == chosen);
        let locale = Locale::parse(chosen).ok().filter(|_| known);
        if locale.is_none() {
            wrong.add("locale", words.say("invite-language-bad"));
        }
        locale
    }

    /// From when: a day that is over is one, too. What begins then counts at once.
    fn start(&self, words: Words, wrong: &mut Wrong) -> Option<Timestamp> {
        let start = Timestamp::parse(&self.starts);
        if start.is_none() && !self.starts.is_empty() {
            wrong.add("starts", words.say("invite-until-bad"));
        }
        start
    }

    fn end(&self, kind: Option<usize>, start: Option<Timestamp>, judge: Judge<'_>, wrong: &mut Wrong) -> Option<Timestamp> {
        let (field, typed) = match kind {
            Some(kind) if !self.ends[kind].is_empty() => (ENDS[kind], self.ends[kind].as_str()),
            _ => ("until", self.until.as_str()),
        };
        if typed.is_empty() {
            return None;
        }
        let key = match Timestamp::parse(typed) {
            Some(end) if end <= judge.now => crate::word!("invite-until-past"),
            Some(end) if start.is_some_and(|start| end <= start) => crate::word!("period-order"),
            Some(end) => return Some(end),
            None => crate::word!("invite-until-bad"),
        };
        if FieldError::of(&wrong.errors, field).is_none() {
            wrong.add(field, judge.words.say(key));
        }
        None
    }

    /// What is offered, each with its terms; what is wrong with it is added.
    pub fn offers(&self, judge: Judge<'_>, wrong: &mut Wrong) -> Vec<Offered> {
        let Judge { words, choices, snapshot, .. } = judge;
        let reason = match Description::parse(&self.reason) {
            Ok(reason) => Some(reason).filter(|reason| !reason.as_str().is_empty()),
            Err(TextError::TooLong(most)) => {
                wrong.add("reason", words.with("invite-reason-long", &[("most", most.to_string())]));
                None
            }
            Err(_) => {
                wrong.add("reason", words.say("invite-reason-strange"));
                None
            }
        };
        // A date that cannot be read is wrong, whether anything ends on it or not.
        let starts_at = self.start(words, wrong);
        self.end(None, starts_at, judge, wrong);
        let ends = [0, 1, 2].map(|kind| self.end(Some(kind), starts_at, judge, wrong));
        let app = if self.role_app.is_empty() { Ok(None) } else { AppId::from_str(&self.role_app).map(Some) };
        let organization = |id: &String| choices.organization_role(OrganizationRoleId::from_str(id).ok()?, app.clone().ok()?, snapshot);
        let end_user = |id: &String| choices.end_user_role(EndUserRoleId::from_str(id).ok()?, snapshot);
        let group = |id: &String| choices.group(GroupId::from_str(id).ok()?);
        let found: [(&'static str, Vec<Option<Offer>>); 3] = [
            ("role", self.roles.iter().map(organization).collect()),
            ("app_role", self.app_roles.iter().map(end_user).collect()),
            ("group", self.groups.iter().map(group).collect()),
        ];
        let mut offers: Vec<Offered> = Vec::new();
        for ((field, found), ends_at) in found.into_iter().zip(ends) {
            for offer in found {
                match offer {
                    // The reader's own choice went away while the page was open.
                    None if FieldError::of(&wrong.errors, field).is_none() => wrong.add(field, words.say("invite-gone")),
                    None => {}
                    Some(offer) if !offer.is_within_for(judge.recipient, judge.authority) => may_not(judge, field, &offer, wrong),
                    Some(offer) if offers.iter().any(|has| has.offer == offer) => {}
                    Some(offer) => offers.push(Offered { offer, period: Period { starts_at, ends_at }, reason: reason.clone() }),
                }
            }
        }
        let nothing_wrong = ["role", "app_role", "group"].iter().all(|field| FieldError::of(&wrong.errors, field).is_none());
        if offers.is_empty() && nothing_wrong {
            wrong.add("offers", words.say("invite-nothing"));
        }
        if offers.len() > 100 {
            wrong.add("offers", words.say("invite-too-much"));
        }
        offers
    }
}

fn may_not(judge: Judge<'_>, field: &'static str, offer: &Offer, wrong: &mut Wrong) {
    wrong.denied = true;
    if FieldError::of(&wrong.errors, field).is_some() {
        return;
    }
    let (permission, reach) = offer.needs_for(judge.recipient);
    let message = if offer.gives_everything() && judge.authority.allows(permission, reach) {
        judge.words.say("invite-only-administrators")
    } else {
        denied(judge.words, judge.snapshot, permission)
    };
    wrong.add(field, message);
}

/// What is said to somebody who lacks a permission.
pub fn denied(words: Words, snapshot: &Snapshot, permission: &str) -> String {
    let name = permission_words::name_of(words, &snapshot.catalogue, permission).unwrap_or_else(|| permission.to_owned());
    words.with("invite-may-not", &[("permission", name)])
}

/// What the rule refused for somebody, at its field; `Err`: it is no refusal.
pub fn refused(words: Words, snapshot: &Snapshot, email: &EmailAddress, error: InviteError) -> Result<Wrong, crate::base::fault::Fault> {
    let about = || [("email", email.as_str())];
    let (field, message, denied) = match error {
        InviteError::Denied(lacks) => {
            let field = match lacks.permission {
                "member_access.manage" => "role",
                "end_user_groups.manage" => "group",
                _ => "app_role",
            };
            (field, denied(words, snapshot, lacks.permission), true)
        }
        InviteError::OnlyAdministrators => ("role", words.say("invite-only-administrators"), true),
        InviteError::Beyond => ("role", words.say("invite-beyond"), true),
        InviteError::Nothing => ("offers", words.say("invite-nothing"), false),
        InviteError::TooMany => ("offers", words.with("invite-too-much-for", &about()), false),
        InviteError::Period => ("until", words.say("period-order"), false),
        InviteError::Over => ("until", words.say("invite-until-past"), false),
        InviteError::Inactive => ("email", words.with("invite-inactive", &about()), false),
        InviteError::Gone => ("offers", words.say("invite-gone"), false),
        InviteError::Fault(fault) => return Err(fault),
    };
    Ok(Wrong { errors: vec![FieldError { field, message }], denied })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses(text: &str) -> (Vec<String>, Vec<String>) {
        let mut wrong = Wrong::default();
        let words = Words::of(&Locale::english());
        let emails = Draft { emails: text.to_owned(), ..Draft::default() }.addresses(words, &mut wrong);
        (emails.iter().map(|email| email.as_str().to_owned()).collect(), wrong.errors.into_iter().map(|error| error.message).collect())
    }

    #[test]
    fn every_bad_line_is_named() {
        let (good, wrong) = addresses(" ana@acme.example \r\n\r\nbo@\r\nANA@ACME.example\r\ndi@acme.example");
        assert_eq!(good, ["ana@acme.example", "di@acme.example"]);
        assert!(wrong.len() == 2 && wrong[0].contains("Line 3") && wrong[1].contains("Line 4") && wrong[1].contains("line 1"), "{wrong:?}");
        // U+0075 U+0308 and U+00FC; a domain in Unicode and in ASCII.
        let (good, wrong) = addresses("mu\u{308}ller@m\u{fc}nchen.example\nm\u{fc}ller@xn--mnchen-3ya.example");
        assert_eq!((good.len(), wrong.len()), (1, 1));
        assert_eq!(addresses(" \n ").1.len(), 1);
        let many = (0..21).fold(String::new(), |many, n| many + &format!("a{n}@acme.example\n"));
        assert_eq!((addresses(&many).0.len(), addresses(&many).1.len()), (0, 1));
        assert!(!addresses("\u{202e}evil").1[0].contains('\u{202e}'));
    }

    #[test]
    fn the_fields_come_back_as_they_went() {
        let fields = Parameters::parse(
            b"email=a%40b.example%0D%0Ac&locale=de&role=1&role=2&app_role=3&group=4&starts=2029-01-01&until=2030-01-01&until_group=2031-01-01&reason=why",
        );
        let draft = Draft::read(&fields);
        let encoded = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(draft.fields()).finish();
        assert_eq!(Draft::read(&Parameters::parse(encoded.as_bytes())), draft);
        assert_eq!(draft.fields().len(), 10);
    }
}
