//! `/account/profile`: what people say of themselves. Apps hear of it what they ask for and may know.

use super::Account;
use super::shell::{Section, Shell};
use crate::base::fault::Fault;
use crate::base::text::{DisplayName, Locale};
use crate::http::error::ErrorWords;
use crate::http::page::FieldError;
use crate::http::paths;
use crate::http::typed::name_error;
use crate::http::visit::Visit;
use crate::identity::user::{self, Profile, ProfileError, User};
use crate::oauth::parameters::Parameters;
use crate::words::{self, Words};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Payload;
use askama::Template;
use url::Url;

/// The longest link.
const LONGEST_LINK: usize = 1_000;

/// The form.
#[derive(Template)]
#[template(path = "account/profile.html")]
pub struct ProfilePage {
    /// The layout.
    pub shell: Shell,
    /// What was typed, or what stands there.
    pub typed: Typed,
    /// The languages, each with its tag, its own name, and whether it is chosen.
    pub languages: Vec<(&'static str, &'static str, bool)>,
    /// What was wrong with the last try.
    pub errors: Vec<FieldError>,
}

/// The fields as they are typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typed {
    /// Which state of the profile was looked at.
    pub version: i64,
    /// Full name.
    pub name: String,
    /// Given name.
    pub given_name: String,
    /// Family name.
    pub family_name: String,
    /// Casual name.
    pub nickname: String,
    /// Language; empty: as the browser asks.
    pub locale: String,
    /// Time zone.
    pub zoneinfo: String,
    /// Telephone.
    pub phone_number: String,
    /// Web page.
    pub website: String,
    /// Picture.
    pub picture: String,
}

impl Typed {
    fn of(user: &User) -> Self {
        let name = |name: &Option<DisplayName>| name.as_ref().map(ToString::to_string).unwrap_or_default();
        let link = |link: &Option<Url>| link.as_ref().map(ToString::to_string).unwrap_or_default();
        let p = &user.profile;
        Self {
            version: user.version,
            name: name(&p.name),
            given_name: name(&p.given_name),
            family_name: name(&p.family_name),
            nickname: name(&p.nickname),
            locale: p.locale.as_ref().map(|locale| Words::of(locale).lang().to_owned()).unwrap_or_default(),
            zoneinfo: name(&p.zoneinfo),
            phone_number: name(&p.phone_number),
            website: link(&p.website),
            picture: link(&p.picture),
        }
    }

    fn read(fields: &Parameters) -> Option<Self> {
        let one = |name| fields.one(name).ok().flatten().unwrap_or_default().trim().to_owned();
        Some(Self {
            version: one("version").parse().ok()?,
            name: one("name"),
            given_name: one("given_name"),
            family_name: one("family_name"),
            nickname: one("nickname"),
            locale: one("locale"),
            zoneinfo: one("zoneinfo"),
            phone_number: one("phone_number"),
            website: one("website"),
            picture: one("picture"),
        })
    }

    /// The profile that was typed, over one that has more than this form shows.
    fn judge(&self, words: Words, before: &Profile) -> Result<Profile, Vec<FieldError>> {
        let mut errors = Vec::new();
        let mut text = |field: &'static str, typed: &str| {
            let parsed = if typed.is_empty() && field != "name" { return None } else { DisplayName::parse(typed) };
            parsed.map_err(|error| errors.push(FieldError { field, message: text_error(words, field, &error) })).ok()
        };
        let mut profile = Profile {
            name: text("name", &self.name),
            given_name: text("given_name", &self.given_name),
            family_name: text("family_name", &self.family_name),
            nickname: text("nickname", &self.nickname),
            zoneinfo: text("zoneinfo", &self.zoneinfo),
            phone_number: text("phone_number", &self.phone_number),
            ..before.clone()
        };
        let mut add = |field, message| errors.push(FieldError { field, message });
        if profile.zoneinfo.as_ref().is_some_and(|zone| !is_zone(zone.as_str())) {
            add("zoneinfo", words.say("profile-zone-bad"));
        }
        if profile.phone_number.as_ref().is_some_and(|number| !is_phone(number.as_str())) {
            add("phone_number", words.say("profile-phone-bad"));
        }
        let mut link = |field, typed: &str| {
            let link = Url::parse(typed).ok().filter(|link| matches!(link.scheme(), "https" | "http") && link.host().is_some() && typed.len() <= LONGEST_LINK);
            if link.is_none() && !typed.is_empty() {
                add(field, words.say("profile-link-bad"));
            }
            link
        };
        profile.website = link("website", &self.website);
        profile.picture = link("picture", &self.picture);
        profile.locale = match words::languages().find(|(lang, _)| *lang == self.locale) {
            // A dialect stays as long as its language does.
            Some((lang, _)) => before.locale.clone().filter(|locale| Words::of(locale).lang() == lang).or_else(|| Locale::parse(lang).ok()),
            None if self.locale.is_empty() => None,
            None => {
                errors.push(FieldError { field: "locale", message: words.say("profile-language-bad") });
                None
            }
        };
        if errors.is_empty() { Ok(profile) } else { Err(errors) }
    }
}

fn text_error(words: Words, field: &str, error: &crate::base::text::TextError) -> String {
    match (field, error) {
        ("name", _) => name_error(words, error),
        (_, crate::base::text::TextError::TooLong(most)) => words.with("profile-too-long", &[("most", most.to_string())]),
        _ => words.say("profile-strange"),
    }
}

/// Whether it looks like a name of the time zone database: `Europe/Berlin`, `UTC`.
fn is_zone(zone: &str) -> bool {
    let part = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'+' | b'-'));
    zone.len() <= 64 && zone.bytes().next().is_some_and(|b| b.is_ascii_alphabetic()) && zone.split('/').all(part)
}

/// Whether it looks like a telephone number: digits, with what people put between them.
fn is_phone(number: &str) -> bool {
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    let rest = number.strip_prefix('+').unwrap_or(number);
    (4..=20).contains(&digits) && rest.bytes().all(|b| b.is_ascii_digit() || matches!(b, b' ' | b'-' | b'.' | b'/' | b'(' | b')'))
}

impl ProfilePage {
    /// The message for a field, if something is wrong with it.
    pub fn error<'a>(&'a self, field: &str) -> Option<&'a str> {
        FieldError::of(&self.errors, field)
    }
}

/// `GET /account/profile`.
pub async fn show(visit: Visit) -> HttpResponse {
    let account = match Account::enter(visit).await {
        Ok(account) => account,
        Err(answer) => return answer,
    };
    let typed = Typed::of(&account.person.user);
    page(&account, StatusCode::OK, typed, Vec::new()).await
}

async fn page(account: &Account, status: StatusCode, typed: Typed, errors: Vec<FieldError>) -> HttpResponse {
    let languages = words::languages().map(|(lang, name)| (lang, name, lang == typed.locale)).collect();
    Account::page(status, &ProfilePage { shell: account.shell(Section::Profile).await, typed, languages, errors })
}

/// `POST /account/profile`.
pub async fn save(visit: Visit, payload: Payload) -> HttpResponse {
    let account = match Account::enter(visit).await {
        Ok(account) => account,
        Err(answer) => return answer,
    };
    let fields = match account.form(payload).await {
        Ok(fields) => fields,
        Err(answer) => return answer,
    };
    let user = &account.person.user;
    let Some(typed) = Typed::read(&fields) else { return account.visit.error_page(StatusCode::BAD_REQUEST, ErrorWords::Stale).await };
    let profile = match typed.judge(account.words, &user.profile) {
        Ok(profile) => profile,
        Err(errors) => return page(&account, StatusCode::UNPROCESSABLE_ENTITY, typed, errors).await,
    };
    let saved = account
        .visit
        .server
        .ground
        .work(&account.person.actor(), &account.visit.origin, async |work| user::set_profile(work, user.id, typed.version, &profile).await)
        .await;
    match saved {
        Ok(_) => Account::done(paths::PROFILE, "saved"),
        Err(ProfileError::Overtaken | ProfileError::Unknown) => account.visit.error_page(StatusCode::CONFLICT, ErrorWords::Overtaken).await,
        Err(ProfileError::Fault(fault)) => account.fault(&fault).await,
        Err(refused @ ProfileError::Denied(_)) => account.fault(&Fault::new("change one's own profile", refused)).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_and_numbers_look_like_what_they_are() {
        for good in ["UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+1"] {
            assert!(is_zone(good), "{good}");
        }
        for bad in ["", "/", "Europe/", "Europe Berlin", "+1", "<b>", &"x".repeat(65)] {
            assert!(!is_zone(bad), "{bad}");
        }
        assert!(
            is_phone("+49 (30) 123-45.67") && is_phone("110/112") && !is_phone("+") && !is_phone("12+34") && !is_phone("call me") && !is_phone(&"1".repeat(21))
        );
    }

    #[test]
    fn what_the_form_does_not_show_stays() {
        let name = |name: &str| DisplayName::parse(name).ok();
        let before = Profile { name: name("Ana"), gender: name("f"), nickname: name("A"), locale: Locale::parse("de-CH").ok(), ..Profile::default() };
        let words = Words::of(&Locale::english());
        let typed = Typed { name: "Ana F".into(), locale: "de".into(), website: "https://ana.example".into(), ..Typed::default() };
        let after = typed.judge(words, &before).unwrap();
        assert_eq!((after.gender.clone(), after.nickname.clone(), after.locale.clone()), (before.gender.clone(), None, before.locale.clone()));
        assert_eq!(after.website.map(String::from).as_deref(), Some("https://ana.example/"));
        let wrong = Typed {
            locale: "tlh".into(),
            zoneinfo: "x y".into(),
            phone_number: "x".into(),
            website: "javascript:alert(1)".into(),
            picture: "data:image/png,x".into(),
            nickname: "a\u{202e}b".into(),
            ..Typed::default()
        };
        let fields: Vec<_> = wrong.judge(words, &before).unwrap_err().into_iter().map(|error| error.field).collect();
        assert_eq!(fields, ["name", "nickname", "zoneinfo", "phone_number", "website", "picture", "locale"]);
    }
}
