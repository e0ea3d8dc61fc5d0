//! Each sentence of what effective access means, once.

use super::world::{World, at, own_permission};
use super::{Effective, GrantRef, Place, authority, effective};
use crate::access::app::SignIn;
use crate::access::catalogue::Counts;
use crate::access::permission::{ImpliedAt, built_in};
use crate::access::stage::Purpose;
use crate::base::authority::{Coverage, Stages};
use crate::base::id::{AppId, DeploymentId, EndUserRoleId, StageId};
use crate::base::reach::Reach;
use crate::base::time::{Period, Timestamp};

const DEVELOPMENT: Counts = Counts::Purpose(Purpose::Development);

/// Two apps at three stages. The CRM has the verbs `read`, `write` (brings `read`) and `erase` (brings `write`), the
/// roles `clerk` (write) and, shared, `auditor` (read).
struct Firm {
    world: World,
    stages: [StageId; 3],
    crm: AppId,
    erp: AppId,
    crm_at: [DeploymentId; 3],
    erp_at: [DeploymentId; 3],
    clerk: [EndUserRoleId; 3],
    auditor: [EndUserRoleId; 3],
}

fn firm() -> Firm {
    let mut world = World::new();
    let stages = [("development", Purpose::Development), ("qa", Purpose::NonProduction), ("production", Purpose::Production)]
        .map(|(key, purpose)| world.stage(key, purpose));
    let (crm, erp) = (world.app("crm"), world.app("erp"));
    let crm_at = stages.map(|stage| world.deploy(crm, stage, SignIn::Assigned));
    let erp_at = stages.map(|stage| world.deploy(erp, stage, SignIn::Assigned));
    let roles = crm_at.map(|deployment| {
        let [read, write, erase] = ["read", "write", "erase"].map(|verb| world.verb(deployment, verb));
        world.rows.app_implications.extend([(write, read), (erase, write), (read, read)]);
        (world.role(deployment, "clerk", false, &[write]), world.role(deployment, "auditor", true, &[read]))
    });
    Firm { world, stages, crm, erp, crm_at, erp_at, clerk: roles.map(|(clerk, _)| clerk), auditor: roles.map(|(_, auditor)| auditor) }
}

impl Firm {
    fn at(&self, deployment: DeploymentId, now: i64) -> Effective {
        effective(&self.world.catalogue(), &self.world.holdings, Place::Deployment(deployment), at(now))
    }

    fn organization(&self) -> Effective {
        effective(&self.world.catalogue(), &self.world.holdings, Place::Organization, at(0))
    }

    fn permissions(&self, deployment: DeploymentId) -> Vec<String> {
        self.at(deployment, 0).permission_keys().map(str::to_owned).collect()
    }
}

fn during(start: i64, end: i64) -> Period {
    Period { starts_at: Some(at(start)), ends_at: Some(at(end)) }
}

#[test]
fn changing_assets_in_development_gives_nothing_in_production() {
    let mut firm = firm();
    let role = firm.world.org_role("maker", false, &[("asset.change", DEVELOPMENT)]);
    firm.world.grant_org(role, None, Period::ALWAYS);
    assert_eq!(firm.permissions(firm.crm_at[0]), ["asset.change", "asset.debug", "asset.deploy", "asset.open", "stage.view"]);
    assert_eq!(firm.at(firm.crm_at[0], 0).org_role_keys(), ["maker"]);
    for later in [firm.crm_at[1], firm.crm_at[2]] {
        assert!(firm.permissions(later).is_empty() && firm.at(later, 0).org_role_keys().is_empty());
    }
    assert_eq!(firm.organization().permission_keys().count(), 0);

    let chain = |permission| -> Vec<String> {
        let paths = firm.at(firm.crm_at[0], 0).paths_of(permission);
        assert_eq!((paths.len(), paths[0].counts, paths[0].role_key.as_str()), (1, Some(DEVELOPMENT), "maker"));
        paths[0].chain.iter().map(|step| format!("{} {}", step.permission, step.implied.map_or("own", ImpliedAt::as_str))).collect()
    };
    assert_eq!(chain("asset.open"), ["asset.change own", "asset.open same_stage"]);
    assert_eq!(chain("stage.view"), ["asset.change own", "asset.deploy development", "stage.view same_stage"]);
}

#[test]
fn a_purpose_takes_a_part_of_the_stages_and_only_every_stage_leaves_them() {
    let mut firm = firm();
    let own = [
        own_permission("x-a.start", true, &[("x-a.near", ImpliedAt::SameStage), ("x-a.live", ImpliedAt::Purpose(Purpose::Production))]),
        own_permission("x-a.near", true, &[("x-a.far", ImpliedAt::EveryStage)]),
        own_permission("x-a.live", true, &[]),
        own_permission("x-a.far", true, &[("x-a.start", ImpliedAt::Purpose(Purpose::NonProduction))]),
    ];
    firm.world.rows.own_permissions.extend(own);
    let role = firm.world.org_role("r", false, &[("x-a.start", DEVELOPMENT), ("x-a.retired", Counts::EveryStage)]);
    firm.world.grant_org(role, None, Period::ALWAYS);
    assert_eq!(firm.permissions(firm.crm_at[0]), ["x-a.far", "x-a.near", "x-a.start"]);
    // `far` holds everywhere, so at QA it brings `start`, which brings `near`.
    assert_eq!(firm.permissions(firm.crm_at[1]), ["x-a.far", "x-a.near", "x-a.start"]);
    assert_eq!(firm.permissions(firm.crm_at[2]), ["x-a.far"]);
    assert_eq!(firm.organization().permission_keys().collect::<Vec<_>>(), ["x-a.far"]);
    let authority = authority(&firm.world.catalogue(), &firm.world.holdings, at(0));
    assert_eq!(authority.permissions["x-a.far"], [Coverage { app: None, stages: Stages::Every, ends_at: None }]);
    let first_two = Stages::Only(firm.stages[..2].iter().copied().collect());
    assert_eq!(authority.permissions["x-a.near"], [Coverage { app: None, stages: first_two, ends_at: None }]);
}

#[test]
fn a_grant_at_an_app_counts_there_and_only_with_what_reaches_apps() {
    let mut firm = firm();
    let own = [
        own_permission("x-b.inner", true, &[("x-b.outer", ImpliedAt::SameStage)]),
        own_permission("x-b.outer", false, &[("x-b.behind", ImpliedAt::SameStage)]),
        own_permission("x-b.behind", true, &[]),
    ];
    firm.world.rows.own_permissions.extend(own);
    let role = firm.world.org_role(
        "r",
        false,
        &[("app.view", Counts::EveryStage), ("x-b.inner", Counts::Stage(firm.stages[1])), ("members.view", Counts::EveryStage)],
    );
    let hollow = firm.world.org_role("hollow", false, &[("members.view", Counts::EveryStage)]);
    firm.world.grant_org(role, Some(firm.crm), Period::ALWAYS);
    firm.world.grant_org(hollow, Some(firm.crm), Period::ALWAYS);
    assert_eq!(firm.permissions(firm.crm_at[0]), ["app.view"]);
    // `outer` has no effect at an app, so it does not bring `behind` either.
    assert_eq!(firm.permissions(firm.crm_at[1]), ["app.view", "x-b.inner"]);
    assert_eq!(firm.at(firm.crm_at[1], 0).org_role_keys(), ["r"], "a role that gives nothing here is not shown");
    assert!(firm.permissions(firm.erp_at[1]).is_empty() && firm.organization().org_role_keys().is_empty());

    firm.world.grant_org(role, None, Period::ALWAYS);
    assert_eq!(firm.permissions(firm.erp_at[1]), ["app.view", "members.view", "stage.view", "x-b.behind", "x-b.inner", "x-b.outer"]);
    assert_eq!(firm.organization().permission_keys().collect::<Vec<_>>(), ["app.view", "members.view", "stage.view"]);
}

#[test]
fn an_administrator_holds_everything_and_a_developer_what_the_binary_says() {
    let mut firm = firm();
    firm.world.rows.own_permissions.push(own_permission("x-c.run", true, &[]));
    // Rows of a built-in role are ignored.
    let administrator = firm.world.org_role("administrator", true, &[]);
    let developer = firm.world.org_role("developer", true, &[("organization.manage", Counts::EveryStage)]);
    let mut dev = firm.world.clone();
    firm.world.grant_org(administrator, None, Period::ALWAYS);
    let everything = built_in().permissions.len() + 1;
    assert_eq!(firm.organization().permission_keys().count(), everything);
    let here = firm.at(firm.crm_at[2], 0);
    assert_eq!(here.permission_keys().count(), everything, "and no verbs: organization roles give none");
    assert!(!here.may_sign_in() && firm.organization().may_sign_in());
    assert_eq!(here.paths_of("stage.view").len(), 1);
    let catalogue = firm.world.catalogue();
    assert!(authority(&catalogue, &firm.world.holdings, at(0)).holds_all() && catalogue.gives_all(administrator) && !catalogue.gives_all(developer));

    firm.world.holdings.organization_grants[0].app = Some(firm.crm);
    assert_eq!(firm.permissions(firm.crm_at[2]).len(), built_in().permissions.iter().filter(|permission| permission.reaches_app()).count() + 1);
    assert!(firm.permissions(firm.erp_at[2]).is_empty());
    let at_app = authority(&firm.world.catalogue(), &firm.world.holdings, at(0));
    assert!(!at_app.holds_all() && at_app.allows("asset.change", Reach::App(firm.crm)) && !at_app.allows("stage.view", Reach::App(firm.crm)));

    dev.grant_org(developer, None, Period::ALWAYS);
    let has = |deployment, permission| effective(&dev.catalogue(), &dev.holdings, Place::Deployment(deployment), at(0)).has(permission);
    assert!(has(firm.crm_at[0], "asset.change") && !has(firm.crm_at[2], "asset.change") && has(firm.crm_at[2], "asset.delete"));
    assert!(has(firm.crm_at[2], "quality.view") && !has(firm.crm_at[0], "organization.manage"));
}

#[test]
fn end_user_roles_count_in_their_own_deployment() {
    let mut firm = firm();
    firm.world.grant(None, firm.clerk[0], Period::ALWAYS);
    let here = firm.at(firm.crm_at[0], 0);
    assert_eq!(here.role_keys(), ["clerk"]);
    assert_eq!(here.verbs().collect::<Vec<_>>(), ["read", "write"]);
    assert!(here.may_sign_in() && here.has("read") && !here.has("erase") && !here.has("nonsense"));
    let paths = here.paths_of("read");
    assert_eq!(paths.len(), 1);
    assert_eq!(paths[0].chain.iter().map(|step| step.permission.as_str()).collect::<Vec<_>>(), ["write", "read"]);
    for elsewhere in [firm.crm_at[1], firm.crm_at[2], firm.erp_at[0]] {
        let there = firm.at(elsewhere, 0);
        assert!(there.role_keys().is_empty() && there.permission_keys().next().is_none() && !there.may_sign_in());
    }
    assert!(firm.organization().role_keys().is_empty());
}

#[test]
fn a_shared_role_counts_as_a_role_where_it_is_listed() {
    let mut firm = firm();
    let listed = [(firm.erp_at[0], firm.auditor[0]), (firm.erp_at[0], firm.clerk[0]), (firm.erp_at[1], firm.auditor[0]), (firm.crm_at[0], firm.auditor[0])];
    firm.world.rows.listed_roles.extend(listed);
    firm.world.grant(None, firm.auditor[0], Period::ALWAYS);
    firm.world.grant(None, firm.clerk[0], Period::ALWAYS);
    let there = firm.at(firm.erp_at[0], 0);
    assert_eq!(there.role_keys(), ["crm:auditor"], "the clerk is listed and not shared");
    assert!(there.may_sign_in() && there.permission_keys().next().is_none());
    assert_eq!(there.paths_of_role("crm:auditor").len(), 1);
    assert!(firm.at(firm.erp_at[1], 0).role_keys().is_empty(), "another stage lists in vain");
    assert_eq!(firm.at(firm.crm_at[0], 0).role_keys(), ["auditor", "clerk"], "its own deployment needs no list");
    firm.world.rows.end_user_roles.iter_mut().for_each(|role| role.shared = false);
    assert!(firm.at(firm.erp_at[0], 0).role_keys().is_empty(), "no longer shared");
}

#[test]
fn groups_give_their_roles_to_members_at_their_stage() {
    let mut firm = firm();
    let sales = firm.world.join(1, firm.stages[0], during(10, 20));
    firm.world.join(1, firm.stages[0], during(18, 40));
    firm.world.join(2, firm.stages[1], Period::ALWAYS);
    firm.world.grant(Some(sales), firm.clerk[0], Period::until(Some(at(30))));
    let seen = |now| {
        let here = firm.at(firm.crm_at[0], now);
        (here.group_keys().join(","), here.role_keys().join(","), here.valid_until().map(Timestamp::micros), here.expires_at().map(Timestamp::micros))
    };
    assert_eq!(seen(0), (String::new(), String::new(), Some(10), None));
    assert_eq!(seen(10), ("group-1".into(), "clerk".into(), Some(18), Some(20)));
    assert_eq!(seen(18), ("group-1".into(), "clerk".into(), Some(20), Some(30)));
    assert_eq!(seen(20), ("group-1".into(), "clerk".into(), Some(30), Some(30)));
    assert_eq!(seen(30), ("group-1".into(), String::new(), Some(40), None));
    assert_eq!(seen(40), (String::new(), String::new(), None, None));
    let both = firm.at(firm.crm_at[0], 19).paths_of("read");
    assert_eq!(both.iter().map(|path| path.membership.as_ref().unwrap().group).collect::<Vec<_>>(), [sales, sales]);
    assert_eq!(both.iter().map(|path| path.period.ends_at).collect::<Vec<_>>(), [Some(at(20)), Some(at(30))]);
    assert_eq!(firm.at(firm.crm_at[1], 0).group_keys(), ["group-2"]);
}

#[test]
fn an_answer_expires_with_the_first_thing_that_nothing_else_gives() {
    let mut firm = firm();
    let role = firm.world.org_role("r", false, &[("app.view", Counts::EveryStage)]);
    let wide = firm.world.org_role("wide", false, &[("app.view", Counts::EveryStage), ("asset.open", Counts::EveryStage)]);
    firm.world.grant_org(role, None, Period::until(Some(at(10))));
    firm.world.grant_org(role, None, during(5, 50));
    firm.world.grant_org(wide, Some(firm.crm), Period::until(Some(at(30))));
    assert_eq!(firm.at(firm.crm_at[0], 5).expires_at(), Some(at(30)), "asset.open and the role `wide` end at 30, the role `r` at 50");
    assert_eq!(firm.at(firm.crm_at[0], 5).valid_until(), Some(at(10)), "one path ends at 10");
    assert_eq!(firm.at(firm.crm_at[0], 0).expires_at(), Some(at(10)), "what begins at 5 does not count before");
    assert_eq!(firm.at(firm.erp_at[0], 5).expires_at(), Some(at(50)));
    let authority = authority(&firm.world.catalogue(), &firm.world.holdings, at(5));
    let ends = |key: &str| authority.permissions[key].iter().map(|way| (way.app, way.ends_at)).collect::<Vec<_>>();
    assert_eq!(ends("app.view"), [(None, Some(at(50)))], "the latest end; the grant at the app adds nothing");
    assert_eq!(ends("asset.open"), [(Some(firm.crm), Some(at(30)))]);
}

#[test]
fn everyone_may_enter_an_open_app_and_nobody_who_does_not_count() {
    let mut firm = firm();
    firm.world.rows.deployments.iter_mut().filter(|row| row.app == firm.erp).for_each(|row| row.sign_in = SignIn::Everyone);
    assert!(firm.at(firm.erp_at[0], 0).may_sign_in() && !firm.at(firm.crm_at[0], 0).may_sign_in());
    let administrator = firm.world.org_role("administrator", true, &[]);
    firm.world.grant_org(administrator, None, Period::ALWAYS);
    firm.world.grant(None, firm.clerk[0], Period::ALWAYS);
    firm.world.holdings.counts = false;
    for place in firm.world.places() {
        let none = effective(&firm.world.catalogue(), &firm.world.holdings, place, at(0));
        assert!(!none.may_sign_in() && none.permission_keys().next().is_none() && none.role_keys().is_empty());
    }
    assert_eq!(authority(&firm.world.catalogue(), &firm.world.holdings, at(0)), crate::base::authority::Authority::default());
}

#[test]
fn a_place_that_is_gone_gives_nothing() {
    let mut firm = firm();
    let administrator = firm.world.org_role("administrator", true, &[]);
    let grant = firm.world.grant_org(administrator, None, Period::ALWAYS);
    assert_eq!(firm.organization().paths_of_org_role("administrator")[0].grant, GrantRef::Organization(grant));
    let gone = firm.crm_at[0];
    firm.world.rows.deployments.retain(|row| row.id != gone);
    let none = firm.at(gone, 0);
    assert!(!none.may_sign_in() && none.permission_keys().next().is_none() && none.paths_of("stage.view").is_empty());
}

#[test]
fn the_catalogue_finds_things_by_id_and_key() {
    let mut firm = firm();
    firm.world.rows.listed_roles.push((firm.erp_at[0], firm.auditor[0]));
    let role = firm.world.org_role("support", false, &[]);
    firm.world.rows.stages.reverse();
    let catalogue = firm.world.catalogue();
    assert_eq!(catalogue.stages().iter().map(|stage| stage.id).collect::<Vec<_>>(), firm.stages);
    assert_eq!(catalogue.stage_by_key("qa").map(|stage| stage.id), Some(firm.stages[1]));
    assert_eq!(catalogue.stage(firm.stages[2]).map(|stage| stage.key.as_str()), Some("production"));
    assert_eq!(catalogue.app_by_key("erp").map(|app| app.id), Some(firm.erp));
    assert_eq!(catalogue.app(firm.crm).map(|app| app.key.as_str()), Some("crm"));
    assert_eq!(catalogue.deployments_of(firm.crm).map(|row| row.id).collect::<Vec<_>>(), firm.crm_at);
    assert_eq!(catalogue.deployment_at(firm.erp, firm.stages[1]).map(|row| row.id), Some(firm.erp_at[1]));
    assert_eq!(catalogue.end_user_role_by_key(firm.crm_at[1], "clerk").map(|row| row.id), Some(firm.clerk[1]));
    assert_eq!(catalogue.listed_roles_of(firm.erp_at[0]).map(|(claim, row)| (claim, row.id)).collect::<Vec<_>>(), [("crm:auditor", firm.auditor[0])]);
    assert_eq!(catalogue.verbs_of(firm.crm_at[0]).iter().map(ToString::to_string).collect::<Vec<_>>(), ["erase", "read", "write"]);
    assert_eq!(catalogue.organization_role_by_key("support").map(|row| row.id), Some(role));
    assert!(catalogue.platform_permission("asset.open").is_some() && catalogue.platform_permission("asset.gone").is_none());
}
