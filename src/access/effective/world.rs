//! Worlds to test in: rows and holdings made from short words, and a strategy for random ones.

use super::{EndUserGrantRow, Holdings, MembershipRow, OrganizationGrantRow, Place};
use crate::access::app::SignIn;
use crate::access::catalogue::{AppPermissionRow, AppRow, Catalogue, Counts, DeploymentRow, EndUserRoleRow, OrganizationRoleRow, RoleEntryRow, Rows, StageRow};
use crate::access::permission::{Enforced, Implication, ImpliedAt, PlatformPermission, ReachKind};
use crate::access::stage::Purpose;
use crate::base::id::{
    AppId, AppPermissionId, DeploymentId, EndUserGrantId, EndUserRoleId, GroupId, MembershipId, OrganizationGrantId, OrganizationRoleId, StageId,
};
use crate::base::text::{Description, DisplayName, PermissionKey, Slug, Verb};
use crate::base::time::{Period, Timestamp};
use proptest::collection::vec;
use proptest::prelude::*;
use uuid::Uuid;

#[derive(Clone, Debug, Default)]
pub struct World {
    pub rows: Rows,
    pub holdings: Holdings,
}

pub fn at(instant: i64) -> Timestamp {
    Timestamp::from_micros(instant)
}

/// Ids that say what they are of and sort as they were made.
fn uuid(kind: u128, number: usize) -> Uuid {
    Uuid::from_u128((kind << 64) + number as u128)
}

fn slug(key: &str) -> Slug {
    Slug::parse(key).unwrap()
}

pub fn permission_key(key: &str) -> PermissionKey {
    PermissionKey::parse(key).unwrap()
}

pub fn own_permission(key: &str, at_app: bool, implies: &[(&str, ImpliedAt)]) -> PlatformPermission {
    let reaches = if at_app { vec![ReachKind::Organization, ReachKind::App] } else { vec![ReachKind::Organization] };
    PlatformPermission {
        key: permission_key(key),
        name: DisplayName::parse(key).unwrap(),
        category: DisplayName::parse("Own").unwrap(),
        purpose: Description::default(),
        reaches: reaches.into_iter().collect(),
        by_stage: true,
        implies: implies.iter().map(|(key, at)| Implication { permission: permission_key(key), at: *at }).collect(),
        enforced: Enforced::Tools,
    }
}

impl World {
    /// A world whose person counts.
    pub fn new() -> Self {
        Self { rows: Rows::default(), holdings: Holdings { counts: true, ..Holdings::default() } }
    }

    pub fn stage(&mut self, key: &str, purpose: Purpose) -> StageId {
        let number = self.rows.stages.len();
        let id = StageId::from_uuid(uuid(1, number));
        self.rows.stages.push(StageRow { id, key: slug(key), purpose, position: i64::try_from(number).unwrap() });
        id
    }

    pub fn app(&mut self, key: &str) -> AppId {
        let id = AppId::from_uuid(uuid(2, self.rows.apps.len()));
        self.rows.apps.push(AppRow { id, key: slug(key) });
        id
    }

    pub fn deploy(&mut self, app: AppId, stage: StageId, sign_in: SignIn) -> DeploymentId {
        let id = DeploymentId::from_uuid(uuid(3, self.rows.deployments.len()));
        self.rows.deployments.push(DeploymentRow { id, app, stage, sign_in });
        id
    }

    pub fn verb(&mut self, deployment: DeploymentId, verb: &str) -> AppPermissionId {
        let id = AppPermissionId::from_uuid(uuid(4, self.rows.app_permissions.len()));
        self.rows.app_permissions.push(AppPermissionRow { id, deployment, verb: Verb::parse(verb).unwrap() });
        id
    }

    pub fn role(&mut self, deployment: DeploymentId, key: &str, shared: bool, permissions: &[AppPermissionId]) -> EndUserRoleId {
        let id = EndUserRoleId::from_uuid(uuid(5, self.rows.end_user_roles.len()));
        self.rows.end_user_roles.push(EndUserRoleRow { id, deployment, key: slug(key), shared });
        self.rows.end_user_role_permissions.extend(permissions.iter().map(|permission| (id, *permission)));
        id
    }

    pub fn org_role(&mut self, key: &str, built_in: bool, entries: &[(&str, Counts)]) -> OrganizationRoleId {
        let id = OrganizationRoleId::from_uuid(uuid(6, self.rows.organization_roles.len()));
        self.rows.organization_roles.push(OrganizationRoleRow { id, key: slug(key), built_in });
        let entries = entries.iter().map(|(key, counts)| RoleEntryRow { role: id, permission: permission_key(key), counts: *counts });
        self.rows.organization_role_entries.extend(entries);
        id
    }

    pub fn grant_org(&mut self, role: OrganizationRoleId, app: Option<AppId>, period: Period) -> OrganizationGrantId {
        let id = OrganizationGrantId::from_uuid(uuid(7, self.holdings.organization_grants.len()));
        self.holdings.organization_grants.push(OrganizationGrantRow { id, role, app, period });
        id
    }

    pub fn grant(&mut self, group: Option<GroupId>, role: EndUserRoleId, period: Period) -> EndUserGrantId {
        let id = EndUserGrantId::from_uuid(uuid(8, self.holdings.end_user_grants.len()));
        self.holdings.end_user_grants.push(EndUserGrantRow { id, group, role, period });
        id
    }

    pub fn join(&mut self, group: usize, stage: StageId, period: Period) -> GroupId {
        let (id, group_id) = (MembershipId::from_uuid(uuid(9, self.holdings.memberships.len())), GroupId::from_uuid(uuid(10, group)));
        self.holdings.memberships.push(MembershipRow { id, group: group_id, group_key: slug(&format!("group-{group}")), stage, period });
        group_id
    }

    pub fn catalogue(&self) -> Catalogue {
        Catalogue::compile(self.rows.clone())
    }

    /// Every place there is.
    pub fn places(&self) -> Vec<Place> {
        [Place::Organization].into_iter().chain(self.rows.deployments.iter().map(|row| Place::Deployment(row.id))).collect()
    }
}

/// Built-in permissions that random worlds use (none of them brings another to every stage), and one that is retired.
const BUILT_IN: [&str; 6] = ["asset.change", "app.manage", "stage.view", "end_user_groups.manage", "asset.create", "gone.gone"];

/// Instants of random periods lie in 0..TIMES.
pub const TIMES: i64 = 8;

prop_compose! {
    pub fn period()(start in prop::option::weighted(0.4, 0..TIMES), end in prop::option::weighted(0.5, 0..TIMES)) -> Period {
        Period { starts_at: start.map(at), ends_at: end.map(at) }
    }
}

fn pick<T: Copy>(from: &[T], number: usize) -> Option<T> {
    from.get(number.checked_rem(from.len())?).copied()
}

fn purpose(number: usize) -> Purpose {
    Purpose::ALL[number % 3]
}

fn implied_at(number: usize) -> ImpliedAt {
    match number % 8 {
        0 => ImpliedAt::EveryStage,
        1..=3 => ImpliedAt::Purpose(purpose(number)),
        _ => ImpliedAt::SameStage,
    }
}

type Numbers = Vec<usize>;

#[derive(Clone, Debug)]
struct Draw {
    stages: Numbers,
    deployments: Vec<(usize, usize, bool)>,
    verbs: Vec<(usize, usize)>,
    app_implications: Vec<(usize, usize)>,
    roles: Vec<(usize, usize, bool)>,
    role_permissions: Vec<(usize, usize)>,
    listed: Vec<(usize, usize)>,
    own: Vec<(bool, Vec<(usize, usize)>)>,
    entries: Vec<(usize, usize, usize)>,
    org_grants: Vec<(usize, usize, Period)>,
    grants: Vec<(usize, usize, Period)>,
    memberships: Vec<(usize, Period)>,
    groups: Numbers,
}

prop_compose! {
    fn draw()(
        stages in vec(0usize..3, 0..4),
        deployments in vec((0usize..3, 0usize..4, any::<bool>()), 0..7),
        verbs in vec((0usize..64, 0usize..5), 0..14),
        app_implications in vec((0usize..64, 0usize..64), 0..14),
        roles in vec((0usize..64, 0usize..3, any::<bool>()), 0..8),
        role_permissions in vec((0usize..64, 0usize..64), 0..10),
    )(
        listed in vec((0usize..64, 0usize..64), 0..6),
        own in vec((any::<bool>(), vec((0usize..64, 0usize..64), 0..4)), 0..7),
        entries in vec((0usize..4, 0usize..64, 0usize..8), 0..8),
        org_grants in vec((0usize..8, 0usize..6, period()), 0..5),
        grants in vec((0usize..6, 0usize..64, period()), 0..8),
        memberships in vec((0usize..64, period()), 0..6),
        groups in vec(0usize..4, 1..4),
        (stages, deployments, verbs, app_implications, roles, role_permissions) in
            Just((stages, deployments, verbs, app_implications, roles, role_permissions)),
    ) -> Draw {
        Draw { stages, deployments, verbs, app_implications, roles, role_permissions, listed, own, entries, org_grants, grants, memberships, groups }
    }
}

/// Small worlds with everything in them: cycles, retired keys, shared roles, rows across stages, periods of all kinds.
pub fn worlds() -> impl Strategy<Value = World> {
    draw().prop_map(build)
}

fn build(draw: Draw) -> World {
    let mut world = World::new();
    let stages: Vec<StageId> = draw.stages.iter().enumerate().map(|(number, of)| world.stage(&format!("stage-{number}"), purpose(*of))).collect();
    let apps: Vec<AppId> = (0..3).map(|number| world.app(&format!("app-{number}"))).collect();
    let mut deployments = Vec::new();
    for (app, stage, everyone) in draw.deployments {
        if let Some(stage) = pick(&stages, stage)
            && !world.rows.deployments.iter().any(|row| row.app == apps[app] && row.stage == stage)
        {
            deployments.push(world.deploy(apps[app], stage, if everyone { SignIn::Everyone } else { SignIn::Assigned }));
        }
    }
    let mut verbs = Vec::new();
    for (deployment, verb) in draw.verbs {
        let Some(deployment) = pick(&deployments, deployment) else { continue };
        let verb = format!("verb-{verb}");
        if !world.rows.app_permissions.iter().any(|row| row.deployment == deployment && row.verb.as_str() == verb) {
            verbs.push(world.verb(deployment, &verb));
        }
    }
    world.rows.app_implications = draw.app_implications.iter().filter_map(|(from, to)| Some((pick(&verbs, *from)?, pick(&verbs, *to)?))).collect();
    let mut roles = Vec::new();
    for (deployment, key, shared) in draw.roles {
        let Some(deployment) = pick(&deployments, deployment) else { continue };
        let key = format!("role-{key}");
        if !world.rows.end_user_roles.iter().any(|row| row.deployment == deployment && row.key.as_str() == key) {
            roles.push(world.role(deployment, &key, shared, &[]));
        }
    }
    world.rows.end_user_role_permissions = draw.role_permissions.iter().filter_map(|(role, verb)| Some((pick(&roles, *role)?, pick(&verbs, *verb)?))).collect();
    world.rows.listed_roles = draw.listed.iter().filter_map(|(here, role)| Some((pick(&deployments, *here)?, pick(&roles, *role)?))).collect();

    let own: Vec<String> = (0..draw.own.len()).map(|number| format!("x-own.p{number}")).collect();
    let keys: Vec<&str> = own.iter().map(String::as_str).chain(BUILT_IN).collect();
    for (key, (at_app, implies)) in own.iter().zip(&draw.own) {
        let implies: Vec<(&str, ImpliedAt)> = implies.iter().map(|(to, at)| (keys[to % keys.len()], implied_at(*at))).collect();
        world.rows.own_permissions.push(own_permission(key, *at_app, &implies));
    }
    let mut org_roles: Vec<OrganizationRoleId> = (0..4).map(|number| world.org_role(&format!("org-{number}"), false, &[])).collect();
    org_roles.extend(["administrator", "developer"].map(|key| world.org_role(key, true, &[("stage.view", Counts::EveryStage)])));
    for (role, key, counts) in draw.entries {
        let counts = match (counts, pick(&stages, counts)) {
            (0..=1, _) | (_, None) => Counts::EveryStage,
            (2..=4, _) => Counts::Purpose(purpose(counts)),
            (_, Some(stage)) => Counts::Stage(stage),
        };
        world.rows.organization_role_entries.push(RoleEntryRow { role: org_roles[role], permission: permission_key(keys[key % keys.len()]), counts });
    }
    for (role, app, period) in draw.org_grants {
        // Built-in roles less often: they hide everything else.
        world.grant_org(org_roles[if role < 6 { role } else { role - 6 }], apps.get(app).copied(), period);
    }
    for (group, period) in draw.memberships {
        let group = group % draw.groups.len();
        if let Some(stage) = pick(&stages, draw.groups[group]) {
            world.join(group, stage, period);
        }
    }
    for (group, role, period) in draw.grants {
        if let Some(role) = pick(&roles, role) {
            let group = (group < 4).then(|| GroupId::from_uuid(uuid(10, group)));
            world.grant(group, role, period);
        }
    }
    world
}
