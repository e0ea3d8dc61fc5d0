use super::*;
use crate::access::effective::effective;
use crate::access::explain::{Labels, Roles};
use crate::access::people::From;
use crate::access::people::holders::{self, Holding};
use crate::base::id::DeploymentId;
use crate::cli::apply;
use crate::config::{Config, Sources};
use crate::db::{all, execute};
use crate::server::Server;
use clap::Parser;
use std::sync::Arc;
use std::time::Duration;

const SEED: &str = r#"
[organization]
name = "Acme"
[owner]
email = "olga@acme.example"
name = "Olga Owner"
password_hash = "$argon2id$v=19$m=256,t=1,p=1$zdnAvmxshaduAlaV1M06MQ$hPTf9YbAjn8SNpdqqGdVXyMBJr8wi+1S2lGLqzue1K0"
[[app]]
key = "sales"
name = "Sales Desk"
[[app.deployment]]
stage = "production"
permissions = ["list", { verb = "read", implies = ["list"] }, { verb = "approve", implies = ["read"] }, "audit"]
roles = [{ key = "approver", name = "Approver", permissions = ["approve"] }, { key = "viewer", name = "Viewer", permissions = ["read"], shared = true }]
[[app.deployment]]
stage = "development"
permissions = ["audit"]
roles = [{ key = "auditor", name = "Auditor", permissions = ["audit"] }]
[[app]]
key = "wiki"
name = "Wiki"
[[app.deployment]]
stage = "production"
permissions = ["write"]
listed_roles = ["sales:viewer"]
[[organization_role]]
key = "tester"
name = "Tester"
permissions = [{ permission = "asset.change", at = ["development"] }]
[[group]]
stage = "production"
key = "emea"
name = "EMEA Sales"
roles = ["sales:approver"]
[[user]]
email = "ana@acme.example"
name = "Ana Ferreira"
password_hash = "$argon2id$v=19$m=256,t=1,p=1$zdnAvmxshaduAlaV1M06MQ$hPTf9YbAjn8SNpdqqGdVXyMBJr8wi+1S2lGLqzue1K0"
org_roles = ["tester"]
roles = ["sales/development/auditor", { app = "sales", stage = "production", role = "viewer", ends_at = "SOON" }]
groups = ["production/emea"]
[[user]]
email = "bo@acme.example"
password_hash = "$argon2id$v=19$m=256,t=1,p=1$zdnAvmxshaduAlaV1M06MQ$hPTf9YbAjn8SNpdqqGdVXyMBJr8wi+1S2lGLqzue1K0"
roles = ["sales/production/viewer"]
[[client]]
client_id = "hr-sync"
name = "HR sync"
secrets = ["0123456789abcdef0123456789abcdef"]
org_roles = ["tester", { role = "developer", app = "sales", ends_at = "SOON" }]
"#;

struct World {
    server: Arc<Server>,
    _folder: tempfile::TempDir,
}

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    explain: ExplainArgs,
}

impl World {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = Config::load(Sources { working_dir: folder.path().to_owned(), ..Sources::default() }).unwrap();
        let server = Server::open(config).await.unwrap();
        let soon = server.ground.clock.now().plus(Duration::from_hours(3 * 24 + 5)).rfc3339();
        let path = folder.path().join("acme.toml");
        std::fs::write(&path, SEED.replace("SOON", &soon)).unwrap();
        apply::apply(&server, &apply::read(&path).unwrap()).await.unwrap();
        Self { server, _folder: folder }
    }

    async fn said(&self, line: &str) -> Result<String, String> {
        let line = Line::try_parse_from(std::iter::once("explain").chain(line.split(' '))).map_err(|error| error.to_string())?;
        run(&self.server.ground, &line.explain).await.map_err(|error| error.to_string())
    }

    /// Whether each of these stands in the answer.
    async fn says(&self, line: &str, texts: &[&str]) {
        let said = self.said(line).await.unwrap();
        for text in texts {
            assert!(said.contains(text), "{line}: {text:?} is not in\n{said}");
        }
    }

    async fn change(&self, sql: &'static str) {
        let mut tx = self.server.ground.db.write().await.unwrap();
        execute!(tx, sql).unwrap();
        tx.commit().await.unwrap();
    }
}

#[tokio::test]
async fn what_is_held_is_explained_by_every_way() {
    let world = World::new().await;
    // The example of the access model.
    world
        .says(
            "ana@acme.example sales development",
            &[
                "asset.change (Change)",
                "asset.open (Open)",
                "asset.debug (Debug)",
                "asset.deploy (Deploy)",
                "asset.change (at development stages) -> asset.debug (implied)",
            ],
        )
        .await;
    world
        .says(
            "ana@acme.example sales development asset.deploy",
            &[
                "asset.deploy: yes",
                "-> asset.deploy (implied at development stages)",
                "remove this one: the grant of organization role tester at the organization.",
            ],
        )
        .await;
    for key in ["asset.change", "asset.open", "asset.debug", "asset.deploy"] {
        let line = format!("ana@acme.example sales production {key}");
        world
            .says(
                &line,
                &[
                    &format!("{key}: no"),
                    "role tester at the organization",
                    "limited to development",
                    "administrator (Administrator), granted at the organization",
                ],
            )
            .await;
    }
    // Through a group and nested implications, and directly; the end is near.
    world
        .says(
            "ana@acme.example sales production list",
            &[
                "group \"EMEA Sales\" (member by ",
                "role approver (given by ",
                "-> approve -> read (implied) -> list (implied), without end",
                "role viewer (given by ",
                "ends in 3 days",
                "remove all of these: ",
                "the membership in group \"EMEA Sales\"",
                "the grant of role viewer",
            ],
        )
        .await;
    world.says("ana@acme.example sales production --role approver", &["approver: yes", "remove this one: the membership in group \"EMEA Sales\"."]).await;
    world.says("ana@acme.example wiki production --role sales:viewer", &["sales:viewer: yes"]).await;
    world.says("ana@acme.example - - --role tester", &["tester: no", "limited to development"]).await;
    world.says("olga@acme.example - -", &["Organization roles", "administrator (Administrator)", "users.manage"]).await;
    world.server.close().await;
}

#[tokio::test]
async fn what_is_missing_is_explained_with_the_roles_that_would_give_it() {
    let world = World::new().await;
    world.says("bo@acme.example sales production approve", &["approve: no", "Roles that would give it here\n  approver (Approver)"]).await;
    world.says("ana@acme.example sales production audit", &["audit: no", "role auditor", "limited to development", "No role gives it here."]).await;
    // What is there and does not count.
    world.change("UPDATE end_user_grants SET starts_at = 4000000000000000, ends_at = NULL WHERE user_id IS NOT NULL").await;
    world.says("bo@acme.example sales production read", &["read: no", "role viewer (given by", "begins 2096-"]).await;
    world.change("UPDATE end_user_grants SET starts_at = NULL, ends_at = 1000000 WHERE user_id IS NOT NULL").await;
    world.says("bo@acme.example sales production", &["Holds nothing here.", "There, but not counting here now", "ended 1970-01-01"]).await;
    world.change("UPDATE memberships SET ends_at = 1000000").await;
    world.says("ana@acme.example sales production approve", &["the membership ended 1970-01-01"]).await;
    world.change("UPDATE end_user_grants SET ends_at = NULL").await;
    world.change("UPDATE users SET status = 'inactive' WHERE email = 'bo@acme.example'").await;
    world.says("bo@acme.example sales production read", &["Nothing counts: deactivated.", "read: no", "would count otherwise"]).await;
    world.change("UPDATE users SET status = 'active', email_verified_at = NULL WHERE email = 'bo@acme.example'").await;
    world.says("bo@acme.example sales production read", &["Nothing counts: the e-mail address is not proved."]).await;
    // A permission that was, as a role still names it.
    world.change("UPDATE organization_role_entries SET permission = 'x-old.run'").await;
    world.says("ana@acme.example sales development x-old.run", &["x-old.run: no", "no longer exists"]).await;
    world.says("ana@acme.example sales development", &["no longer exists: x-old.run"]).await;
    world.server.close().await;
}

#[tokio::test]
async fn an_api_client_is_explained_like_a_person() {
    let world = World::new().await;
    world
        .says(
            "hr-sync sales development",
            &[
                "hr-sync (HR sync), sales at development",
                "Organization roles",
                "tester (Tester)",
                "developer (Developer)",
                "role developer at the app \"Sales Desk\" (given by ",
                "ends in 3 days",
            ],
        )
        .await;
    world
        .says(
            "hr-sync sales development asset.deploy",
            &[
                "asset.deploy: yes",
                "role tester at the organization",
                "remove all of these: ",
                "the grant of organization role tester at the organization",
                "the grant of organization role developer at the app \"Sales Desk\"",
            ],
        )
        .await;
    world.says("hr-sync - - --role tester", &["tester: no", "limited to development"]).await;
    world.says("hr-sync - - users.manage", &["users.manage: no", "administrator (Administrator), granted at the organization"]).await;
    // It can hold no end-user role: none would give it anything.
    for asked in ["approve", "--role approver"] {
        let said = world.said(&format!("hr-sync sales production {asked}")).await.unwrap();
        assert!(said.contains("No role gives it here.") && !said.contains("(Approver)"), "{said}");
    }
    // By its row, for programs; and mistyped.
    let json = async |line: &str| serde_json::from_str::<serde_json::Value>(&world.said(line).await.unwrap()).unwrap();
    let held = json("hr-sync sales development asset.deploy --json").await;
    let links = held["remove_all_of"].as_array().map(Vec::len);
    assert_eq!((held["held"].as_bool(), links, held["subject"]["kind"].as_str()), (Some(true), Some(2), Some("client")));
    let id = held["subject"]["id"].as_str().unwrap();
    world.says(&format!("{id} sales development"), &["hr-sync (HR sync), sales at development"]).await;
    let wrong = world.said("hr-synk sales development").await.unwrap_err();
    assert!(wrong.starts_with("there is no user or API client \"hr-synk\"; known: hr-sync"), "{wrong}");
    world.change("UPDATE clients SET suspended_at = 1000000 WHERE client_id = 'hr-sync'").await;
    world.says("hr-sync sales development asset.deploy", &["Nothing counts: the client is suspended.", "asset.deploy: no", "would count otherwise"]).await;
    world.server.close().await;
}

#[tokio::test]
async fn a_wrong_name_is_answered_with_those_that_are_there_and_programs_get_json() {
    let world = World::new().await;
    for (line, error) in [
        ("anna@acme.example sales production", "there is no user or API client \"anna@acme.example\"; known: ana@acme.example, "),
        ("ana@acme.example sale production", "there is no app \"sale\"; known: sales, wiki"),
        ("ana@acme.example sales prod", "there is no stage \"prod\"; known: production, "),
        ("ana@acme.example sales qa", "there is no deployment of sales at the stage \"qa\"; known: "),
        ("ana@acme.example sales production aprove", "there is no permission at sales at production \"aprove\"; known: approve, "),
        ("ana@acme.example sales production --role aprover", "there is no role at sales at production \"aprover\"; known: approver, "),
        ("ana@acme.example sales -", "give an app and a stage, or - - for the organization itself"),
    ] {
        let said = world.said(line).await.unwrap_err();
        assert!(said.starts_with(error), "{line}: {said}");
    }
    let json = async |line: &str| serde_json::from_str::<serde_json::Value>(&world.said(line).await.unwrap()).unwrap();
    let held = json("ana@acme.example sales production list --json").await;
    assert_eq!((held["held"].as_bool(), held["ways"].as_array().map(Vec::len), held["remove_all_of"].as_array().map(Vec::len)), (Some(true), Some(2), Some(2)));
    assert_eq!(held["subject"]["standing"], "counts");
    let id = held["subject"]["id"].as_str().unwrap().to_owned();
    let missing = json(&format!("{id} sales production audit --json")).await;
    assert_eq!((missing["held"].as_bool(), missing["not_counting"].as_array().map(Vec::len)), (Some(false), Some(1)));
    let everything = json("ana@acme.example sales development --json").await;
    let keys: Vec<&str> = everything["permissions"].as_array().unwrap().iter().filter_map(|thing| thing["key"].as_str()).collect();
    assert_eq!(keys, ["asset.change", "asset.debug", "asset.deploy", "asset.open", "audit", "stage.view"]);
    world.server.close().await;
}

#[tokio::test]
async fn a_reader_is_told_no_name_that_they_may_not_ask_about() {
    let world = World::new().await;
    let ground = &world.server.ground;
    let mut tx = ground.db.read().await.unwrap();
    let catalogue = load::catalogue(&mut tx).await.unwrap();
    let (ana,) = all!(tx, (UserId,), "SELECT id FROM users WHERE email = 'ana@acme.example'").unwrap().remove(0);
    let at = |key: &str| {
        let (app, stage) = (catalogue.app_by_key(key).unwrap(), catalogue.stage_by_key("production").unwrap());
        catalogue.deployment_at(app.id, stage.id).unwrap().id
    };
    let (sales, wiki) = (at("sales"), at("wiki"));
    let subject = Subject::read(&mut tx, &catalogue, Who::User(ana), Place::Deployment(wiki), ground.clock.now()).await.unwrap().unwrap();
    let near = |what: &What, end_users: &[DeploymentId], members: bool| {
        let sight = Sight { everybody: false, members, end_users: end_users.to_vec() };
        match subject.why(what, &sight) {
            Answer::Missing(Missing { exists: Existence::Unknown(near), .. }) => near,
            other => panic!("there is no such thing: {other:?}"),
        }
    };
    let (role, permission) = (What::Role("sales:viewr".to_owned()), What::Permission("assetchange".to_owned()));
    // The wiki lists a role of Sales Desk: its name is for those who see who holds it.
    assert_eq!(near(&role, &[wiki, sales], false), ["sales:viewer"]);
    assert!(near(&role, &[wiki], false).is_empty() && near(&role, &[wiki], true).is_empty());
    assert!(near(&permission, &[wiki], true).contains(&"asset.change".to_owned()));
    assert!(near(&permission, &[wiki, sales], false).is_empty());
    assert_eq!(near(&What::Permission("writ".to_owned()), &[wiki], false), ["write"]);
    drop(tx);
    world.server.close().await;
}

#[tokio::test]
async fn who_holds_something_is_what_everybody_holds_read_the_other_way_round() {
    let world = World::new().await;
    let ground = &world.server.ground;
    let now = ground.clock.now();
    let mut tx = ground.db.read().await.unwrap();
    let catalogue = load::catalogue(&mut tx).await.unwrap();
    let everybody = all!(tx, (UserId,), "SELECT id FROM users").unwrap();
    let everybody: Vec<UserId> = everybody.into_iter().map(|(id,)| id).collect();
    let batch = load::users(&mut tx, &everybody).await.unwrap();
    for id in &everybody {
        let (mut one, mut many) = (load::user(&mut tx, *id).await.unwrap(), batch[id].clone());
        one.end_user_grants.sort_by_key(|grant| grant.id);
        many.end_user_grants.sort_by_key(|grant| grant.id);
        assert_eq!(one, many, "a batch reads what one by one is read");
    }
    let labels = Labels::of_users(&mut tx, &everybody).await.unwrap();
    assert_eq!((labels.organization.len(), labels.end_user.len(), labels.memberships.len()), (2, 4, 1));
    let deployments: Vec<_> = catalogue.deployments().map(|row| row.id).collect();
    for here in deployments {
        let place = Place::Deployment(here);
        let keys: Vec<String> = explain::known(&catalogue, place, &What::Permission(String::new())).into_iter().map(str::to_owned).collect();
        let questions = keys.iter().map(|key| (Roles::that_give(&catalogue, place, &What::Permission(key.clone())), Some(key.as_str())));
        for (roles, key) in questions.chain([(Roles::of_place(&catalogue, here), None)]) {
            let asked = Holding { roles, now: Some(now), search: String::new() };
            let expected: std::collections::BTreeSet<UserId> = everybody
                .iter()
                .copied()
                .filter(|id| {
                    let found = effective(&catalogue, &batch[id], place, now);
                    key.map_or_else(|| found.may_sign_in(), |key| found.has(key))
                })
                .collect();
            for many in [false, true] {
                let found = holders::list(&mut tx, &asked, &From::Start, 100, many).await.unwrap();
                assert_eq!(found.iter().map(|row| row.id).collect::<std::collections::BTreeSet<_>>(), expected, "{key:?}");
            }
            assert_eq!(holders::count(&mut tx, &asked, 100).await.unwrap(), i64::try_from(expected.len()).unwrap());
        }
    }
    drop(tx);
    world.server.close().await;
}
