//! API clients and groups among the holders when there are many, and the way from every role to its explanation.

use super::clients::robot;
use super::{ANA, OLGA, PIA, house, id, reads};
use crate::support::house::{Backend, House, on_both};
use crate::support::insider::enter;
use crate::support::page::Page;
use gatehouse::db::{execute, one};
use std::collections::BTreeSet;
use uuid::Uuid;

on_both! {
    many_clients_and_groups_are_counted_and_exported
    every_role_leads_to_its_explanation
}

/// More than one page of an export has.
const MORE: usize = 505;
const ROBOT: &str = "/portal/clients/robot/access";

/// API clients that hold what the robot holds at the organization, and groups with the role of the seed's group.
async fn many(house: &House) {
    let mut tx = house.server.ground.db.write().await.expect("a write");
    for at in 0..MORE {
        let (client, group) = (Uuid::now_v7(), Uuid::now_v7());
        execute!(
            tx,
            "INSERT INTO clients (id, client_id, kind, deployment_id, party, name, metadata, claims_version, suspended_at, access_version, created_at, version)
             SELECT $1, $2, kind, deployment_id, party, $3, metadata, claims_version, suspended_at, access_version, created_at, version
             FROM clients WHERE client_id = 'robot'",
            client,
            format!("robot-{at:03}"),
            format!("Robot {at:03}")
        )
        .expect("a client");
        execute!(
            tx,
            "INSERT INTO organization_grants
             (id, user_id, client_id, role_id, app_id, starts_at, ends_at, reason, granted_by_kind, granted_by_id, granted_by_label, granted_at, version)
             SELECT $1, g.user_id, $2, g.role_id, g.app_id, g.starts_at, g.ends_at, g.reason, g.granted_by_kind, g.granted_by_id, g.granted_by_label,
             g.granted_at, g.version FROM organization_grants g JOIN clients c ON c.id = g.client_id WHERE c.client_id = 'robot' AND g.app_id IS NULL",
            Uuid::now_v7(),
            client
        )
        .expect("its role");
        execute!(
            tx,
            "INSERT INTO groups (id, stage_id, key, name, description, version)
             SELECT $1, stage_id, $2, $3, description, version FROM groups WHERE key = 'emea'",
            group,
            format!("band-{at:03}"),
            format!("Band {at:03}")
        )
        .expect("a group");
        execute!(
            tx,
            "INSERT INTO end_user_grants
             (id, user_id, group_id, role_id, stage_id, starts_at, ends_at, reason, granted_by_kind, granted_by_id, granted_by_label, granted_at, version)
             SELECT $1, g.user_id, $2, g.role_id, g.stage_id, g.starts_at, g.ends_at, g.reason, g.granted_by_kind, g.granted_by_id, g.granted_by_label,
             g.granted_at, g.version FROM end_user_grants g JOIN groups t ON t.id = g.group_id WHERE t.key = 'emea'",
            Uuid::now_v7(),
            group
        )
        .expect("its role");
    }
    tx.commit().await.expect("committed");
}

/// The lines that begin so, each once.
fn lines<'a>(csv: &'a Page, begins: &str) -> BTreeSet<&'a str> {
    let found: Vec<&str> = csv.body.lines().filter(|line| line.starts_with(begins)).collect();
    let each: BTreeSet<&str> = found.iter().copied().collect();
    assert_eq!(found.len(), each.len(), "a line stands there twice");
    each
}

async fn role(house: &House, sql: &'static str) -> String {
    let mut tx = house.server.ground.db.read().await.expect("the database answers");
    one!(tx, (Uuid,), sql).expect("a role").0.to_string()
}

async fn viewer(house: &House) -> String {
    role(house, "SELECT r.id FROM end_user_roles r JOIN stages s ON s.id = r.stage_id WHERE r.key = 'viewer' AND s.key = 'production'").await
}

async fn tester(house: &House) -> String {
    role(house, "SELECT id FROM organization_roles WHERE key = 'tester'").await
}

async fn many_clients_and_groups_are_counted_and_exported(backend: Backend) {
    let house = house(backend).await;
    robot(&house).await;
    let (mut olga, _) = enter(&house, OLGA, "/portal").await;
    let (viewer, tester) = (format!("app-role={}", viewer(&house).await), format!("organization={}", tester(&house).await));
    let permission = "key=asset.change&app=sales&stage=development";
    for path in [format!("role?{viewer}"), format!("role?{tester}"), format!("permission?{permission}")] {
        let page = olga.get(&format!("/portal/access/{path}")).await;
        assert!(page.element("more-groups").is_none() && page.element("more-clients").is_none(), "{path}: these are all");
    }
    many(&house).await;
    let more = Some(format!("And {} more: the export has all of them.", MORE + 1 - 200));

    let page = olga.get(&format!("/portal/access/role?{viewer}")).await;
    assert_eq!((page.element("more-groups"), page.text().matches("Band ").count()), (more.clone(), 200));
    let csv = olga.get(&format!("/portal/access/role.csv?{viewer}")).await;
    assert_eq!(lines(&csv, "\"Band ").len(), MORE);
    // A group has no address, and stands for itself.
    let emea = lines(&csv, "\"EMEA Sales\"");
    assert!(emea.len() == 1 && emea.iter().all(|line| line.starts_with("\"EMEA Sales\",\"\",\"\",\"Viewer\",\"Sales Desk\",\"EMEA Sales\",\"\"")), "{emea:?}");
    assert_eq!(lines(&csv, "\"Ana Ferreira\"").len(), 1, "who is in a group stands there as before");
    // A search is for people, in the file, too.
    let page = olga.get(&format!("/portal/access/role?{viewer}&q=ana")).await;
    assert!(page.text_contains("Ana Ferreira") && page.element("groups").is_none(), "{}", page.text());
    assert_eq!(olga.get(&format!("/portal/access/role.csv?{viewer}&q=ana")).await.body.lines().count(), 2);

    for (path, file) in [(format!("role?{tester}"), format!("role.csv?{tester}")), (format!("permission?{permission}"), format!("permission.csv?{permission}"))]
    {
        let page = olga.get(&format!("/portal/access/{path}")).await;
        assert_eq!((page.element("more-clients"), page.text().matches("Robot ").count()), (more.clone(), 200), "{path}");
        let csv = olga.get(&format!("/portal/access/{file}")).await;
        assert_eq!(lines(&csv, "\"Robot").len(), MORE + 1, "{file}");
        assert!(!csv.body.contains("Band "), "{file}");
    }
    house.close().await;
}

async fn every_role_leads_to_its_explanation(backend: Backend) {
    let house = house(backend).await;
    robot(&house).await;
    let (mut olga, _) = enter(&house, OLGA, "/portal").await;
    let ana = format!("/portal/users/{}", id(&house, ANA).await);
    let why = |page: &str, at: &str| format!("{page}?at=sales%2F{at}");
    let (approver, tested) = (why(&format!("{ana}/access"), "production&role=approver"), why(&format!("{ana}/access"), "development&org-role=tester"));
    let through = why(&format!("{ana}/access"), "production&role=viewer");

    // From what somebody holds: a role of their own, one by a group, and one of the organization, there where it counts.
    for page in [ana.clone(), format!("{ana}/holds/app-roles")] {
        let links = olga.get(&page).await.links();
        assert!(links.contains(&approver) && links.contains(&through), "{page}: {links:?}");
    }
    for page in [ana.clone(), format!("{ana}/holds/roles")] {
        assert!(olga.get(&page).await.links().contains(&tested), "{page}");
    }
    // From those who hold a role.
    let page = olga.get(&format!("/portal/access/role?app-role={}", viewer(&house).await)).await;
    assert!(page.links().contains(&through), "{:?}", page.links());
    let page = olga.get(&format!("/portal/access/role?organization={}", tester(&house).await)).await;
    let of_robot = why(ROBOT, "development&org-role=tester");
    assert!(page.links().contains(&tested) && page.links().contains(&of_robot), "{:?}", page.links());
    for link in [&approver, &tested, &through, &of_robot] {
        let answer = olga.get(link).await.element("answer").expect("an answer");
        assert!(answer.contains(" Yes "), "{link}: {answer}");
    }
    // One that counts for the whole organization is explained there.
    let olgas = format!("/portal/users/{}", id(&house, OLGA).await);
    let links = olga.get(&olgas).await.links();
    let whole = links.iter().find(|link| link.contains("/access?at=organization&org-role=")).expect("a link").clone();
    reads(&olga.get(&whole).await, &["Administrator", "Yes"]);

    // Whoever sees a role may open what its link says, and what they may not see has none.
    let (mut pia, _) = enter(&house, PIA, "/portal").await;
    let links = pia.get(&ana).await.links();
    let whys: Vec<&String> = links.iter().filter(|link| link.contains("/access?at=")).collect();
    assert!(whys.contains(&&approver) && whys.iter().all(|link| !link.contains("org-role")), "{whys:?}");
    for link in whys {
        let page = pia.get(link).await;
        assert!(page.status == 200 && page.element("answer").is_some_and(|answer| answer.contains(" Yes ")), "{link}: {}", page.text());
    }
    house.close().await;
}
