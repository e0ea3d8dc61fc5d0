//! API clients hold organization roles: why, why not, and who sees that.

use super::{ANA, HASH, NORA, OLGA, PIA, house, id, reads};
use crate::support::house::{Backend, House, on_both};
use crate::support::insider::enter;
use gatehouse::db::{execute, one};
use std::time::Duration;

on_both! {
    what_a_client_may_do_is_explained
    clients_stand_among_the_holders
    only_some_may_know_what_a_client_may_do
}

/// May manage API clients, and sees nobody.
const KIM: &str = "kim@acme.example";
/// May see members, and nothing else.
const MEL: &str = "mel@acme.example";
const ROBOT: &str = "/portal/clients/robot/access";

/// The robot of the seed holds a role limited to Development, and one for an app that ends soon.
pub async fn robot(house: &House) {
    let soon = house.server.ground.clock.now().plus(Duration::from_hours(3 * 24 + 5)).rfc3339();
    house
        .apply(&format!(
            "[[organization_role]]\nkey = \"keeper\"\nname = \"Client keeper\"\npermissions = [\"api_clients.manage\"]\n\
             [[organization_role]]\nkey = \"member-viewer\"\nname = \"Member viewer\"\npermissions = [\"members.view\"]\n\
             [[user]]\nemail = \"{KIM}\"\nname = \"Kim Keeper\"\npassword_hash = \"{HASH}\"\norg_roles = [\"keeper\"]\n\
             [[user]]\nemail = \"{MEL}\"\nname = \"Mel Member\"\npassword_hash = \"{HASH}\"\norg_roles = [\"member-viewer\"]\n\
             [[client]]\nclient_id = \"robot\"\nname = \"Robot\"\norg_roles = [\"tester\", {{ role = \"looker\", app = \"sales\", ends_at = \"{soon}\" }}]\n"
        ))
        .await;
}

async fn suspend(house: &House) {
    let mut tx = house.server.ground.db.write().await.expect("a write");
    execute!(tx, "UPDATE clients SET suspended_at = 1000000 WHERE client_id = 'robot'").expect("written");
    tx.commit().await.expect("committed");
}

async fn what_a_client_may_do_is_explained(backend: Backend) {
    let house = house(backend).await;
    robot(&house).await;
    let (mut olga, _) = enter(&house, OLGA, "/portal").await;
    // At the organization nothing of it counts; at Development both roles do.
    reads(&olga.get(ROBOT).await, &["API client · Robot · robot", "No role counts here.", "Nothing may be done here.", "limited to Development"]);
    let page = olga.get(&format!("{ROBOT}?at=sales/development")).await;
    let both = ["Organization role Tester", "Organization role for Sales Desk Looker", "ends in 3 days", "Change asset.change", "Deploy asset.deploy"];
    reads(&page, &both);
    // Nobody signs in with it, and what it cannot hold is not offered.
    assert!(page.element("may-sign-in").is_none() && page.body.contains("value=\"asset.change\"") && !page.body.contains("<option value=\"viewer\">"));
    let page = olga.get(&format!("{ROBOT}?at=sales/development&permission=asset.deploy")).await;
    let answer = page.element("answer").expect("an answer");
    assert!(answer.contains("Why Robot has Deploy (asset.deploy): Sales Desk at Development Yes"), "{answer}");
    for text in ["By one way", "given by ", "no end", "To take it away, remove this one", "The role Tester for the whole organization"] {
        assert!(answer.to_lowercase().contains(&text.to_lowercase()), "{text}: {answer}");
    }
    let others = "/portal/access/permission?key=asset.deploy&app=sales&stage=development";
    assert_eq!(page.attribute("holders", "href").as_deref(), Some(others));
    // Missing: what there is and why it gives nothing here, and the roles that would.
    let page = olga.get(&format!("{ROBOT}?at=sales/production&permission=asset.deploy")).await;
    let answer = page.element("answer").expect("an answer");
    for text in [" No ", "limited to Development", "Administrator given for the whole organization"] {
        assert!(answer.contains(text), "{text}: {answer}");
    }
    reads(&olga.get(&format!("{ROBOT}?at=sales/production&ask=looker")).await, &["Organization role for Sales Desk Looker"]);
    // It can hold no role of an app: none would give it what such roles give.
    for ask in ["permission=approve", "role=approver"] {
        let page = olga.get(&format!("{ROBOT}?at=sales/production&{ask}")).await;
        let givers = page.element("givers").expect("an answer");
        assert!(givers.contains("No role gives it here.") && !givers.contains("Approver"), "{givers}");
    }
    reads(&olga.get(&format!("{ROBOT}?at=sales/production&ask=aset.change")).await, &["There is no permission or role", "Did you mean asset.change"]);
    // Suspended, nothing of it counts.
    suspend(&house).await;
    reads(
        &olga.get(&format!("{ROBOT}?at=sales/development&permission=asset.deploy")).await,
        &["Suspended", "Nothing counts now: this API client is suspended.", "would count otherwise"],
    );
    house.close().await;
}

async fn clients_stand_among_the_holders(backend: Backend) {
    let house = house(backend).await;
    robot(&house).await;
    let (mut olga, _) = enter(&house, OLGA, "/portal").await;
    let permission = "key=asset.deploy&app=sales&stage=development";
    let page = olga.get(&format!("/portal/access/permission?{permission}")).await;
    reads(&page, &["API clients", "Robot robot", "Ana Ferreira"]);
    let why = format!("{ROBOT}?at=sales%2Fdevelopment&permission=asset.deploy");
    assert!(page.links().contains(&why), "{:?}", page.links());
    reads(&olga.get(&why).await, &["Why Robot has Deploy (asset.deploy)"]);
    let csv = olga.get(&format!("/portal/access/permission.csv?{permission}")).await;
    assert!(csv.body.contains("\"Robot\",\"robot\",\"active\",\"Tester\",\"Whole organization\",\"\",\"asset.change > asset.deploy\""), "{}", csv.body);

    let mut tx = house.server.ground.db.read().await.expect("the database answers");
    let (tester,) = one!(tx, (uuid::Uuid,), "SELECT id FROM organization_roles WHERE key = 'tester'").expect("a role");
    drop(tx);
    let page = olga.get(&format!("/portal/access/role?organization={tester}")).await;
    assert!(page.text_contains("Robot robot") && page.links().contains(&ROBOT.to_owned()), "{}", page.text());
    let csv = olga.get(&format!("/portal/access/role.csv?organization={tester}")).await;
    assert!(csv.body.contains("\"Robot\",\"robot\",\"active\",\"Tester\"") && csv.body.lines().count() == 3, "{}", csv.body);

    // Suspended, it has no permission; that it holds the role is still to be seen.
    suspend(&house).await;
    let page = olga.get(&format!("/portal/access/permission?{permission}")).await;
    assert!(page.text_contains("Ana Ferreira") && !page.text_contains("Robot"), "{}", page.text());
    reads(&olga.get(&format!("/portal/access/role?organization={tester}")).await, &["Robot robot Suspended"]);
    let csv = olga.get(&format!("/portal/access/role.csv?organization={tester}")).await;
    assert!(csv.body.contains("\"Robot\",\"robot\",\"suspended\",\"Tester\""), "{}", csv.body);
    house.close().await;
}

async fn only_some_may_know_what_a_client_may_do(backend: Backend) {
    let house = house(backend).await;
    robot(&house).await;
    // Whoever manages API clients, and nobody's access, reads what they may do, and no list of people.
    let (mut kim, _) = enter(&house, KIM, "/portal").await;
    let page = kim.get(&format!("{ROBOT}?at=sales/development&permission=asset.deploy")).await;
    reads(&page, &["Why Robot has Deploy (asset.deploy)", "Organization role Tester"]);
    assert!(page.element("holders").is_none() && !page.links().contains(&"/portal/users".to_owned()), "{:?}", page.links());
    assert_eq!(kim.get("/portal/access/permission?key=asset.deploy").await.status, 403);
    assert_eq!(kim.get(&format!("/portal/users/{}/access", id(&house, ANA).await)).await.status, 403);
    reads(&kim.get(&format!("{ROBOT}?at=sales/production&permission=approve")).await, &["You may not see this part"]);
    // So does whoever sees members: clients stand in the lists that they read.
    let (mut mel, _) = enter(&house, MEL, "/portal").await;
    reads(&mel.get(&format!("{ROBOT}?at=sales/development")).await, &["Organization role Tester"]);
    // To whoever sees end-users only there is no such client; who has no business there at all reads what is missing.
    let (mut pia, _) = enter(&house, PIA, "/portal").await;
    for path in [ROBOT.to_owned(), format!("{ROBOT}?at=sales/production")] {
        assert_eq!(pia.get(&path).await.status, 404, "{path}");
    }
    let (mut nora, _) = enter(&house, NORA, "/account").await;
    assert_eq!(nora.get(ROBOT).await.status, 403);
    // Clients that there are not, the face of an app, and places that lead nowhere.
    for odd in ["nothing/access", "sales-basic/access", "robot/access?at=nowhere", "robot/access?at=sales/qa", "robot/access?at=/", "%C3%A4/access"] {
        assert_eq!(kim.get(&format!("/portal/clients/{odd}")).await.status, 404, "{odd}");
    }
    house.close().await;
}
