//! What can be wrong with a row of a file, by a word that every language has a sentence for.

use super::parse::Column;
use crate::lifecycle::invitation::InviteError;
use serde::{Deserialize, Serialize};

crate::choice! {
    /// What can be wrong with a row, or go wrong with it.
    pub enum Trouble {
        /// More cells than the header has columns.
        Surplus = "surplus",
        /// No address.
        EmailMissing = "email_missing",
        /// Not an address.
        EmailBad = "email_bad",
        /// Longer than an address may be.
        EmailLong = "email_long",
        /// A name that is too long.
        NameLong = "name_long",
        /// A name with characters that mislead.
        NameStrange = "name_strange",
        /// Another name than an earlier row has for the same address.
        NameDiffers = "name_differs",
        /// A language that letters are not written in.
        LocaleUnknown = "locale_unknown",
        /// Another language than an earlier row has.
        LocaleDiffers = "locale_differs",
        /// A reason that is too long.
        ReasonLong = "reason_long",
        /// A reason with characters that mislead.
        ReasonStrange = "reason_strange",
        /// Not a day.
        DayBad = "day_bad",
        /// The end comes before the start.
        Reversed = "reversed",
        /// The end has passed.
        Over = "over",
        /// No such app to give roles of.
        AppUnknown = "app_unknown",
        /// A role without an app.
        AppMissing = "app_missing",
        /// An app without a role.
        AppIdle = "app_idle",
        /// No such stage.
        StageUnknown = "stage_unknown",
        /// A role or group without a stage.
        StageMissing = "stage_missing",
        /// A stage without role or group.
        StageIdle = "stage_idle",
        /// No such role of the app at the stage.
        RoleUnknown = "role_unknown",
        /// The role is one of another stage.
        RoleElsewhere = "role_elsewhere",
        /// No such group.
        GroupUnknown = "group_unknown",
        /// The group is one of another stage.
        GroupElsewhere = "group_elsewhere",
        /// No such organization role.
        OrganizationRoleUnknown = "organization_role_unknown",
        /// Several things are called so.
        Several = "several",
        /// An organization role and a role in one row, so that the app could belong to either.
        Mixed = "mixed",
        /// Nothing to accept.
        Nothing = "nothing",
        /// Too much for one invitation.
        TooMuch = "too_much",
        /// An earlier row offers the same to the same address.
        Same = "same",
        /// Another row with the same address is wrong.
        Companion = "companion",
        /// The inviter may not give it.
        MayNot = "may_not",
        /// Only an Administrator may give it.
        OnlyAdministrators = "only_administrators",
        /// It gives more than the inviter holds.
        Beyond = "beyond",
        /// The person was shut out.
        Inactive = "inactive",
        /// Role, group or app went away since the file was checked.
        Gone = "gone",
        /// Whoever started it may not invite any more.
        Stopped = "stopped",
        /// Something broke on our side.
        Fault = "fault",
    }
}

/// Something that is wrong: where, what, and with which words of the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The row of the file.
    pub line: u64,
    /// The column.
    pub column: Column,
    /// What.
    pub trouble: Trouble,
    /// What stands there, or what it clashes with.
    pub value: String,
}

/// What the rule refused, as a problem of a row.
pub fn refusal(line: u64, error: &InviteError) -> Problem {
    let (column, trouble, value) = match error {
        InviteError::Denied(lacks) => (column_of(lacks.permission), Trouble::MayNot, lacks.permission.to_owned()),
        InviteError::OnlyAdministrators => (Column::OrganizationRole, Trouble::OnlyAdministrators, String::new()),
        InviteError::Beyond => (Column::OrganizationRole, Trouble::Beyond, String::new()),
        InviteError::Nothing => (Column::Role, Trouble::Nothing, String::new()),
        InviteError::TooMany => (Column::Email, Trouble::TooMuch, String::new()),
        InviteError::Period => (Column::Ends, Trouble::Reversed, String::new()),
        InviteError::Over => (Column::Ends, Trouble::Over, String::new()),
        InviteError::Inactive => (Column::Email, Trouble::Inactive, String::new()),
        InviteError::Gone => (Column::Role, Trouble::Gone, String::new()),
        InviteError::Fault(_) => (Column::Email, Trouble::Fault, String::new()),
    };
    Problem { line, column, trouble, value }
}

fn column_of(permission: &str) -> Column {
    match permission {
        "member_access.manage" => Column::OrganizationRole,
        "end_user_groups.manage" => Column::Group,
        _ => Column::Role,
    }
}
