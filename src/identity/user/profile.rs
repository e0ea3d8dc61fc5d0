//! The standard claims of a person (OpenID Connect Core 5.1), each optional and never an empty text.

use crate::base::text::{DisplayName, Locale};
use serde::{Deserialize, Serialize};

/// What a person is called, where they are, how they like to be addressed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Profile {
    /// Full name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<DisplayName>,
    /// Given name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given_name: Option<DisplayName>,
    /// Family name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family_name: Option<DisplayName>,
    /// Middle name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub middle_name: Option<DisplayName>,
    /// Casual name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nickname: Option<DisplayName>,
    /// Shorthand name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preferred_username: Option<DisplayName>,
    /// Profile page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<url::Url>,
    /// Web page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub website: Option<url::Url>,
    /// Gender, in the person's own word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gender: Option<DisplayName>,
    /// Birthday, `YYYY-MM-DD` or `YYYY`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birthdate: Option<DisplayName>,
    /// Language.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locale: Option<Locale>,
    /// Time zone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zoneinfo: Option<DisplayName>,
    /// Picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub picture: Option<url::Url>,
    /// Postal address, in one text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<DisplayName>,
    /// Telephone, E.164 preferred.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_number: Option<DisplayName>,
}

impl Profile {
    /// This profile with what `newer` says over it; what `newer` leaves out stays.
    #[must_use]
    pub fn overlaid(self, newer: &Self) -> Self {
        let n = newer.clone();
        Self {
            name: n.name.or(self.name),
            given_name: n.given_name.or(self.given_name),
            family_name: n.family_name.or(self.family_name),
            middle_name: n.middle_name.or(self.middle_name),
            nickname: n.nickname.or(self.nickname),
            preferred_username: n.preferred_username.or(self.preferred_username),
            profile: n.profile.or(self.profile),
            website: n.website.or(self.website),
            gender: n.gender.or(self.gender),
            birthdate: n.birthdate.or(self.birthdate),
            locale: n.locale.or(self.locale),
            zoneinfo: n.zoneinfo.or(self.zoneinfo),
            picture: n.picture.or(self.picture),
            address: n.address.or(self.address),
            phone_number: n.phone_number.or(self.phone_number),
        }
    }
}
