//! How long effective access takes for somebody with very much of it: 200 grants in 50 groups over 1,000 permissions.
//!
//! `cargo bench --bench effective` prints the fastest and the median time of each question. It asserts nothing: a busy
//! machine is no defect.

use gatehouse::access::app::SignIn;
use gatehouse::access::catalogue::{
    AppPermissionRow, AppRow, Catalogue, Counts, DeploymentRow, EndUserRoleRow, OrganizationRoleRow, RoleEntryRow, Rows, StageRow,
};
use gatehouse::access::effective::{EndUserGrantRow, Holdings, MembershipRow, OrganizationGrantRow, Place, authority, effective};
use gatehouse::access::permission::{Enforced, Implication, ImpliedAt, PlatformPermission, ReachKind};
use gatehouse::access::stage::Purpose;
use gatehouse::base::id::{
    AppId, AppPermissionId, DeploymentId, EndUserGrantId, EndUserRoleId, GroupId, MembershipId, OrganizationGrantId, OrganizationRoleId, StageId,
};
use gatehouse::base::text::{Description, DisplayName, PermissionKey, Slug, TextError, Verb};
use gatehouse::base::time::{Period, Timestamp};
use std::hint::black_box;
use std::time::{Duration, Instant};

const ROUNDS: usize = 2_000;
const GROUPS: usize = 50;
const NOW: Timestamp = Timestamp::from_seconds(1_000);

/// How much of everything there is.
struct Size {
    name: &'static str,
    verbs: usize,
    platform: usize,
    end_user_grants: usize,
    organization_grants: usize,
}

fn main() -> Result<(), TextError> {
    let sizes = [
        Size { name: "an app with 1,000 permissions, 200 grants of 50 groups", verbs: 1_000, platform: 0, end_user_grants: 200, organization_grants: 0 },
        Size { name: "500 of an app and 500 of the platform, 100 grants each", verbs: 500, platform: 500, end_user_grants: 100, organization_grants: 100 },
        Size { name: "1,000 of the platform, 200 grants, member of 50 groups", verbs: 0, platform: 1_000, end_user_grants: 0, organization_grants: 200 },
    ];
    println!("{:<56}{:>24}{:>12}{:>12}", "", "question", "fastest", "median");
    for size in sizes {
        let (rows, place) = rows(&size)?;
        let holdings = holdings(&size, &rows)?;
        let catalogue = Catalogue::compile(rows.clone());
        let found = effective(&catalogue, &holdings, place, NOW);
        let keys: Vec<&str> = found.permission_keys().collect();
        let asked = keys.last().copied().unwrap_or_default();
        println!("{}: {} permissions, {} roles", size.name, keys.len(), found.role_keys().len() + found.org_role_keys().len());
        report("effective", ROUNDS, || effective(&catalogue, &holdings, place, NOW));
        report("with all claims", ROUNDS, || {
            let found = effective(&catalogue, &holdings, place, NOW);
            let texts = found.permission_keys().map(str::len).sum::<usize>() + found.role_keys().len() + found.org_role_keys().len() + found.group_keys().len();
            (texts, found.expires_at())
        });
        report("every path of one", ROUNDS / 10, || found.paths_of(asked));
        report("authority", ROUNDS / 10, || authority(&catalogue, &holdings, NOW));
        report("compile the catalogue", 20, || Catalogue::compile(rows.clone()));
    }
    Ok(())
}

fn report<T>(question: &str, rounds: usize, mut ask: impl FnMut() -> T) {
    let mut times: Vec<Duration> = (0..rounds)
        .map(|_| {
            let start = Instant::now();
            black_box(ask());
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    let micros = |time: Duration| format!("{:.1} us", time.as_secs_f64() * 1e6);
    println!("{question:>80}{:>12}{:>12}", micros(times[0]), micros(times[rounds / 2]));
}

fn slug(kind: &str, number: usize) -> Result<Slug, TextError> {
    Slug::parse(&format!("{kind}-{number}"))
}

/// Every permission brings two others, and every tenth closes a cycle.
fn implied(number: usize, of: usize) -> [usize; 2] {
    if number.is_multiple_of(10) { [number.saturating_sub(7), (number + 1) % of] } else { [(number + 1) % of, (number * 2 + 1) % of] }
}

fn rows(size: &Size) -> Result<(Rows, Place), TextError> {
    let mut rows = Rows::default();
    for (number, purpose) in Purpose::ALL.iter().enumerate() {
        rows.stages.push(StageRow {
            id: StageId::fresh(),
            key: slug("stage", number)?,
            purpose: *purpose,
            position: i64::try_from(number).unwrap_or(i64::MAX),
        });
    }
    let (app, here) = (AppId::fresh(), DeploymentId::fresh());
    rows.apps.push(AppRow { id: app, key: Slug::parse("app")? });
    rows.deployments.push(DeploymentRow { id: here, app, stage: rows.stages[0].id, sign_in: SignIn::Assigned });

    for number in 0..size.verbs {
        rows.app_permissions.push(AppPermissionRow { id: AppPermissionId::fresh(), deployment: here, verb: Verb::parse(&format!("verb-{number:04}"))? });
    }
    // Chains of ten, so that roles differ from each other.
    let verb = |number: usize| rows.app_permissions[number].id;
    rows.app_implications = (0..size.verbs).filter(|number| number % 10 != 9).map(|number| (verb(number), verb(number + 1))).collect();
    for number in 0..size.end_user_grants {
        let id = EndUserRoleId::fresh();
        rows.end_user_roles.push(EndUserRoleRow { id, deployment: here, key: slug("role", number)?, shared: false });
        rows.end_user_role_permissions.extend((0..20).map(|step| (id, verb((number * 37 + step * 53) % size.verbs))));
    }

    let key = |number: usize| PermissionKey::parse(&format!("x-own.verb-{number:04}"));
    for number in 0..size.platform {
        let [first, second] = implied(number, size.platform);
        rows.own_permissions.push(PlatformPermission {
            key: key(number)?,
            name: DisplayName::parse("Verb")?,
            category: DisplayName::parse("Own")?,
            purpose: Description::default(),
            reaches: ReachKind::ALL.iter().copied().collect(),
            by_stage: true,
            implies: vec![
                Implication { permission: key(first)?, at: ImpliedAt::SameStage },
                Implication { permission: key(second)?, at: ImpliedAt::Purpose(Purpose::Development) },
            ],
            enforced: Enforced::Tools,
        });
    }
    for number in 0..size.organization_grants {
        let role = OrganizationRoleId::fresh();
        rows.organization_roles.push(OrganizationRoleRow { id: role, key: slug("organization-role", number)?, built_in: false });
        for step in 0..20 {
            let counts = if step % 2 == 0 { Counts::EveryStage } else { Counts::Stage(rows.stages[step % 3].id) };
            rows.organization_role_entries.push(RoleEntryRow { role, permission: key((number * 37 + step * 53) % size.platform)?, counts });
        }
    }
    Ok((rows, Place::Deployment(here)))
}

fn holdings(size: &Size, rows: &Rows) -> Result<Holdings, TextError> {
    let groups: Vec<GroupId> = (0..GROUPS).map(|_| GroupId::fresh()).collect();
    let mut holdings = Holdings { counts: true, ..Holdings::default() };
    let until = |number: usize| Period::until(number.is_multiple_of(3).then(|| Timestamp::from_seconds(2_000 + i64::try_from(number).unwrap_or(0))));
    for (number, group) in groups.iter().enumerate() {
        let row =
            MembershipRow { id: MembershipId::fresh(), group: *group, group_key: slug("group", number)?, stage: rows.stages[0].id, period: until(number) };
        holdings.memberships.push(row);
    }
    for (number, role) in rows.end_user_roles.iter().enumerate().take(size.end_user_grants) {
        holdings.end_user_grants.push(EndUserGrantRow {
            id: EndUserGrantId::fresh(),
            group: Some(groups[number % GROUPS]),
            role: role.id,
            period: until(number),
        });
    }
    for (number, role) in rows.organization_roles.iter().enumerate().take(size.organization_grants) {
        let app = (number % 2 == 0).then(|| rows.apps[0].id);
        holdings.organization_grants.push(OrganizationGrantRow { id: OrganizationGrantId::fresh(), role: role.id, app, period: until(number) });
    }
    Ok(holdings)
}
