//! The words in which people read what happened.

use crate::audit::Kind;
use crate::word;
use crate::words::Words;

crate::choice! {
    /// Kinds of events that are looked for together.
    pub enum Topic {
        /// Who came in, who could not, who left.
        SignIns = "sign_ins",
        /// Who is here.
        People = "people",
        /// Who may do what.
        Access = "access",
        /// Apps, their roles and their clients.
        Apps = "apps",
        /// The organization, its stages, keys and mail.
        Settings = "settings",
        /// What left as a file or was looked at.
        Exports = "exports",
    }
}

impl Topic {
    /// What it is called.
    pub fn name(self, words: Words) -> String {
        words.say(match self {
            Self::SignIns => word!("audit-topic-sign-ins"),
            Self::People => word!("audit-topic-people"),
            Self::Access => word!("audit-topic-access"),
            Self::Apps => word!("audit-topic-apps"),
            Self::Settings => word!("audit-topic-settings"),
            Self::Exports => word!("audit-topic-exports"),
        })
    }

    /// Its kinds.
    pub fn kinds(self) -> impl Iterator<Item = Kind> {
        Kind::ALL.iter().copied().filter(move |kind| kind_of(*kind).0 == self)
    }
}

/// The topic of a kind, and the key of its word. A new kind must be named here.
fn kind_of(kind: Kind) -> (Topic, &'static str) {
    match kind {
        Kind::AppDeleted => (Topic::Apps, word!("audit-kind-app-deleted")),
        Kind::DeploymentRemoved => (Topic::Apps, word!("audit-kind-deployment-removed")),
        Kind::DeploymentPromoted => (Topic::Apps, word!("audit-kind-deployment-promoted")),
        Kind::OrganizationPermissionRemoved => (Topic::Settings, word!("audit-kind-organization-permission-removed")),
        Kind::OrganizationRoleRemoved => (Topic::Access, word!("audit-kind-organization-role-removed")),
        Kind::GrantChanged => (Topic::Access, word!("audit-kind-grant-changed")),
        Kind::MembershipChanged => (Topic::Access, word!("audit-kind-membership-changed")),
        Kind::BulkInvitationStarted => (Topic::People, word!("audit-kind-bulk-invitation-started")),
        Kind::BulkInvitationPaused => (Topic::People, word!("audit-kind-bulk-invitation-paused")),
        Kind::BulkInvitationEnded => (Topic::People, word!("audit-kind-bulk-invitation-ended")),
        Kind::BulkInvitationCancelled => (Topic::People, word!("audit-kind-bulk-invitation-cancelled")),
        Kind::TokenRevoked => (Topic::Apps, word!("audit-kind-token-revoked")),
        Kind::AuditErased => (Topic::People, word!("audit-kind-audit-erased")),
        Kind::OrganizationChanged => (Topic::Settings, word!("audit-kind-organization-changed")),
        Kind::BrandChanged => (Topic::Settings, word!("audit-kind-brand-changed")),
        Kind::StageChanged => (Topic::Settings, word!("audit-kind-stage-changed")),
        Kind::StageDeleted => (Topic::Settings, word!("audit-kind-stage-deleted")),
        Kind::AppChanged => (Topic::Apps, word!("audit-kind-app-changed")),
        Kind::DeploymentChanged => (Topic::Apps, word!("audit-kind-deployment-changed")),
        Kind::AppPermissionsChanged => (Topic::Apps, word!("audit-kind-app-permissions-changed")),
        Kind::OrganizationPermissionChanged => (Topic::Settings, word!("audit-kind-organization-permission-changed")),
        Kind::OrganizationRoleChanged => (Topic::Access, word!("audit-kind-organization-role-changed")),
        Kind::EndUserRoleChanged => (Topic::Apps, word!("audit-kind-end-user-role-changed")),
        Kind::EndUserRoleRemoved => (Topic::Apps, word!("audit-kind-end-user-role-removed")),
        Kind::ClientChanged => (Topic::Apps, word!("audit-kind-client-changed")),
        Kind::ClientSecretAdded => (Topic::Apps, word!("audit-kind-client-secret-added")),
        Kind::ClientSecretEnded => (Topic::Apps, word!("audit-kind-client-secret-ended")),
        Kind::ClientSuspended => (Topic::Apps, word!("audit-kind-client-suspended")),
        Kind::ClientResumed => (Topic::Apps, word!("audit-kind-client-resumed")),
        Kind::ClientRemoved => (Topic::Apps, word!("audit-kind-client-removed")),
        Kind::GroupChanged => (Topic::Access, word!("audit-kind-group-changed")),
        Kind::GroupDeleted => (Topic::Access, word!("audit-kind-group-deleted")),
        Kind::UserCreated => (Topic::People, word!("audit-kind-user-created")),
        Kind::UserChanged => (Topic::People, word!("audit-kind-user-changed")),
        Kind::UserDeactivated => (Topic::People, word!("audit-kind-user-deactivated")),
        Kind::UserActivated => (Topic::People, word!("audit-kind-user-activated")),
        Kind::UserDeleted => (Topic::People, word!("audit-kind-user-deleted")),
        Kind::EmailProved => (Topic::People, word!("audit-kind-user-email-proved")),
        Kind::PasswordSet => (Topic::People, word!("audit-kind-user-password-set")),
        Kind::Granted => (Topic::Access, word!("audit-kind-grant-granted")),
        Kind::Revoked => (Topic::Access, word!("audit-kind-grant-revoked")),
        Kind::MemberAdded => (Topic::Access, word!("audit-kind-membership-added")),
        Kind::MemberRemoved => (Topic::Access, word!("audit-kind-membership-removed")),
        Kind::InvitationSent => (Topic::People, word!("audit-kind-invitation-sent")),
        Kind::InvitationResent => (Topic::People, word!("audit-kind-invitation-resent")),
        Kind::InvitationRevoked => (Topic::People, word!("audit-kind-invitation-revoked")),
        Kind::InvitationDeclined => (Topic::People, word!("audit-kind-invitation-declined")),
        Kind::InvitationAccepted => (Topic::People, word!("audit-kind-invitation-accepted")),
        Kind::OfferFellAway => (Topic::People, word!("audit-kind-invitation-offer-fell-away")),
        Kind::SignedIn => (Topic::SignIns, word!("audit-kind-sign-in-succeeded")),
        Kind::ProvedAgain => (Topic::SignIns, word!("audit-kind-proved-again")),
        Kind::SignInFailed => (Topic::SignIns, word!("audit-kind-sign-in-failed")),
        Kind::SignedOut => (Topic::SignIns, word!("audit-kind-sign-out")),
        Kind::Consented => (Topic::SignIns, word!("audit-kind-consent-given")),
        Kind::CodeReplayed => (Topic::SignIns, word!("audit-kind-code-replayed")),
        Kind::RefreshReplayed => (Topic::SignIns, word!("audit-kind-refresh-replayed")),
        Kind::ClaimLinkMade => (Topic::Settings, word!("audit-kind-setup-link-made")),
        Kind::Claimed => (Topic::Settings, word!("audit-kind-setup-claimed")),
        Kind::MailSettingsChanged => (Topic::Settings, word!("audit-kind-mail-settings-changed")),
        Kind::LetterRead => (Topic::Exports, word!("audit-kind-letter-read")),
        Kind::KeyCreated => (Topic::Settings, word!("audit-kind-key-created")),
        Kind::KeyCompromised => (Topic::Settings, word!("audit-kind-key-compromised")),
        Kind::Throttled => (Topic::SignIns, word!("audit-kind-throttle-began")),
        Kind::SessionsEnded => (Topic::SignIns, word!("audit-kind-sessions-ended")),
        Kind::ClientRefused => (Topic::SignIns, word!("audit-kind-client-refused")),
        Kind::InvitationGuessed => (Topic::SignIns, word!("audit-kind-invitation-guessed")),
        Kind::Exported => (Topic::Exports, word!("audit-kind-export-made")),
        Kind::LettersRevived => (Topic::Settings, word!("audit-kind-letters-revived")),
    }
}

/// What happened, in words; a kind of a later release in its own.
pub(super) fn kind(words: Words, kind: &str) -> String {
    Kind::parse(kind).map_or_else(|| kind.to_owned(), |kind| words.say(kind_of(kind).1))
}

/// The key of a reason. Reasons that are written for programs only have none.
fn reason_key(reason: &str) -> Option<&'static str> {
    Some(match reason {
        "unknown_address" => word!("audit-reason-unknown-address"),
        "wrong_password" => word!("audit-reason-wrong-password"),
        "no_password" => word!("audit-reason-no-password"),
        "address_not_proved" => word!("audit-reason-address-not-proved"),
        "inactive" => word!("audit-reason-inactive"),
        "throttled" => word!("audit-reason-throttled"),
        "not_allowed" => word!("audit-reason-not-allowed"),
        "unknown_client" => word!("audit-reason-unknown-client"),
        "suspended" => word!("audit-reason-suspended"),
        "wrong_method" => word!("audit-reason-wrong-method"),
        "wrong_secret" => word!("audit-reason-wrong-secret"),
        "wrong_code" => word!("audit-reason-wrong-code"),
        _ => return None,
    })
}

/// Whether it is something to look at twice.
pub(super) const fn is_bad(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::SignInFailed
            | Kind::CodeReplayed
            | Kind::RefreshReplayed
            | Kind::Throttled
            | Kind::ClientRefused
            | Kind::InvitationGuessed
            | Kind::KeyCompromised
    )
}

/// Why, in words.
pub(super) fn reason(words: Words, reason: &str) -> String {
    reason_key(reason).map_or_else(|| reason.replace('_', " "), |key| words.say(key))
}

/// What an event is about, in words.
pub(super) fn noun(words: Words, kind: &str) -> String {
    let key = match kind {
        "user" => word!("audit-about-user"),
        "client" => word!("audit-about-client"),
        "group" => word!("audit-about-group"),
        "app" => word!("audit-about-app"),
        "deployment" => word!("audit-about-deployment"),
        "stage" => word!("audit-about-stage"),
        "end_user_role" => word!("audit-about-end-user-role"),
        "organization_role" => word!("audit-about-organization-role"),
        "organization_permission" => word!("audit-about-organization-permission"),
        "invitation" => word!("audit-about-invitation"),
        "organization" => word!("audit-about-organization"),
        "brand" => word!("audit-about-brand"),
        "key" => word!("audit-about-key"),
        "letter" => word!("audit-about-letter"),
        "mail_settings" => word!("audit-about-mail-settings"),
        "claim_link" => word!("audit-about-claim-link"),
        "export" => word!("audit-about-export"),
        "outbox" => word!("audit-about-outbox"),
        other => return other.replace('_', " "),
    };
    words.say(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::login::Reason;
    use crate::oauth::client_auth::Why;

    #[test]
    fn every_kind_has_a_word_of_its_own_and_a_topic() {
        let words = Words::of(&crate::base::text::Locale::english());
        let all: std::collections::BTreeSet<String> = Kind::ALL.iter().map(|kind| super::kind(words, kind.as_str())).collect();
        assert_eq!(all.len(), Kind::ALL.len());
        assert_eq!(Topic::ALL.iter().map(|topic| topic.kinds().count()).sum::<usize>(), Kind::ALL.len());
        assert!(Topic::ALL.iter().all(|topic| topic.kinds().count() > 0));
        assert_eq!(super::kind(words, "of.tomorrow"), "of.tomorrow");
    }

    #[test]
    fn every_reason_has_a_word() {
        for word in Reason::ALL.iter().map(|reason| reason.as_str()).chain(Why::ALL.iter().map(|why| why.as_str())) {
            assert!(reason_key(word).is_some(), "{word}");
        }
    }
}
