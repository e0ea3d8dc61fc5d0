//! Why somebody may do something, and who holds what: as the pages say it, and as exports carry it.

mod beside;
mod clients;
mod looks;
mod open;
mod sign_ins;

use crate::support::house::{Backend, House, on_both};
use crate::support::insider::enter;
use crate::support::page::Page;
use crate::support::until;
use gatehouse::base::text::EmailAddress;
use gatehouse::base::time::Clock;
use gatehouse::db::{execute, one};
use gatehouse::identity::user;
use std::time::Duration;

on_both! {
    access_is_explained
    holders_are_listed_and_exported
    readers_see_what_they_may
}

const OLGA: &str = "olga@acme.example";
const ANA: &str = "ana@acme.example";
const NORA: &str = "nora@acme.example";
/// May see the end-users of Sales at Production, and nothing else.
const PIA: &str = "pia@acme.example";
const HASH: &str = "$argon2id$v=19$m=256,t=1,p=1$zdnAvmxshaduAlaV1M06MQ$hPTf9YbAjn8SNpdqqGdVXyMBJr8wi+1S2lGLqzue1K0";

pub async fn house(backend: Backend) -> House {
    let house = House::open_with(backend, &[("server.workers", "2")], Clock::System).await;
    let soon = house.server.ground.clock.now().plus(Duration::from_hours(3 * 24 + 5)).rfc3339();
    let more = format!(
        "[[organization_role]]\nkey = \"looker\"\nname = \"Looker\"\npermissions = [\"end_users.view\", \"app.view\"]\n\
         [[user]]\nemail = \"{PIA}\"\nname = \"Pia Peek\"\npassword_hash = \"{HASH}\"\norg_roles = [{{ role = \"looker\", app = \"sales\" }}]\n\
         [[user]]\nemail = \"nora2@acme.example\"\nname = \"Nora Soon\"\npassword_hash = \"{HASH}\"\n\
         roles = [{{ app = \"sales\", stage = \"production\", role = \"viewer\", ends_at = \"{soon}\" }}]\n"
    );
    house.apply(&format!("{}\n{more}", include_str!("seed.toml"))).await;
    house
}

pub async fn id(house: &House, who: &str) -> String {
    let mut tx = house.server.ground.db.read().await.expect("the database answers");
    user::by_email(&mut tx, &EmailAddress::parse(who).expect("an address")).await.expect("read").expect("there").id.to_string()
}

fn reads(page: &Page, texts: &[&str]) {
    for text in texts {
        assert!(page.text_contains(text), "{text:?} does not stand on {} ({}):\n{}", page.url, page.status, page.text());
    }
}

async fn access_is_explained(backend: Backend) {
    let house = house(backend).await;
    let (mut olga, _) = enter(&house, OLGA, "/portal").await;
    let ana = format!("/portal/users/{}", id(&house, ANA).await);
    assert_eq!(olga.get(&ana).await.attribute("access", "href"), Some(format!("{ana}/access")));

    // The example of the access model.
    let page = olga.get(&format!("{ana}/access?at=sales/development")).await;
    reads(&page, &["Change asset.change", "Debug asset.debug", "Deploy asset.deploy", "Open asset.open", "Organization role Tester", "May sign in here."]);
    let page = olga.get(&format!("{ana}/access?at=sales/development&permission=asset.deploy")).await;
    let answer = page.element("answer").expect("an answer");
    assert!(answer.contains("Why Ana Ferreira has Deploy (asset.deploy): Sales Desk at Development Yes"), "{answer}");
    for text in ["comes with the role, at these stages: ", "comes with the permission before, at these stages: development stages"] {
        assert!(answer.contains(text), "{text}: {answer}");
    }
    assert!(answer.contains("To take it away, remove this one") && answer.contains("The role Tester for the whole organization"), "{answer}");
    for key in ["asset.change", "asset.open", "asset.debug", "asset.deploy"] {
        let page = olga.get(&format!("{ana}/access?at=sales/production&permission={key}")).await;
        let answer = page.element("answer").expect("an answer");
        assert!(
            answer.contains(" No ") && answer.contains("limited to Development") && answer.contains("Administrator given for the whole organization"),
            "{answer}"
        );
    }
    // Who else has it is one click away.
    let page = olga.get(&format!("{ana}/access?at=organization&permission=users.manage")).await;
    assert_eq!(page.attribute("holders", "href").as_deref(), Some("/portal/access/permission?key=users.manage"));
    // Directly and through a group, over an implication.
    let page = olga.get(&format!("{ana}/access?at=sales/production&permission=read")).await;
    let answer = page.element("answer").expect("an answer");
    for text in
        ["By 2 ways", "Group EMEA Sales", "member since", "given to the group by", "Role of Sales Desk Approver", "Permission approve", "remove all of these"]
    {
        assert!(answer.contains(text), "{text}: {answer}");
    }
    // A role, a shared one, one that is missing, and one that there is not.
    reads(&olga.get(&format!("{ana}/access?at=wiki/production&role=sales:viewer")).await, &["The membership in the group EMEA Sales"]);
    reads(&olga.get(&format!("{ana}/access?at=wiki/production&ask=author")).await, &["Roles that would give it here", "Author Wiki at Production"]);
    let page = olga.get(&format!("{ana}/access?at=sales/production&ask=aprove%3Cb%3E")).await;
    reads(&page, &["There is no permission or role aprove<b>", "Did you mean approve"]);
    reads(&olga.get(&format!("{ana}/access?at=organization")).await, &["No role counts here.", "Nothing may be done here.", "limited to Development"]);
    // An end that is near, and one that is over.
    let soon = format!("/portal/users/{}/access", id(&house, "nora2@acme.example").await);
    reads(&olga.get(&soon).await, &["Viewer", "ends in 3 days"]);
    let mut tx = house.server.ground.db.write().await.expect("a write");
    execute!(tx, "UPDATE end_user_grants SET ends_at = 1000000 WHERE ends_at IS NOT NULL").expect("written");
    tx.commit().await.expect("committed");
    reads(
        &olga.get(&format!("{soon}?at=sales/production&permission=read")).await,
        &["These grants do not give it here now", "ended on 1 Jan 1970", "Cannot sign in here."],
    );
    for odd in ["at=nowhere", "at=sales/qa", "at=sales", "at=/"] {
        assert_eq!(olga.get(&format!("{ana}/access?{odd}")).await.status, 404, "{odd}");
    }
    assert_eq!(olga.get("/portal/users/01939f6e-5a0c-7e3b-9d51-3f2a8c04b7aa/access").await.status, 404);
    house.close().await;
}

async fn holders_are_listed_and_exported(backend: Backend) {
    let house = house(backend).await;
    let (mut olga, _) = enter(&house, OLGA, "/portal").await;
    let people = "/portal/apps/sales/production/people";
    let page = olga.get(people).await;
    reads(&page, &["2 people", "Ana Ferreira", "Role of Sales Desk Approver", "Group EMEA Sales", "Nora Soon", "ends in 3 days", "2 permissions", "Never"]);
    // Administrators may do everything, but hold no role that lets them in.
    assert!(page.text().matches("Olga Owner").count() == 1 && !page.text_contains("Nora Nobody"), "{}", page.text());
    let page = olga.get(&format!("{people}?role=approver")).await;
    assert!(page.text_contains("1 person") && !page.text_contains("Nora Soon"), "{}", page.text());
    reads(&olga.get(&format!("{people}?q=zzz")).await, &["Nothing found"]);
    reads(&olga.get(&format!("{people}?role=no-such")).await, &["Nothing found"]);
    reads(
        &olga.get("/portal/apps/wiki/production/people").await,
        &["5 people", "Everybody who is active may sign in here", "Ana Ferreira", "Nora Soon", "Nora Nobody", "Pia Peek"],
    );

    let csv = olga.get(&format!("{people}.csv")).await;
    assert_eq!(csv.header("content-type"), Some("text/csv; charset=utf-8"));
    // Each line says what its role gives, and not what other roles of the same person do.
    let ana = "\"Ana Ferreira\",\"ana@acme.example\",\"active\"";
    for line in ["\"Viewer\",\"Sales Desk\",\"EMEA Sales\",\"read\"", "\"Approver\",\"Sales Desk\",\"\",\"approve read\""] {
        assert!(csv.body.contains(&format!("{ana},{line},")), "{line}: {}", csv.body);
    }
    let soon = "\"Nora Soon\",\"nora2@acme.example\",\"active\",\"Viewer\",\"Sales Desk\",\"\",\"read\",";
    assert!(csv.body.contains(soon), "{}", csv.body);
    assert_eq!(csv.body.lines().count(), 4, "{}", csv.body);

    // Permissions: an app's own, and one of the platform at a place.
    let page = olga.get("/portal/access/permission?key=read&app=sales&stage=production").await;
    reads(&page, &["2 people", "Permission approve", "Group EMEA Sales"]);
    let page = olga.get("/portal/access/permission?key=asset.deploy&app=sales&stage=development").await;
    reads(&page, &["Ana Ferreira", "Organization role Tester", "Olga Owner", "Organization role Administrator"]);
    let page = olga.get("/portal/access/permission?key=asset.deploy&app=sales&stage=production").await;
    assert!(!page.text_contains("Ana Ferreira") && page.text_contains("Olga Owner"), "{}", page.text());
    let csv = olga.get("/portal/access/permission.csv?key=asset.deploy&app=sales&stage=development").await;
    assert!(csv.body.contains("\"asset.change > asset.deploy\""), "{}", csv.body);
    reads(&olga.get("/portal/access/permission").await, &["Which permission?"]);
    for (query, says) in [
        ("key=aprove&app=sales&stage=production", "Did you mean approve"),
        ("key=approve", "choose the app and the stage"),
        ("key=approve&app=sales", "Choose both"),
        ("key=approve&app=sales&stage=qa", "not deployed to this stage"),
    ] {
        let page = olga.get(&format!("/portal/access/permission?{query}")).await;
        assert_eq!(page.status, 422, "{query}");
        assert!(page.element("key-error").is_some_and(|error| error.contains(says)), "{query}: {}", page.text());
    }
    // Roles.
    let role = async |sql: &'static str| {
        let mut tx = house.server.ground.db.read().await.expect("the database answers");
        one!(tx, (uuid::Uuid,), sql).expect("a role").0.to_string()
    };
    let viewer = role("SELECT r.id FROM end_user_roles r JOIN stages s ON s.id = r.stage_id WHERE r.key = 'viewer' AND s.key = 'production'").await;
    let tester = role("SELECT id FROM organization_roles WHERE key = 'tester'").await;
    let page = olga.get("/portal/apps/sales/production/roles").await;
    assert!(page.body.contains(&format!("/portal/access/role?app-role={viewer}")), "{}", page.body);
    let page = olga.get(&format!("/portal/access/role?app-role={viewer}")).await;
    reads(&page, &["Who holds Viewer?", "Ana Ferreira", "Nora Soon", "EMEA Sales 1 member", "Counts in these apps, too Wiki"]);
    reads(&olga.get(&format!("/portal/access/role?organization={tester}")).await, &["Who holds Tester?", "Ana Ferreira", "1 person"]);
    assert_eq!(olga.get(&format!("/portal/access/role.csv?organization={tester}")).await.body.lines().count(), 2);
    for odd in ["organization=x", "app-role=01939f6e-5a0c-7e3b-9d51-3f2a8c04b7aa", "", "organization=01939f6e-5a0c-7e3b-9d51-3f2a8c04b7aa"] {
        assert_eq!(olga.get(&format!("/portal/access/role?{odd}")).await.status, 404, "{odd}");
    }
    // Whoever exports people leaves a trace with what was asked for.
    let mut tx = house.server.ground.db.read().await.expect("the database answers");
    let exports =
        gatehouse::all!(tx, (Option<String>,), "SELECT payload FROM audit_events WHERE kind = 'export.made' AND subject_id = 'holders'").expect("events");
    drop(tx);
    assert!(
        exports.iter().any(|(payload,)| payload.as_deref().is_some_and(|payload| payload.contains("/portal/apps/sales/production/people.csv"))),
        "{exports:?}"
    );
    // A few exports at once, and no more.
    let all = house.server.exports.try_acquire_many(4).expect("free");
    for path in ["/portal/users.csv", "/portal/invitations.csv", &format!("{people}.csv")] {
        let busy = olga.get(path).await;
        assert_eq!((busy.status.as_u16(), busy.header("retry-after")), (503, Some("30")), "{path}");
    }
    drop(all);
    assert_eq!(olga.get("/portal/users.csv").await.body.lines().count(), 6);
    // Each place is given back once its last page was taken.
    until("each place is given back", async || house.server.exports.available_permits() == 4).await;
    house.close().await;
}

async fn readers_see_what_they_may(backend: Backend) {
    let house = house(backend).await;
    let (mut pia, _) = enter(&house, PIA, "/portal").await;
    let ana = format!("/portal/users/{}/access", id(&house, ANA).await);
    let page = pia.get(&ana).await;
    assert!(page.text_contains("Approver") && !page.text_contains("Tester") && !page.text_contains("Wiki at"), "{}", page.text());
    for hidden in ["permission=asset.change", "org-role=tester", "permission=x-no.such"] {
        let page = pia.get(&format!("{ana}?at=sales/development&{hidden}")).await;
        reads(&page, &["You may not see this part"]);
        assert!(page.element("holders").is_none(), "{hidden}");
    }
    // A mistyped name is answered with those that she may ask about, and no others.
    reads(&pia.get(&format!("{ana}?at=sales/production&ask=aprove")).await, &["approve"]);
    let holders = "/portal/access/permission?key=assetchange&app=sales&stage=production".to_owned();
    for (path, status) in [(format!("{ana}?at=sales/production&ask=assetchange"), 200), (holders, 422)] {
        let page = pia.get(&path).await;
        assert!(page.status == status && !page.text_contains("asset.change"), "{}", page.text());
    }
    let page = pia.get(&format!("{ana}?at=sales/production&permission=read")).await;
    let others = page.attribute("holders", "href").expect("a link");
    assert_eq!(pia.get(&others).await.status, 200, "{others}");
    // Other places, people who are none of hers, and roles of the organization are not there.
    for at in ["organization", "wiki/production"] {
        assert_eq!(pia.get(&format!("{ana}?at={at}")).await.status, 404, "{at}");
    }
    for who in [OLGA, NORA] {
        assert_eq!(pia.get(&format!("/portal/users/{}/access", id(&house, who).await)).await.status, 404);
    }
    assert_eq!(pia.get("/portal/apps/sales/production/people").await.status, 200);
    assert_eq!(pia.get("/portal/apps/wiki/production/people").await.status, 404);
    assert_eq!(pia.get("/portal/access/permission?key=asset.open&app=sales&stage=production").await.status, 403);
    // An app that she sees nowhere is as one that there is not, at whatever stage.
    for app in ["wiki", "nothing"] {
        for stage in ["production", "qa"] {
            assert_eq!(pia.get(&format!("/portal/access/permission?key=write&app={app}&stage={stage}")).await.status, 404, "{app} {stage}");
        }
    }
    house.close().await;
}
