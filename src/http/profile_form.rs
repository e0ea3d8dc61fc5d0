//! The form of a profile: what people say of themselves on their account page, and what whoever manages users says of others in the portal.

use super::page::FieldError;
use super::typed::name_error;
use crate::base::text::{DisplayName, Locale, TextError};
use crate::identity::user::{Profile, User};
use crate::oauth::parameters::Parameters;
use crate::word;
use crate::words::{self, Words};
use url::Url;

/// The longest link.
const LONGEST_LINK: usize = 1_000;

/// Whose profile it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// That of whoever fills in the form.
    Own,
    /// That of somebody else.
    Others,
}

/// The form.
#[derive(Clone, Debug)]
pub struct ProfileForm {
    /// What was typed, or what stands there.
    pub typed: Typed,
    /// The languages, each with its tag, its own name, and whether it is chosen.
    pub languages: Vec<(&'static str, &'static str, bool)>,
    /// What the field of the name is called.
    pub name_label: String,
    /// How the name should be; may be empty.
    pub name_hint: String,
    /// What the field of the casual name is called.
    pub nickname_label: String,
    /// What it is called to have chosen no language.
    pub browser_label: String,
    /// What was wrong with the last try.
    pub errors: Vec<FieldError>,
    whose: Whose,
}

impl ProfileForm {
    /// The form, in the language of its reader.
    pub fn new(words: Words, whose: Whose, typed: Typed, errors: Vec<FieldError>) -> Self {
        let own = whose == Whose::Own;
        Self {
            languages: words::languages().map(|(lang, name)| (lang, name, lang == typed.locale)).collect(),
            name_label: words.say(if own { word!("invitation-name") } else { word!("name") }),
            name_hint: if own { words.say("invitation-name-hint") } else { String::new() },
            nickname_label: words.say(if own { word!("profile-nickname") } else { word!("profile-nickname-of-other") }),
            browser_label: words.say(if own { word!("profile-language-browser") } else { word!("profile-language-browser-of-other") }),
            typed,
            errors,
            whose,
        }
    }

    /// The message for a field, if something is wrong with it.
    pub fn error(&self, field: &str) -> Option<&str> {
        FieldError::of(&self.errors, field)
    }

    /// What the browser may fill in by itself: what it knows is of whoever sits before it, and of nobody else.
    pub const fn complete<'a>(&self, token: &'a str) -> &'a str {
        match self.whose {
            Whose::Own => token,
            Whose::Others => "off",
        }
    }
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
    /// What stands there.
    pub fn of(user: &User) -> Self {
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

    /// What was typed; `None` when the form did not arrive whole: what is missing of it would count as emptied.
    pub fn read(fields: &Parameters) -> Option<Self> {
        let one = |name| fields.one(name).ok().flatten().unwrap_or_default().trim().to_owned();
        fields.one("whole").ok().flatten()?;
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

    /// The profile that was typed, over one that has more than this form shows. Nobody gives up their name; somebody who has not given one yet
    /// may go on without, as far as others are concerned.
    pub fn judge(&self, words: Words, whose: Whose, before: &Profile) -> Result<Profile, Vec<FieldError>> {
        let mut errors = Vec::new();
        let must_be_named = whose == Whose::Own || before.name.is_some();
        let mut text = |field: &'static str, typed: &str| {
            let needed = field == "name" && must_be_named;
            if typed.is_empty() && !needed {
                return None;
            }
            DisplayName::parse(typed).map_err(|error| errors.push(FieldError { field, message: text_error(words, whose, field, &error) })).ok()
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

fn text_error(words: Words, whose: Whose, field: &str, error: &TextError) -> String {
    match (field, error) {
        ("name", TextError::Empty) if whose == Whose::Others => words.say("typed-empty"),
        ("name", _) => name_error(words, error),
        (_, TextError::TooLong(most)) => words.with("profile-too-long", &[("most", most.to_string())]),
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
        let after = typed.judge(words, Whose::Own, &before).unwrap();
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
        let fields: Vec<_> = wrong.judge(words, Whose::Own, &before).unwrap_err().into_iter().map(|error| error.field).collect();
        assert_eq!(fields, ["name", "nickname", "zoneinfo", "phone_number", "website", "picture", "locale"]);
    }

    #[test]
    fn a_name_stays_and_somebody_without_one_may_go_on_without() {
        let words = Words::of(&Locale::english());
        let named = Profile { name: DisplayName::parse("Ana").ok(), ..Profile::default() };
        let judge = |whose, before: &Profile| Typed::default().judge(words, whose, before).map_err(|errors| errors[0].message.clone());
        assert_eq!(judge(Whose::Others, &Profile::default()), Ok(Profile::default()));
        assert_eq!(judge(Whose::Others, &named), Err(words.say("typed-empty")));
        assert_eq!(judge(Whose::Own, &Profile::default()), Err(words.say("name-missing")));
    }

    #[test]
    fn a_form_that_was_cut_off_is_none() {
        let read = |text: &str| Typed::read(&Parameters::parse(text.as_bytes())).map(|typed| (typed.version, typed.name));
        assert_eq!(read("version=3&name=+Ana+&whole=1"), Some((3, "Ana".to_owned())));
        for cut in ["version=3&name=Ana", "name=Ana&whole=1", "version=x&name=Ana&whole=1"] {
            assert_eq!(read(cut), None, "{cut}");
        }
    }

    #[test]
    fn a_browser_fills_in_only_what_is_of_its_owner() {
        let words = Words::of(&Locale::english());
        let form = |whose| ProfileForm::new(words, whose, Typed { locale: "de".into(), ..Typed::default() }, Vec::new());
        assert_eq!((form(Whose::Own).complete("tel"), form(Whose::Others).complete("tel")), ("tel", "off"));
        assert!(form(Whose::Own).languages.iter().any(|(lang, _, chosen)| *lang == "de" && *chosen));
    }
}
