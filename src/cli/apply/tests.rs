//! Applying files: the example, the same again, changes, and everything that is refused.

mod refused;

use super::*;
use crate::access::load;
use crate::audit::seal_pending;
use crate::base::secret::TokenHash;
use crate::base::text::{DisplayName, EmailAddress};
use crate::base::time::{Clock, Timestamp};
use crate::config::{Config, Sources};
use crate::crypto::password::Verified;
use crate::db::{all, execute, one, optional};
use crate::identity::user::{Status, User};
use crate::mail::transport::Transport;
use crate::oauth::client;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

const EXAMPLE: &str = include_str!("../../../docs/examples/acme.toml");
const PASSWORD: &str = "correct horse battery staple";
const HASH: &str = "$argon2id$v=19$m=1024,t=1,p=1$BfEb0aHEMRjvZCJKnAaW+g$Cb9XNwyiHYk4Xf32Vba62TX2x/mpAFpEAUcctoLDsYQ";
const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);

struct Case {
    dir: TempDir,
    clock: Clock,
    server: Arc<Server>,
}

impl Case {
    async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let config = Config::load(Sources { working_dir: dir.path().to_owned(), ..Sources::default() }).unwrap();
        let clock = Clock::fixed(NOW);
        let server = Server::open_with(config, clock.clone(), Transport::Mailbox).await.unwrap();
        Self { dir, clock, server }
    }

    /// With the smallest organization: Acme, its owner, three stages.
    async fn small() -> Self {
        let case = Self::new().await;
        case.apply(&small("")).await.unwrap();
        case
    }

    /// What the command prints, or why it refuses.
    async fn apply(&self, text: &str) -> Result<String, String> {
        self.run(text, false).await
    }

    /// What it prints of what it would change, or why it would refuse.
    async fn dry_run(&self, text: &str) -> Result<String, String> {
        self.run(text, true).await
    }

    async fn run(&self, text: &str, dry_run: bool) -> Result<String, String> {
        let path = self.dir.path().join("org.toml");
        std::fs::write(&path, text).unwrap();
        let here = format!("{}/", self.dir.path().display());
        let file = read(&path).map_err(|failure| failure.to_string().replace(&here, ""))?;
        let mut out = Vec::new();
        let outcome = run(&self.server, &ApplyArgs { file: path, dry_run }, &file, &mut out).await;
        outcome.map(|()| String::from_utf8(out).unwrap().replace(&here, "")).map_err(|failure| failure.to_string().replace(&here, ""))
    }

    async fn events(&self) -> i64 {
        let mut tx = self.server.ground.db.read().await.unwrap();
        one!(tx, (i64,), "SELECT COUNT(*) FROM audit_events").unwrap().0
    }

    /// What is there: the rows of every table, the counters, and the head of the record once everything in it is sealed.
    async fn state(&self) -> (Vec<i64>, Option<(i64, Vec<u8>)>) {
        let ground = &self.server.ground;
        while seal_pending(&ground.db, &ground.sealer, Timestamp::from_seconds(0), NOW).await.unwrap().is_some() {}
        let mut tx = ground.db.read().await.unwrap();
        let rows = all!(
            tx,
            (i64,),
            "SELECT COUNT(*) FROM organization UNION ALL SELECT COUNT(*) FROM stages UNION ALL SELECT COUNT(*) FROM organization_permissions
             UNION ALL SELECT COUNT(*) FROM organization_roles UNION ALL SELECT COUNT(*) FROM organization_role_entries
             UNION ALL SELECT COUNT(*) FROM apps UNION ALL SELECT COUNT(*) FROM deployments UNION ALL SELECT COUNT(*) FROM app_permissions
             UNION ALL SELECT COUNT(*) FROM app_implications UNION ALL SELECT COUNT(*) FROM resource_identifiers
             UNION ALL SELECT COUNT(*) FROM end_user_roles UNION ALL SELECT COUNT(*) FROM end_user_role_permissions
             UNION ALL SELECT COUNT(*) FROM listed_shared_roles UNION ALL SELECT COUNT(*) FROM clients UNION ALL SELECT COUNT(*) FROM client_secrets
             UNION ALL SELECT COUNT(*) FROM groups UNION ALL SELECT COUNT(*) FROM memberships UNION ALL SELECT COUNT(*) FROM users
             UNION ALL SELECT COUNT(*) FROM identities UNION ALL SELECT COUNT(*) FROM organization_grants UNION ALL SELECT COUNT(*) FROM end_user_grants
             UNION ALL SELECT COUNT(*) FROM jobs UNION ALL SELECT COUNT(*) FROM audit_events UNION ALL SELECT COUNT(*) FROM sessions
             UNION ALL SELECT counter FROM configuration UNION ALL SELECT changes FROM access_lock
             UNION ALL SELECT COALESCE(SUM(version), 0) FROM users UNION ALL SELECT COALESCE(SUM(access_version), 0) FROM users"
        )
        .unwrap();
        let head = optional!(tx, (i64, Vec<u8>), "SELECT position, hash FROM audit_seals ORDER BY position DESC LIMIT 1").unwrap();
        (rows.into_iter().map(|(count,)| count).collect(), head)
    }

    async fn user(&self, email: &str) -> Option<User> {
        let mut tx = self.server.ground.db.read().await.unwrap();
        user::by_email(&mut tx, &EmailAddress::parse(email).unwrap()).await.unwrap()
    }

    async fn signs_in(&self, email: &str, password: &str) -> bool {
        let mut tx = self.server.ground.db.read().await.unwrap();
        let (user, hash) = user::sign_in(&mut tx, &EmailAddress::parse(email).unwrap()).await.unwrap().unwrap();
        drop(tx);
        let verified = self.server.passwords.verify(&Secret::new(password.to_owned()), hash.as_ref()).await.unwrap();
        user.counts() && matches!(verified, Verified::Right { .. })
    }

    async fn close(self) {
        self.server.close().await;
    }
}

fn small(more: &str) -> String {
    format!("organization = {{ name = 'Acme' }}\nowner = {{ email = 'olivia@acme.example', name = 'Olivia', password_hash = '{HASH}' }}\n{more}")
}

#[tokio::test]
async fn the_example_makes_an_organization_and_applying_it_again_changes_nothing() {
    let case = Case::new().await;
    let said = case.apply(EXAMPLE).await.unwrap();
    for (count, kind) in [
        (1, "organization.changed"),
        (3, "stage.changed"),
        (2, "app.changed"),
        (3, "deployment.changed"),
        (2, "organization_permission.changed"),
        (2, "organization_role.changed"),
        (5, "end_user_role.changed"),
        (4, "client.changed"),
        (2, "client.secret_added"),
        (1, "group.changed"),
        (4, "user.created"),
        (3, "user.password_set"),
        (2, "membership.added"),
    ] {
        assert!(said.contains(&format!("{count:>6}  {kind}\n")), "{count} {kind} in {said}");
    }
    let events = case.events().await;
    case.clock.advance(Duration::from_hours(1));
    assert_eq!(case.apply(EXAMPLE).await.unwrap(), "org.toml: nothing changed.\n");
    assert_eq!(case.events().await, events);
    case.close().await;
}

#[tokio::test]
async fn a_dry_run_says_what_applying_would_change_and_changes_nothing() {
    let case = Case::small().await;
    let changed = EXAMPLE.replace("zoneinfo = \"Europe/Lisbon\"", "zoneinfo = \"Atlantic/Azores\"");
    for text in [EXAMPLE, &changed] {
        let before = case.state().await;
        let said = case.dry_run(text).await.unwrap();
        assert_eq!(case.state().await, before);
        assert_eq!(case.dry_run(text).await.unwrap(), said, "as often as one likes");
        let (first, changes) = said.split_once('\n').unwrap();
        assert_eq!(first, "org.toml: nothing was changed. Applying it would make these changes:");
        assert_eq!(case.apply(text).await.unwrap(), format!("org.toml is applied:\n{changes}"));
        let after = case.state().await;
        assert!(after.1.is_some() && after.1 != before.1, "it can be seen that something changed");
    }
    assert_eq!(case.dry_run(&changed).await.unwrap(), "org.toml: nothing was changed, and applying it would change nothing.\n");
    // What applying refuses is refused, in the same words.
    let wrong = "[[user]]\nemail = 'ana@acme.example'\norg_roles = ['boss']\n";
    let before = case.state().await;
    assert_eq!(case.dry_run(wrong).await.unwrap_err(), case.apply(wrong).await.unwrap_err());
    assert_eq!(case.state().await, before);
    case.close().await;
}

#[tokio::test]
async fn what_the_example_gives_is_there() {
    let case = Case::new().await;
    case.apply(EXAMPLE).await.unwrap();
    let ana = case.user("ana@acme.example").await.unwrap();
    assert_eq!((ana.status, ana.email_verified_at), (Status::Active, Some(NOW)));
    assert_eq!(ana.profile.zoneinfo.as_ref().map(DisplayName::as_str), Some("Europe/Lisbon"));
    for who in ["olivia@acme.example", "ana@acme.example", "bo@acme.example"] {
        assert!(case.signs_in(who, PASSWORD).await, "{who}");
    }
    assert!(!case.signs_in("chidi@partner.example", PASSWORD).await);

    let mut tx = case.server.ground.db.read().await.unwrap();
    let held = all!(
        tx,
        (String, String, Option<Timestamp>),
        "SELECT u.email, r.key, g.ends_at FROM organization_grants g JOIN users u ON u.id = g.user_id JOIN organization_roles r ON r.id = g.role_id ORDER BY 1, 2"
    )
    .unwrap();
    let end = Timestamp::parse("2099-12-31");
    let expected = [("ana@acme.example", "developer", None), ("ana@acme.example", "release-manager", end), ("olivia@acme.example", "administrator", None)];
    assert_eq!(held, expected.map(|(email, role, ends_at)| (email.to_owned(), role.to_owned(), ends_at)));
    let of_group =
        all!(tx, (String,), "SELECT r.key FROM end_user_grants g JOIN end_user_roles r ON r.id = g.role_id WHERE g.group_id IS NOT NULL ORDER BY 1").unwrap();
    assert_eq!(of_group, [("reader".to_owned(),), ("viewer".to_owned(),)]);
    let entries = all!(tx, (String, String), "SELECT permission, counts FROM organization_role_entries ORDER BY 1, 2").unwrap();
    let expected = [
        ("app.manage", "development"),
        ("app.manage", "stage"),
        ("app.view", "every_stage"),
        ("users.manage", "every_stage"),
        ("x-billing.run", "stage"),
        ("x-billing.view", "every_stage"),
    ];
    assert_eq!(entries, expected.map(|(permission, counts)| (permission.to_owned(), counts.to_owned())));
    let catalogue = load::catalogue(&mut tx).await.unwrap();
    let reports = catalogue.app_by_key("reports").unwrap().id;
    let home = catalogue.deployments_of(reports).next().unwrap().id;
    assert_eq!(catalogue.listed_roles_of(home).map(|(claim, _)| claim.to_owned()).collect::<Vec<_>>(), ["sales:viewer"]);

    for (client_id, secret) in [("sales", "acme-sales-test-secret-9JqX2vKpT4mWcR7d"), ("hr-sync", "acme-hr-sync-test-secret-4TbN8yQzL1sVxE6g")] {
        let client = client::by_client_id(&mut tx, client_id).await.unwrap().unwrap();
        let secrets = client::secrets(&mut tx, client.id, NOW).await.unwrap();
        assert!(secrets.len() == 1 && secrets[0].matches(secret), "{client_id}");
    }
    drop(tx);
    case.close().await;
}

#[tokio::test]
async fn without_stages_an_organization_has_the_first_three_and_keeps_its_own_later() {
    let case = Case::small().await;
    let stages = async || {
        let mut tx = case.server.ground.db.read().await.unwrap();
        all!(tx, (String, String), "SELECT key, name FROM stages ORDER BY position")
            .unwrap()
            .into_iter()
            .map(|(key, name)| format!("{key} {name}"))
            .collect::<Vec<_>>()
    };
    assert_eq!(stages().await, ["development Development", "qa QA", "production Production"]);
    case.apply("[[stage]]\nkey = 'qa'\nname = 'Trial'\npurpose = 'non_production'\n").await.unwrap();
    assert_eq!(case.apply(&small("")).await.unwrap(), "org.toml: nothing changed.\n");
    assert_eq!(stages().await, ["development Development", "qa Trial", "production Production"]);
    case.close().await;
}

#[tokio::test]
async fn what_a_file_leaves_out_stays() {
    let case = Case::new().await;
    case.apply(EXAMPLE).await.unwrap();
    let events = case.events().await;
    let bare = "[organization]\nname = 'Acme'\n[[stage]]\nkey = 'production'\nname = 'Production'\npurpose = 'production'\n\
        [[organization_role]]\nkey = 'release-manager'\nname = 'Release manager'\n\
        [[app]]\nkey = 'sales'\nname = 'Sales'\n[[app.deployment]]\nstage = 'production'\npermissions = ['approve']\n\
        roles = [{ key = 'viewer', name = 'Viewer' }]\nclients = [{ client_id = 'sales', name = 'Sales' }]\n\
        [[app]]\nkey = 'reports'\nname = 'Reports'\n[[app.deployment]]\nstage = 'production'\nclients = [{ client_id = 'reports', name = 'Reports' }]\n\
        [[group]]\nstage = 'production'\nkey = 'sales-team'\nname = 'Sales team'\n[[client]]\nclient_id = 'hr-sync'\nname = 'HR synchronisation'\n\
        [[user]]\nemail = 'ANA@Acme.Example'\n";
    assert_eq!(case.apply(bare).await.unwrap(), "org.toml: nothing changed.\n");
    assert_eq!(case.events().await, events);
    case.close().await;
}

#[tokio::test]
async fn changes_are_made_and_counted() {
    let case = Case::new().await;
    case.apply(EXAMPLE).await.unwrap();
    let changed = EXAMPLE
        .replace("name = \"Acme\"", "name = \"Acme & Sons\"")
        .replace("Approve orders", "Approve any order")
        .replace("ends_at = 2099-12-31", "ends_at = 2098-12-31")
        .replace("ends_at = 2099-03-31", "ends_at = 2098-03-31")
        .replace("ends_at = \"2099-06-30T18:00:00Z\"", "ends_at = 2098-06-30T20:00:00+02:00")
        .replace("zoneinfo = \"Europe/Lisbon\"", "zoneinfo = \"Atlantic/Azores\"");
    let said = case.apply(&changed).await.unwrap();
    let expected = "org.toml is applied:\n     1  organization.changed\n     2  app_permissions.changed\n     1  user.changed\n     2  grant.changed\n     1  membership.changed\n";
    assert_eq!(said, expected);
    let mut tx = case.server.ground.db.read().await.unwrap();
    let (ends,) = one!(tx, (Timestamp,), "SELECT ends_at FROM memberships WHERE ends_at IS NOT NULL").unwrap();
    assert_eq!(Some(ends), Timestamp::parse("2098-06-30T18:00:00Z"));
    drop(tx);
    assert_eq!(case.apply(&changed).await.unwrap(), "org.toml: nothing changed.\n");
    case.close().await;
}

#[tokio::test]
async fn what_is_given_begins_and_ends_when_the_file_says_and_says_why() {
    let case = Case::new().await;
    case.apply(EXAMPLE).await.unwrap();
    let given = |starts: &str, reason: &str| {
        let terms = format!("starts_at = {starts}, ends_at = 2098-06-01, reason = '{reason}'");
        format!(
            "[[user]]\nemail = 'dee@acme.example'\norg_roles = [{{ role = 'developer', {terms} }}]\n\
             roles = [{{ app = 'sales', stage = 'production', role = 'viewer', {terms} }}]\ngroups = [{{ stage = 'production', group = 'sales-team', {terms} }}]\n\
             [[group]]\nstage = 'production'\nkey = 'cover'\nname = 'Cover'\nroles = [{{ app = 'sales', role = 'viewer', {terms} }}]\n"
        )
    };
    let held = async || {
        let mut tx = case.server.ground.db.read().await.unwrap();
        all!(
            tx,
            (Option<Timestamp>, Option<Timestamp>, Option<String>),
            "SELECT starts_at, ends_at, reason FROM organization_grants WHERE reason IS NOT NULL
             UNION ALL SELECT starts_at, ends_at, reason FROM end_user_grants WHERE reason IS NOT NULL
             UNION ALL SELECT starts_at, ends_at, reason FROM memberships WHERE reason IS NOT NULL"
        )
        .unwrap()
    };
    let terms = |starts: &str| (Timestamp::parse(starts), Timestamp::parse("2098-06-01"), Some("Covers for Ana".to_owned()));
    case.apply(&given("2097-01-01", "Covers for Ana")).await.unwrap();
    assert_eq!(held().await, vec![terms("2097-01-01"); 4]);
    // Another reason alone is no change; another time is, and the reason stays.
    assert_eq!(case.apply(&given("2097-01-01", "Helps out")).await.unwrap(), "org.toml: nothing changed.\n");
    let said = case.apply(&given("2097-02-01", "Helps out")).await.unwrap();
    assert_eq!(said, "org.toml is applied:\n     3  grant.changed\n     1  membership.changed\n");
    assert_eq!(held().await, vec![terms("2097-02-01"); 4]);
    let refused = case.apply(&given("2098-06-01", "Helps out")).await.unwrap_err();
    assert_eq!(refused, "group \"production/cover\": the end must come after the start: choose a later end, or an earlier start");
    case.close().await;
}

#[tokio::test]
async fn a_password_that_a_person_chose_stays() {
    let case = Case::small().await;
    let mut tx = case.server.ground.db.write().await.unwrap();
    let other = case.server.passwords.hash(&Secret::new("seven purple otters sing".to_owned())).await.unwrap();
    execute!(tx, "UPDATE identities SET password_hash = $1", other.expose()).unwrap();
    tx.commit().await.unwrap();
    assert_eq!(case.apply(&small("")).await.unwrap(), "org.toml: nothing changed.\n");
    assert!(case.signs_in("olivia@acme.example", "seven purple otters sing").await);
    case.close().await;
}

#[tokio::test]
async fn a_password_may_come_from_a_file_that_need_not_stay() {
    let case = Case::new().await;
    let text = "organization = { name = 'Acme' }\nowner = { email = 'olivia@acme.example', name = 'Olivia', password_file = 'secret' }\n";
    let refused = case.apply(text).await.unwrap_err();
    assert!(refused.starts_with("owner: cannot read secret: No such file"), "{refused}");
    for (weak, why) in
        [("short", "must have at least 8 characters"), ("password1", "is too easy to guess"), ("olivia@acme.example", "must not be built from your name")]
    {
        std::fs::write(case.dir.path().join("secret"), weak).unwrap();
        let refused = case.apply(text).await.unwrap_err();
        assert!(refused.starts_with("owner: the password in secret ") && refused.contains(why) && !refused.contains(weak), "{refused}");
    }
    std::fs::write(case.dir.path().join("secret"), format!("{PASSWORD}\n")).unwrap();
    assert!(case.apply(text).await.unwrap().contains("1  user.password_set"));
    assert!(case.signs_in("olivia@acme.example", PASSWORD).await);
    std::fs::remove_file(case.dir.path().join("secret")).unwrap();
    assert_eq!(case.apply(text).await.unwrap(), "org.toml: nothing changed.\n");
    case.close().await;
}

#[tokio::test]
async fn an_address_that_was_only_invited_is_vouched_for_and_earlier_ways_in_go() {
    let case = Case::small().await;
    case.apply("[[user]]\nemail = 'eve@acme.example'\nname = 'Eve'\n").await.unwrap();
    let eve = case.user("eve@acme.example").await.unwrap();
    let planted = case.server.passwords.hash(&Secret::new("planted before the proof".to_owned())).await.unwrap();
    let mut tx = case.server.ground.db.write().await.unwrap();
    execute!(tx, "UPDATE users SET status = 'invited', email_verified_at = NULL WHERE id = $1", eve.id).unwrap();
    execute!(
        tx,
        "INSERT INTO identities (id, user_id, issuer, subject, password_hash, created_at) VALUES ($1, $2, $3, $4, $5, 0)",
        uuid::Uuid::now_v7(),
        eve.id,
        user::BUILT_IN,
        eve.id.to_string(),
        planted.expose()
    )
    .unwrap();
    tx.commit().await.unwrap();
    let said = case.apply(&format!("[[user]]\nemail = 'eve@acme.example'\npassword_hash = '{HASH}'\n")).await.unwrap();
    assert!(said.contains("user.email_proved") && said.contains("user.password_set"), "{said}");
    assert!(case.signs_in("eve@acme.example", PASSWORD).await && !case.signs_in("eve@acme.example", "planted before the proof").await);
    case.close().await;
}

#[tokio::test]
async fn a_deactivated_person_stays_so_and_an_owner_becomes_administrator_without_end() {
    let case = Case::small().await;
    let grant = "[[user]]\nemail = 'bo@acme.example'\norg_roles = [{ role = 'administrator', ends_at = 2099-01-01 }]\n";
    case.apply(&format!("{grant}password_hash = '{HASH}'\n")).await.unwrap();
    let said = case.apply("owner = { email = 'bo@acme.example', name = 'Bo' }\n").await.unwrap();
    assert!(said.contains("1  grant.changed") && said.contains("1  user.changed"), "{said}");
    let mut tx = case.server.ground.db.write().await.unwrap();
    let (endless,) = one!(tx, (i64,), "SELECT COUNT(*) FROM organization_grants WHERE ends_at IS NULL").unwrap();
    assert_eq!(endless, 2, "Olivia and Bo");
    execute!(tx, "UPDATE users SET status = 'inactive' WHERE email = 'bo@acme.example'").unwrap();
    tx.commit().await.unwrap();
    case.apply("[[user]]\nemail = 'bo@acme.example'\nname = 'Bo L.'\n").await.unwrap();
    assert_eq!(case.user("bo@acme.example").await.unwrap().status, Status::Inactive);
    case.close().await;
}

#[tokio::test]
async fn a_secret_that_has_ended_is_not_made_new_by_its_file() {
    let case = Case::small().await;
    let with = |secrets: &str| format!("[[client]]\nclient_id = 'hr-sync'\nname = 'HR'\nsecrets = [{secrets}]\n");
    let (old, new) = ("'an-old-secret-of-more-than-32-characters'", "'a-new-secret-of-more-than-32-characters!'");
    assert!(case.apply(&with(old)).await.unwrap().contains("1  client.secret_added"));
    case.clock.advance(Duration::from_hours(91 * 24));
    assert_eq!(
        case.apply(&with(old)).await.unwrap_err(),
        "client \"hr-sync\": the client hr-sync needs a secret if, and only if, its token_endpoint_auth_method uses one"
    );
    assert!(case.apply(&with(&format!("{old}, {new}"))).await.unwrap().contains("1  client.secret_added"));
    let mut tx = case.server.ground.db.read().await.unwrap();
    let client = client::by_client_id(&mut tx, "hr-sync").await.unwrap().unwrap();
    let live = client::secrets(&mut tx, client.id, case.clock.now()).await.unwrap();
    assert_eq!(live, [TokenHash::of(new.trim_matches('\''))]);
    drop(tx);
    case.close().await;
}
