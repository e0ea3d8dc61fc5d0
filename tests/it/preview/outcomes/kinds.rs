//! The kinds of change that previews know.

/// What kind of change it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    GiveRole,
    RolePeriod,
    RevokeRole,
    RevokeGroupRole,
    GiveGroupRole,
    GroupRolePeriod,
    Join,
    MemberPeriod,
    Leave,
    LeaveMany,
    JoinMany,
    GiveOrganizationRole,
    OrganizationRolePeriod,
    RevokeOrganizationRole,
    GiveClient,
    SuspendOrResumeClient,
    RevokeClient,
    RemoveClient,
    MakeOrDeleteStage,
    AddEntry,
    EditOrganizationRole,
    PutOwnPermission,
    MakeOrRemoveOwnPermission,
    MakeOrRemoveOrganizationRole,
    EditPermission,
    MakeOrRemovePermission,
    EditRole,
    MakeOrRemoveRole,
    UnlistShared,
    ListShared,
    Door,
    Undeploy,
    Promote,
    MakeOrDeleteGroup,
    Status,
    Delete,
}

/// Every kind, in an order in which each finds something to do; what comes and goes twice.
pub const KINDS: [Kind; 43] = [
    Kind::GiveRole,
    Kind::RolePeriod,
    Kind::RevokeRole,
    Kind::RevokeGroupRole,
    Kind::GiveGroupRole,
    Kind::GroupRolePeriod,
    Kind::Join,
    Kind::MemberPeriod,
    Kind::Leave,
    Kind::LeaveMany,
    Kind::JoinMany,
    Kind::GiveOrganizationRole,
    Kind::OrganizationRolePeriod,
    Kind::RevokeOrganizationRole,
    Kind::GiveClient,
    Kind::SuspendOrResumeClient,
    Kind::SuspendOrResumeClient,
    Kind::RevokeClient,
    Kind::MakeOrDeleteStage,
    Kind::AddEntry,
    Kind::EditOrganizationRole,
    Kind::PutOwnPermission,
    Kind::MakeOrRemoveOwnPermission,
    Kind::MakeOrRemoveOwnPermission,
    Kind::MakeOrRemoveOrganizationRole,
    Kind::MakeOrRemoveOrganizationRole,
    Kind::EditPermission,
    Kind::MakeOrRemovePermission,
    Kind::MakeOrRemovePermission,
    Kind::EditRole,
    Kind::MakeOrRemoveRole,
    Kind::MakeOrRemoveRole,
    Kind::UnlistShared,
    Kind::ListShared,
    Kind::Door,
    Kind::Undeploy,
    Kind::Promote,
    Kind::MakeOrDeleteStage,
    Kind::MakeOrDeleteGroup,
    Kind::MakeOrDeleteGroup,
    Kind::RemoveClient,
    Kind::Status,
    Kind::Delete,
];

impl Kind {
    /// Whether something new may come with it, whose ids are fresh each time.
    pub const fn makes(self) -> bool {
        matches!(self, Self::MakeOrRemoveOrganizationRole | Self::MakeOrRemovePermission | Self::MakeOrRemoveRole | Self::Promote | Self::MakeOrDeleteStage)
    }

    /// Whether it changes when something is in force.
    pub const fn is_period(self) -> bool {
        matches!(self, Self::RolePeriod | Self::GroupRolePeriod | Self::MemberPeriod | Self::OrganizationRolePeriod)
    }
}
