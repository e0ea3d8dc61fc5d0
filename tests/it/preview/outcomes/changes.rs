//! The changes that are asked about and made: of every kind that previews know.

use super::kinds::Kind;
use super::kinds::Kind::{
    AddEntry, Delete, Door, EditOrganizationRole, EditPermission, EditRole, GiveClient, GiveGroupRole, GiveOrganizationRole, GiveRole, GroupRolePeriod, Join,
    JoinMany, Leave, LeaveMany, ListShared, MakeOrDeleteGroup, MakeOrDeleteStage, MakeOrRemoveOrganizationRole, MakeOrRemoveOwnPermission,
    MakeOrRemovePermission, MakeOrRemoveRole, MemberPeriod, OrganizationRolePeriod, Promote, PutOwnPermission, RemoveClient, RevokeClient, RevokeGroupRole,
    RevokeOrganizationRole, RevokeRole, RolePeriod, Status, SuspendOrResumeClient, Undeploy, UnlistShared,
};
use gatehouse::access::app::deployment::{self, Deployment, PermissionSpec};
use gatehouse::access::app::{self, App, SignIn, listed, permission};
use gatehouse::access::begin_change;
use gatehouse::access::catalogue::Counts;
use gatehouse::access::grant::{self, Holder};
use gatehouse::access::load::Who;
use gatehouse::access::permission::{Enforced, Implication, ImpliedAt, PlatformPermission, ReachKind};
use gatehouse::access::role::end_user::{self, EndUserRole};
use gatehouse::access::role::organization::{self, OrganizationRole};
use gatehouse::access::stage::{self, Purpose, SessionPolicy, Stage};
use gatehouse::base::fault::Fault;
use gatehouse::base::text::{Description, DisplayName, EmailAddress, PermissionKey, Slug, Verb};
use gatehouse::base::time::Period;
use gatehouse::identity::group::{self, Group};
use gatehouse::identity::user::{self, User};
use gatehouse::lifecycle::deactivate::{activate, deactivate};
use gatehouse::lifecycle::delete_group::delete_group;
use gatehouse::lifecycle::delete_stage::delete_stage;
use gatehouse::lifecycle::delete_user;
use gatehouse::lifecycle::promote::{self, Picked, promote};
use gatehouse::lifecycle::remove_role::{remove_organization_role, remove_role};
use gatehouse::lifecycle::undeploy::undeploy;
use gatehouse::oauth::client;
use gatehouse::work::{Changing, Work};

/// Everybody in the house; the last ones are deleted in time.
pub const PEOPLE: [&str; 6] = ["olga@acme.example", "ana@acme.example", "nora@acme.example", "sid@acme.example", SPARE[0], SPARE[1]];
const SPARE: [&str; 2] = ["sam@acme.example", "sue@acme.example"];
/// So many of them stay.
const STAY: usize = 4;
/// The API client of the seed.
const ROBOT: &str = "robot";
/// All of them; the last ones are removed in time.
pub const ROBOTS: [&str; 3] = [ROBOT, SPARE_ROBOTS[0], SPARE_ROBOTS[1]];
pub const SPARE_ROBOTS: [&str; 2] = ["exporter", "importer"];
/// So many people join or leave a group at once.
const MANY: usize = 3;
/// An app, a stage, and a permission that comes and goes there.
const HOMES: [(&str, &str, &str); 4] =
    [("sales", "production", "read"), ("sales", "development", "read"), ("wiki", "production", "write"), ("sales", "qa", "read")];
const ROLES: [(usize, &str); 5] = [(0, "viewer"), (0, "approver"), (1, "viewer"), (2, "author"), (3, "viewer")];
const GROUPS: [(&str, &str); 2] = [("production", "emea"), ("development", "builders")];
const ORGANIZATION_ROLES: [&str; 3] = ["tester", "developer", "helper"];
/// The organization's own: one that changes, and one that comes and goes.
const RUN: &str = "x-billing.run";
const STOP: &str = "x-billing.stop";
/// A stage that comes and goes.
const TRIAL: &str = "trial";
const ISSUER: &str = "https://id.acme.example";

/// A change; the numbers choose whom, what and where.
#[derive(Clone, Copy, Debug)]
pub struct Change {
    pub kind: Kind,
    pub one: usize,
    pub other: usize,
    pub period: Period,
}

pub fn slug(text: &str) -> Slug {
    Slug::parse(text).expect("a key")
}

fn name(text: &str) -> DisplayName {
    DisplayName::parse(text).expect("a name")
}

fn key(text: &str) -> PermissionKey {
    PermissionKey::parse(text).expect("a key")
}

fn refused<T>(done: Result<T, impl std::error::Error>) -> Result<(), Fault> {
    done.map(drop).map_err(|error| Fault::broken(Box::leak(error.to_string().into_boxed_str())))
}

async fn stage_called(work: &mut Work, key: &str) -> Result<Stage, Fault> {
    Ok(stage::by_key(&mut work.tx, &slug(key)).await?.expect("a stage"))
}

/// Whom and what the numbers choose; what has been removed is missing.
struct Scene {
    person: Option<User>,
    group_stage: Stage,
    group: Option<Group>,
    app: App,
    verb: Verb,
    home_stage: Stage,
    home: Option<Deployment>,
    role: Option<EndUserRole>,
    organization_role: Option<OrganizationRole>,
}

impl Scene {
    async fn read(work: &mut Work, change: Change) -> Result<Self, Fault> {
        let Change { one, other, .. } = change;
        let email = EmailAddress::parse(PEOPLE[one % STAY]).expect("an address");
        let (stage_key, group_key) = GROUPS[one % GROUPS.len()];
        let (home, role_key) = ROLES[other % ROLES.len()];
        let (app_key, home_stage, verb) = HOMES[home];
        let group_stage = stage_called(work, stage_key).await?;
        let app = app::by_key(&mut work.tx, &slug(app_key)).await?.expect("an app");
        let home_stage = stage_called(work, home_stage).await?;
        let home = deployment::find(&mut work.tx, app.id, home_stage.id).await?;
        let role = match &home {
            Some(home) => end_user::by_key(&mut work.tx, home.id, &slug(role_key)).await?,
            None => None,
        };
        Ok(Self {
            person: user::by_email(&mut work.tx, &email).await?,
            group: group::by_key(&mut work.tx, group_stage.id, &slug(group_key)).await?,
            organization_role: organization::by_key(&mut work.tx, &slug(ORGANIZATION_ROLES[other % ORGANIZATION_ROLES.len()])).await?,
            group_stage,
            app,
            verb: Verb::parse(verb).expect("a verb"),
            home_stage,
            home,
            role,
        })
    }

    /// Who holds or is to hold an end-user role.
    fn holder(&self, of_group: bool) -> Option<Holder> {
        if of_group { self.group.as_ref().map(|group| Holder::Group(group.id)) } else { self.person.as_ref().map(|person| Holder::User(person.id)) }
    }
}

/// Makes a change as the real rule does.
pub async fn make(work: &mut Work, change: Change) -> Result<(), Fault> {
    let changing = begin_change(work).await?;
    let scene = Box::pin(Scene::read(work, change)).await?;
    match change.kind {
        GiveRole | GiveGroupRole | RevokeRole | RevokeGroupRole | RolePeriod | GroupRolePeriod => {
            Box::pin(end_user_grant(work, &changing, change, &scene)).await
        }
        Join | Leave | MemberPeriod => Box::pin(membership(work, &changing, change, &scene)).await,
        JoinMany | LeaveMany => Box::pin(memberships(work, &changing, change, &scene)).await,
        GiveOrganizationRole | RevokeOrganizationRole | OrganizationRolePeriod | GiveClient | RevokeClient => {
            Box::pin(organization_grant(work, &changing, change, &scene)).await
        }
        Status | Delete => Box::pin(standing(work, &changing, change, &scene)).await,
        SuspendOrResumeClient | RemoveClient => Box::pin(standing_of_client(work, &changing, change)).await,
        AddEntry | EditOrganizationRole | MakeOrRemoveOrganizationRole => Box::pin(organization_role(work, &changing, change)).await,
        PutOwnPermission | MakeOrRemoveOwnPermission => Box::pin(own_permission(work, &changing, change)).await,
        EditRole | MakeOrRemoveRole | EditPermission | MakeOrRemovePermission | Door => Box::pin(of_app(work, &changing, change, &scene)).await,
        ListShared | UnlistShared => Box::pin(list_shared(work, &changing, change)).await,
        MakeOrDeleteGroup => Box::pin(make_or_delete_group(work, &changing, change, &scene)).await,
        Promote => Box::pin(promoted(work, &changing, change)).await,
        Undeploy => Box::pin(undeployed(work, &changing)).await,
        MakeOrDeleteStage => Box::pin(make_or_delete_stage(work, &changing, change)).await,
    }
}

async fn end_user_grant(work: &mut Work, changing: &Changing, change: Change, scene: &Scene) -> Result<(), Fault> {
    let of_group = matches!(change.kind, GiveGroupRole | RevokeGroupRole | GroupRolePeriod);
    let (Some(holder), Some(role)) = (scene.holder(of_group), &scene.role) else { return Ok(()) };
    let app = scene.app.id;
    match change.kind {
        GiveRole | GiveGroupRole => refused(grant::give_end_user(work, changing, holder, app, role, change.period, None).await),
        RevokeRole | RevokeGroupRole => refused(grant::revoke_end_user(work, changing, holder, app, role).await),
        _ => refused(grant::set_end_user_period(work, changing, holder, app, role, change.period).await),
    }
}

async fn membership(work: &mut Work, changing: &Changing, change: Change, scene: &Scene) -> Result<(), Fault> {
    let (Some(group), Some(person)) = (&scene.group, &scene.person) else { return Ok(()) };
    match change.kind {
        Join => refused(group::add_member(work, changing, group, person, change.period, None).await),
        Leave => refused(group::remove_member(work, changing, group, person).await),
        _ => refused(group::set_member_period(work, changing, group, person, change.period).await),
    }
}

async fn memberships(work: &mut Work, changing: &Changing, change: Change, scene: &Scene) -> Result<(), Fault> {
    let Some(group) = &scene.group else { return Ok(()) };
    let mut people = Vec::new();
    for email in PEOPLE.iter().take(STAY).cycle().skip(change.one % STAY).take(MANY) {
        let email = EmailAddress::parse(email).expect("an address");
        people.extend(user::by_email(&mut work.tx, &email).await?.map(|user| user.id));
    }
    if change.kind == LeaveMany {
        return refused(group::remove_members(work, changing, group, &people).await);
    }
    refused(group::add_members(work, changing, group.id, &people, change.period, None).await)
}

async fn organization_grant(work: &mut Work, changing: &Changing, change: Change, scene: &Scene) -> Result<(), Fault> {
    let Some(role) = &scene.organization_role else { return Ok(()) };
    let limit = change.one.is_multiple_of(2).then_some(scene.app.id);
    let who = if matches!(change.kind, GiveClient | RevokeClient) {
        Who::Client(client::by_client_id(&mut work.tx, ROBOT).await?.expect("the API client").id)
    } else {
        let Some(person) = &scene.person else { return Ok(()) };
        Who::User(person.id)
    };
    match change.kind {
        GiveOrganizationRole | GiveClient => refused(grant::give_organization(work, changing, who, role, limit, change.period, None).await),
        RevokeOrganizationRole | RevokeClient => refused(grant::revoke_organization(work, changing, who, role, limit).await),
        _ => refused(grant::set_organization_period(work, changing, who, role, limit, change.period).await),
    }
}

async fn standing(work: &mut Work, changing: &Changing, change: Change, scene: &Scene) -> Result<(), Fault> {
    if change.kind == Delete {
        let email = EmailAddress::parse(SPARE[change.one % SPARE.len()]).expect("an address");
        let Some(spare) = user::by_email(&mut work.tx, &email).await? else { return Ok(()) };
        return refused(delete_user::delete(work, changing, spare.id, None).await);
    }
    let Some(person) = &scene.person else { return Ok(()) };
    // Seldom: who is shut out is given nothing.
    if change.other % 4 == 2 { refused(deactivate(work, changing, person.id).await) } else { refused(activate(work, changing, person.id).await) }
}

async fn standing_of_client(work: &mut Work, changing: &Changing, change: Change) -> Result<(), Fault> {
    if change.kind == RemoveClient {
        let Some(spare) = client::by_client_id(&mut work.tx, SPARE_ROBOTS[change.one % SPARE_ROBOTS.len()]).await? else { return Ok(()) };
        return refused(client::remove(work, changing, &spare).await);
    }
    let robot = client::by_client_id(&mut work.tx, ROBOT).await?.expect("the API client");
    if robot.suspended_at.is_some() { refused(client::resume(work, changing, &robot).await) } else { refused(client::suspend(work, changing, &robot).await) }
}

async fn organization_role(work: &mut Work, changing: &Changing, change: Change) -> Result<(), Fault> {
    let Change { kind, one, other, .. } = change;
    if kind == MakeOrRemoveOrganizationRole {
        if let Some(helper) = organization::by_key(&mut work.tx, &slug("helper")).await? {
            return refused(remove_organization_role(work, changing, helper.id, helper.version, true).await);
        }
        let entries = vec![(key("asset.debug"), Counts::Purpose(Purpose::Production)), (key(RUN), Counts::EveryStage)];
        let spec = organization::Spec { key: slug("helper"), name: name("Helper"), description: Description::default(), entries };
        return refused(organization::put(work, changing, &spec).await);
    }
    let has = organization::by_key(&mut work.tx, &slug("tester")).await?.expect("a role");
    let trial = stage::by_key(&mut work.tx, &slug(TRIAL)).await?.map(|stage| stage.id);
    let counts = match one % 4 {
        0 => Counts::EveryStage,
        1 => Counts::Purpose(Purpose::Production),
        2 => trial.map_or(Counts::Purpose(Purpose::Development), Counts::Stage),
        _ => Counts::Stage(stage_called(work, "qa").await?.id),
    };
    let picked = key(["app.view", "asset.debug", "asset.change", RUN][other % 4]);
    if kind == AddEntry {
        let entries = vec![(picked, counts)];
        return refused(organization::put(work, changing, &organization::Spec { key: has.key, name: has.name, description: has.description, entries }).await);
    }
    let entries = vec![(picked, counts), (key("asset.change"), Counts::Purpose(Purpose::Development))];
    let edited = organization::Edited { name: has.name, description: has.description, entries };
    refused(organization::edit(work, changing, has.id, has.version, &edited).await)
}

async fn own_permission(work: &mut Work, changing: &Changing, change: Change) -> Result<(), Fault> {
    let comes_and_goes = change.kind == MakeOrRemoveOwnPermission;
    if comes_and_goes && organization::own_version(&mut work.tx, &key(STOP)).await?.is_some() {
        return refused(organization::remove_own_permission(work, changing, &key(STOP)).await);
    }
    let brings = [("audit.view", ImpliedAt::EveryStage), ("asset.debug", ImpliedAt::SameStage), ("asset.open", ImpliedAt::Purpose(Purpose::Production))];
    let implies = brings.into_iter().take(change.other % 4).map(|(permission, at)| Implication { permission: key(permission), at }).collect();
    let definition = PlatformPermission {
        key: key(if comes_and_goes { STOP } else { RUN }),
        name: name("Do billing"),
        category: name("Billing"),
        purpose: Description::default(),
        reaches: [ReachKind::Organization, ReachKind::App].into_iter().take(1 + change.one % 2).collect(),
        by_stage: true,
        implies,
        enforced: Enforced::Tools,
    };
    refused(organization::put_own_permission(work, changing, &definition).await)
}

async fn verbs(work: &mut Work, home: &Deployment, most: usize) -> Result<Vec<Verb>, Fault> {
    Ok(deployment::permissions(&mut work.tx, home.id).await?.into_iter().map(|has| has.verb).take(most).collect())
}

async fn of_app(work: &mut Work, changing: &Changing, change: Change, scene: &Scene) -> Result<(), Fault> {
    let Change { kind, one, other, .. } = change;
    let (app, Some(home)) = (&scene.app, &scene.home) else { return Ok(()) };
    match (kind, scene.role.clone()) {
        (EditRole, Some(role)) => {
            let permissions = verbs(work, home, one % 3).await?;
            let spec = end_user::Spec { key: role.key, name: role.name, description: role.description, shared: one % 2 == 0, permissions };
            refused(end_user::change(work, changing, app, home, role.version, &spec, true).await)
        }
        (MakeOrRemoveRole, Some(role)) if one % 2 == 0 => refused(remove_role(work, changing, app, &role).await),
        (MakeOrRemoveRole, None) => {
            let (_, role_key) = ROLES[other % ROLES.len()];
            let permissions = verbs(work, home, 2).await?;
            let spec = end_user::Spec { key: slug(role_key), name: name(role_key), description: Description::default(), shared: true, permissions };
            refused(end_user::create(work, changing, app, home, &spec).await)
        }
        (EditPermission, _) => {
            let all = permission::of_deployment(&mut work.tx, home.id).await?;
            let Some(whole) = all.get(one % all.len().max(1)) else { return Ok(()) };
            let implies = all.iter().map(|has| has.permission.verb.clone()).filter(|verb| *verb != whole.permission.verb).take(other % 2).collect();
            let spec = PermissionSpec { verb: whole.permission.verb.clone(), description: whole.permission.description.clone(), implies };
            refused(permission::change(work, changing, app, home, whole.version, &spec).await)
        }
        (MakeOrRemovePermission, _) => {
            let all = permission::of_deployment(&mut work.tx, home.id).await?;
            if all.iter().any(|has| has.permission.verb == scene.verb) {
                return refused(permission::remove(work, changing, app, home, &scene.verb).await);
            }
            let implies = all.into_iter().map(|has| has.permission.verb).take(other % 2).collect();
            let spec = PermissionSpec { verb: scene.verb.clone(), description: Description::default(), implies };
            refused(permission::add(work, changing, app, home, &spec).await)
        }
        (Door, _) => {
            let sign_in = [SignIn::Assigned, SignIn::Everyone][one % 2];
            refused(deployment::change(work, changing, (app, &scene.home_stage), home.version, None, sign_in, ISSUER).await)
        }
        _ => Ok(()),
    }
}

async fn list_shared(work: &mut Work, changing: &Changing, change: Change) -> Result<(), Fault> {
    let wiki = app::by_key(&mut work.tx, &slug("wiki")).await?.expect("an app");
    let production = stage_called(work, "production").await?;
    let place = deployment::find(&mut work.tx, wiki.id, production.id).await?.expect("a deployment");
    let roles = ["sales:viewer".to_owned()];
    let (add, remove): (&[String], &[String]) = if change.kind == ListShared { (&roles, &[]) } else { (&[], &roles) };
    refused(listed::change(work, changing, &wiki, &place, add, remove).await)
}

async fn make_or_delete_group(work: &mut Work, changing: &Changing, change: Change, scene: &Scene) -> Result<(), Fault> {
    if let Some(group) = &scene.group {
        return refused(delete_group(work, changing, group.id, group.version).await);
    }
    let (_, group_key) = GROUPS[change.one % GROUPS.len()];
    refused(group::put(work, changing, scene.group_stage.id, &slug(group_key), &name(group_key), &Description::default()).await)
}

async fn promoted(work: &mut Work, changing: &Changing, change: Change) -> Result<(), Fault> {
    let (from, to) = [("development", "qa"), ("qa", "production"), ("production", "qa")][change.other % 3];
    let sales = app::by_key(&mut work.tx, &slug("sales")).await?.expect("an app");
    let (from, to) = (stage_called(work, from).await?, stage_called(work, to).await?);
    let Some(difference) = promote::difference(&mut work.tx, &sales, &from, &to).await? else { return Ok(()) };
    let gone = |line: &&promote::Line| line.change == promote::Change::OnlyThere && change.one % 3 == 1;
    let picked = Picked {
        take: difference.lines.iter().filter(|line| line.change.is_taken()).map(promote::Line::name).collect(),
        remove: difference.lines.iter().filter(gone).map(promote::Line::name).collect(),
        digest: difference.digest,
    };
    refused(promote(work, changing, &sales, (&from, &to), &picked, ISSUER).await)
}

async fn undeployed(work: &mut Work, changing: &Changing) -> Result<(), Fault> {
    let sales = app::by_key(&mut work.tx, &slug("sales")).await?.expect("an app");
    let qa = stage_called(work, "qa").await?;
    let Some(home) = deployment::find(&mut work.tx, sales.id, qa.id).await? else { return Ok(()) };
    refused(undeploy(work, changing, &sales, &home).await)
}

async fn make_or_delete_stage(work: &mut Work, changing: &Changing, change: Change) -> Result<(), Fault> {
    if let Some(trial) = stage::by_key(&mut work.tx, &slug(TRIAL)).await? {
        return refused(delete_stage(work, changing, trial.id).await);
    }
    let purpose = [Purpose::Development, Purpose::NonProduction, Purpose::Production][change.other % 3];
    refused(stage::create(work, changing, &stage::Spec { key: slug(TRIAL), name: name("Trial"), purpose, sessions: SessionPolicy::STANDARD }).await)
}
