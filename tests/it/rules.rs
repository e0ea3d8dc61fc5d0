//! The rules that always hold (the access model numbers them), each attacked through every door that there is. Most of it stands where the
//! door stands; here is what was missing, and where to find the rest:
//!
//! | rule | portal | invitation | file (apply) | command | at once |
//! |---|---|---|---|---|---|
//! | 1 one user for an address | `invitations::refused`, `setup` (the owner) | `refusals::invitations`, `lifecycle::tests::invitations` | `cli::apply::tests`, `cli::apply::tests::refused` | `races::invitations` | `races::invitations`, `many`, `setup` |
//! | 2 one Administrator remains | `portal` (take away, deactivate), `lives` (end, delete), here (give with an end) | here (an offer to one who is here) | `cli::apply::tests::refused` | here (an offer to one who is here), `cli::admin` | `races::administrators`, `races::deletion`, `model` |
//! | 3a nobody hands out more | here (give, extend, for no longer), `roles` (entries, implications, the built-in role) | here (for no longer), `lifecycle::tests::invitations`, `lifecycle::tests::joining`, `invitations::refused`, `lifecycle::bulk_invitation::tests` | `System` | `System` | `races::rights` |
//! | 3b end-user roles by app and stage | here, `groups`, `apps::rights`, `app_life::promote` | `invitations::refused`, `lifecycle::tests::invitations`, `many::refused` | `System` | `System` | `races::rights` |
//! | 3c nobody acts on somebody stronger | `lives` (delete), `lives::proof`, here (end a role), `app_life::ends` (delete an app); the rule itself: `lifecycle::tests::guard` | `lifecycle::tests::invitations` (withdraw an Administrator's offer; end one beside which roles were given), `lives::proof` | `System` | `System` | `races::rights` |
//! | 3d only holders of everything | `lives` (erase), `setup::mail`, here (every permission, without the marker); the rule itself: `tokens::tools` (platform clients) | - | `System` | `System` | - |
//! | 3e not upward for oneself | here, `roles`; the rule itself: `lifecycle::tests::guard` | `lifecycle::tests::invitations` | `System` | `System` | `races::rights` |
//! | 4 groups hold roles of their stage | `groups`; here (the database itself) | - | `cli::apply::tests::refused` | - | `model` |
//! | 5 the end takes effect at once | `portal`, `lives`, here; at the endpoints `refusals::{token,refresh,userinfo}`, `tokens::asked` | `lifecycle::tests::deactivation` | - | - | `races::deletion`, `races::tokens`, `tokens::door` (password), `model` (end states) |
//! | 6 nothing counts before the proof | here (given to somebody invited) | `lifecycle::tests::joining`, `refusals::{invitations,sign_in}` | `cli::apply::tests` | `lifecycle::tests::invitations` (the same rule) | `races::invitations` |
//! | 7 every change has its event | `lives`, `audit`; `lifecycle::tests::{lives,deactivation}` (by whom, when and why it was given: `lives`) | `lifecycle::tests::{invitations,joining}` | `cli::apply::tests` | `cli::audit::tests` (erase, export) | `model::history`, `races::{invitations,tokens}`, `groups::deletion` |
//! | 8 lists show what one may see | `portal`, `groups` (addresses), `access`, `tokens::preview`, here (pages, ends) | `invitations`, `many::refused`, `lifecycle::tests::invitations` (the list) | - | - | - |
//! | 9 names hold no separators | `apps::refusals`, `base::text` | - | `cli::apply::tests::refused` (keys, verbs, client ids) | - | - |
//!
//! `System` means the operator at the server, whom rule 3 does not bind.

use crate::lives::{ANA, NORA, OLGA, day, link, page_of, tick};
use crate::support::browser::Browser;
use crate::support::house::{Backend, House, PASSWORD, REDIRECT, SECRET, on_both};
use crate::support::insider::enter;
use crate::support::page::{Form, Page};
use gatehouse::access::permission::built_in;
use gatehouse::access::{effective, load};
use gatehouse::base::text::EmailAddress;
use gatehouse::identity::user;
use gatehouse::{execute, one};

on_both! {
    the_last_administrator_gets_no_end_by_any_door
    an_administrator_until_a_day_makes_none_for_longer
    nobody_hands_out_more_than_they_hold_on_the_pages
    the_database_itself_keeps_stages_apart
    tokens_of_somebody_deleted_are_dead
    what_is_given_to_somebody_invited_counts_for_nothing
    pages_show_only_what_one_may_see
    every_permission_is_not_everything
}

/// May give organization roles, see members, and look at nothing else.
const GIL: &str = "gil@acme.example";
/// May give end-user roles and see end-users at Development only.
const DORA: &str = "dora@acme.example";

async fn house(backend: Backend) -> House {
    let house = House::open(backend).await;
    let hash = "password_hash = \"$argon2id$v=19$m=256,t=1,p=1$zdnAvmxshaduAlaV1M06MQ$hPTf9YbAjn8SNpdqqGdVXyMBJr8wi+1S2lGLqzue1K0\"";
    let people = format!(
        "[[organization_role]]\nkey = \"giver\"\nname = \"Giver\"\npermissions = [\"member_access.manage\", \"members.view\"]\n\
         [[organization_role]]\nkey = \"dev-giver\"\nname = \"Dev giver\"\npermissions = [{{ permission = \"end_user_access.manage\", at = [\"development\"] }}, {{ permission = \"end_users.view\", at = [\"development\"] }}]\n\
         [[user]]\nemail = \"{GIL}\"\nname = \"Gil Giver\"\norg_roles = [{{ role = \"giver\", ends_at = 2098-01-01 }}]\n{hash}\n\
         [[user]]\nemail = \"{DORA}\"\nname = \"Dora Developer\"\norg_roles = [\"dev-giver\"]\n{hash}\n"
    );
    house.apply(&people).await;
    house
}

/// Sends a form with some fields written by hand.
pub async fn forge(browser: &mut Browser, house: &House, form: &Form, button: &str, fields: &[(&str, &str)]) -> Page {
    let (url, mut pairs) = form.press(button);
    pairs.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    browser.post_from(&house.issuer, url.as_str(), &pairs).await
}

async fn number(house: &House, sql: &'static str) -> i64 {
    let mut tx = house.server.ground.db.read().await.expect("the database answers");
    one!(tx, (i64,), sql).expect("a number").0
}

const ENDLESS: &str =
    "SELECT COUNT(*) FROM organization_grants g JOIN organization_roles r ON r.id = g.role_id WHERE r.key = 'administrator' AND g.ends_at IS NULL";

const ADMINISTRATORS: &str = "SELECT COUNT(*) FROM organization_grants g JOIN organization_roles r ON r.id = g.role_id WHERE r.key = 'administrator'";

async fn the_last_administrator_gets_no_end_by_any_door(backend: Backend) {
    let house = house(backend).await;
    let (mut olga, _) = enter(&house, OLGA, "/portal").await;
    let own = page_of(&mut olga, OLGA).await;
    // Giving oneself what one has, for a time, and asking for the change.
    let page = olga.get(&format!("{own}/give")).await;
    let form = page.form("give-form").fill("role", &tick(&page, "Administrator", 0)).fill("until", "2099-01-01");
    let asked = olga.submit(&form, "give").await;
    assert_eq!(asked.status, 409);
    let refused = olga.submit(&asked.form("give-form").fill("change", "yes"), "give").await;
    assert!(refused.status == 409 && refused.text_contains("This is the last Administrator."), "{}", refused.text());
    // An invitation to somebody who is here leaves what they hold as it is.
    house.invite("olga@acme.example --org-role administrator --until 2099-01-01").await.expect("answered");
    assert_eq!(number(&house, ENDLESS).await, 1);
    let page = olga.get("/portal/invitations/new").await;
    let form = page.form("invite-form").fill("email", OLGA).fill("role", &tick(&page, "Administrator", 0)).fill("until", "2099-01-01");
    let preview = olga.submit(&form, "preview").await;
    let sent = olga.submit(&preview.form("/portal/invitations/new"), "send").await;
    assert!(sent.text_contains("One was there for another time, which stays."), "{}", sent.text());
    assert_eq!(number(&house, ENDLESS).await, 1);
    house.close().await;
}

async fn an_administrator_until_a_day_makes_none_for_longer(backend: Backend) {
    let house = house(backend).await;
    house.apply(&format!("[[user]]\nemail = \"{ANA}\"\norg_roles = [{{ role = \"administrator\", ends_at = 2098-01-01 }}]\n")).await;
    let (mut ana, _) = enter(&house, ANA, "/portal").await;
    let (own, nora) = (page_of(&mut ana, ANA).await, page_of(&mut ana, NORA).await);
    let page = ana.get(&format!("{nora}/give")).await;
    let form = page.form("give-form").fill("role", &tick(&page, "Administrator", 0));
    for longer in ["", "2098-01-02"] {
        let refused = ana.submit(&form.clone().fill("until", longer), "give").await;
        let said = refused.text_contains("One of the roles gives more than you hold yourself.");
        assert!(refused.status == 403 && said, "{longer}: {} {}", refused.status, refused.text());
    }
    // Nor by an invitation, nor for herself.
    let page = ana.get("/portal/invitations/new").await;
    let invite = page.form("invite-form").fill("email", "bo@acme.example").fill("role", &tick(&page, "Administrator", 0));
    let preview = ana.submit(&invite, "preview").await;
    let refused = ana.submit(&preview.form("/portal/invitations/new"), "send").await;
    assert!(refused.status == 403 && refused.element("role-error").is_some(), "{} {}", refused.status, refused.text());
    let page = ana.get(&own).await;
    let page = ana.get(&link(&page, "Administrator", "/period?").expect("a link")).await;
    let refused = ana.submit(&page.form("period-form").fill("ends", ""), "save-period").await;
    let said = refused.text_contains("This role gives more, or for longer, than you hold yourself.");
    assert!(refused.status == 403 && said, "{} {}", refused.status, refused.text());
    assert_eq!((number(&house, ENDLESS).await, number(&house, ADMINISTRATORS).await), (1, 2), "Olga, and Ana until her day");
    // For as long as she is one herself she may.
    let done = ana.submit(&form.fill("until", "2097-12-31"), "give").await;
    assert!(done.element("given").is_some(), "{} {}", done.status, done.text());
    assert_eq!((number(&house, ENDLESS).await, number(&house, ADMINISTRATORS).await), (1, 3));
    house.close().await;
}

async fn nobody_hands_out_more_than_they_hold_on_the_pages(backend: Backend) {
    let house = house(backend).await;
    let (mut olga, _) = enter(&house, OLGA, "/portal").await;
    let nora = page_of(&mut olga, NORA).await;
    let page = olga.get(&format!("{nora}/give")).await;
    let (administrator, tester, giver) = (tick(&page, "Administrator", 0), tick(&page, "Tester", 0), tick(&page, "Giver", 0));
    let (production, development) = (tick(&page, "Approver", 0), tick(&page, "Viewer", 1));
    let group = tick(&page, "EMEA Sales", 0);

    let (mut gil, _) = enter(&house, GIL, "/portal").await;
    let anas = page_of(&mut gil, ANA).await;
    let page = gil.get(&format!("{anas}/give")).await;
    assert!(!page.body.contains(&administrator) && !page.text_contains("Approver") && !page.text_contains("EMEA Sales"), "{}", page.text());
    let form = page.form("give-form");
    for (fields, says) in [
        ([("role", administrator.as_str())], "Only an Administrator can give the role Administrator."),
        ([("role", tester.as_str())], "One of the roles gives more than you hold yourself."),
        // What he holds until a day he cannot give for longer.
        ([("role", giver.as_str())], "One of the roles gives more than you hold yourself."),
        ([("app_role", production.as_str())], "it needs the permission"),
        ([("group", group.as_str())], "it needs the permission"),
    ] {
        let page = forge(&mut gil, &house, &form, "give", &fields).await;
        assert!(page.status == 403 && page.text_contains(says), "{fields:?}: {} {}", page.status, page.text());
    }
    let done = forge(&mut gil, &house, &form, "give", &[("role", &giver), ("until", "2097-12-31")]).await;
    assert_eq!(done.status, 303, "{}", done.text());
    // Nor by making longer what is there, also for himself.
    let gils = page_of(&mut gil, GIL).await;
    // Ana holds what he does not, so he changes nothing of hers at all.
    for (whose, says) in [(&anas, "This person may do more than you."), (&gils, "This role gives more, or for longer, than you hold yourself.")] {
        let page = gil.get(whose).await;
        let page = gil.get(&link(&page, "Giver", "/period?").expect("a link")).await;
        let page = gil.submit(&page.form("period-form").fill("ends", ""), "save-period").await;
        assert!(page.status == 403 && page.text_contains(says), "{whose}: {}", page.text());
    }
    // Ana may do what he may not: he does not end it.
    let page = gil.get(&anas).await;
    let page = gil.get(&link(&page, "Tester", "/period?").expect("a link")).await;
    let page = gil.submit(&page.form("period-form"), "end-now").await;
    assert!(page.status == 403 && page.text_contains("This person may do more than you."), "{}", page.text());

    // End-user roles: by app and stage.
    let (mut dora, _) = enter(&house, DORA, "/portal").await;
    let page = dora.get(&format!("{anas}/give")).await;
    assert!(page.text_contains("Viewer") && !page.text_contains("Approver") && !page.text_contains("Tester"), "{}", page.text());
    let form = page.form("give-form");
    for (field, value) in [("app_role", &production), ("role", &tester), ("group", &group)] {
        assert_eq!(forge(&mut dora, &house, &form, "give", &[(field, value)]).await.status, 403, "{field}");
    }
    assert_eq!(forge(&mut dora, &house, &form, "give", &[("app_role", &development)]).await.status, 303);
    // What she may not see of Ana is not there to be changed.
    assert_eq!(dora.get(&format!("{anas}/period?kind=role&of={tester}")).await.status, 404);
    let page = dora.get(&anas).await;
    let page = dora.get(&link(&page, "Viewer", "/period?").expect("a link")).await;
    assert_eq!(forge(&mut dora, &house, &page.form("period-form"), "save-period", &[("ends", &day(&house, 9))]).await.status, 303);
    house.close().await;
}

async fn the_database_itself_keeps_stages_apart(backend: Backend) {
    let house = house(backend).await;
    let mut tx = house.server.ground.db.write().await.expect("the database answers");
    // The group is of Production; the role, and the stage that the row names, of Development.
    let sql = "INSERT INTO end_user_grants (id, group_id, role_id, stage_id, granted_by_kind, granted_by_label, granted_at, version)
               SELECT r.id, g.id, r.id, r.stage_id, 'system', 'test', 0, 1 FROM groups g, end_user_roles r JOIN stages s ON s.id = r.stage_id
               WHERE g.key = 'emea' AND s.key = 'development'";
    assert!(execute!(tx, sql).is_err());
    tx.rollback().await.expect("undone");
    house.close().await;
}

async fn tokens_of_somebody_deleted_are_dead(backend: Backend) {
    let house = house(backend).await;
    let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    let url = format!(
        "{}/oauth2/authorize?response_type=code&client_id=sales-basic&redirect_uri={REDIRECT}&scope=openid+offline_access&prompt=consent&state=s&nonce=n&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256",
        house.issuer
    );
    let code = async |browser: &mut Browser| {
        let mut page = browser.get(&url).await;
        if page.body.contains("login-submit") {
            page = crate::story::sign_in(browser, &page, ANA, PASSWORD).await;
        }
        if page.body.contains("consent-allow") {
            page = browser.submit(&page.form("/consent"), "consent-allow").await;
        }
        let back = page.location().unwrap_or_else(|| panic!("{}: {}", page.status, page.text()));
        back.query_pairs().find(|(name, _)| name == "code").map_or_else(|| panic!("{back}"), |(_, code)| code.into_owned())
    };
    let http = crate::support::http().build().expect("a client");
    let ask = async |form: &[(&str, &str)]| {
        let answer = http.post(format!("{}/oauth2/token", house.issuer)).basic_auth("sales-basic", Some(SECRET)).form(form).send().await.expect("an answer");
        (answer.status().as_u16(), answer.json::<serde_json::Value>().await.expect("JSON"))
    };
    let mut browser = Browser::new(&house.issuer);
    let redeem = |code: String| {
        [("grant_type", "authorization_code".to_owned()), ("code", code), ("redirect_uri", REDIRECT.to_owned()), ("code_verifier", verifier.to_owned())]
    };
    let first = redeem(code(&mut browser).await);
    let (status, tokens) = ask(&first.each_ref().map(|(name, value)| (*name, value.as_str()))).await;
    assert_eq!(status, 200, "{tokens}");
    let waiting = redeem(code(&mut browser).await);
    let (mut olga, _) = enter(&house, OLGA, "/portal").await;
    let ana = page_of(&mut olga, ANA).await;
    let page = olga.get(&format!("{ana}/delete")).await;
    olga.submit(&page.form("delete-form").fill("email", ANA), "delete-user").await;
    // The code that waits, the refresh token, the access token, the session: nothing works from the next request on.
    let (status, answer) = ask(&waiting.each_ref().map(|(name, value)| (*name, value.as_str()))).await;
    assert_eq!((status, answer["error"].as_str()), (400, Some("invalid_grant")), "{answer}");
    if let Some(refresh) = tokens["refresh_token"].as_str() {
        let (status, answer) = ask(&[("grant_type", "refresh_token"), ("refresh_token", refresh)]).await;
        assert_eq!((status, answer["error"].as_str()), (400, Some("invalid_grant")), "{answer}");
    }
    let token = tokens["access_token"].as_str().expect("a token");
    let answer = http.get(format!("{}/oauth2/userinfo", house.issuer)).bearer_auth(token).send().await.expect("an answer");
    assert_eq!(answer.status(), 401);
    assert!(browser.get(&url).await.location().is_none());
    house.close().await;
}

async fn what_is_given_to_somebody_invited_counts_for_nothing(backend: Backend) {
    let house = house(backend).await;
    house.invite("bo@acme.example --role sales/production/viewer").await.expect("invited");
    let (mut olga, _) = enter(&house, OLGA, "/portal").await;
    let bo = page_of(&mut olga, "bo@acme.example").await;
    // The button leads to the invitation; the form, written by hand, gives what waits for the proof.
    assert!(olga.get(&bo).await.attribute("give-access", "href").is_some_and(|link| link.starts_with("/portal/invitations/new?")));
    let page = olga.get(&format!("{bo}/give")).await;
    let form = page.form("give-form").fill("role", &tick(&page, "Developer", 0)).fill("group", &tick(&page, "EMEA Sales", 0));
    assert!(olga.submit(&form, "give").await.element("given").is_some());
    let mut tx = house.server.ground.db.read().await.expect("the database answers");
    let user = user::by_email(&mut tx, &EmailAddress::parse("bo@acme.example").expect("an address")).await.expect("read").expect("here");
    let holdings = load::user(&mut tx, user.id).await.expect("read");
    let catalogue = load::catalogue(&mut tx).await.expect("read");
    assert_eq!((holdings.organization_grants.len(), holdings.memberships.len(), holdings.counts), (1, 1, false));
    assert!(effective::authority(&catalogue, &holdings, house.server.ground.clock.now()).permissions.is_empty());
    drop(tx);
    house.close().await;
}

async fn pages_show_only_what_one_may_see(backend: Backend) {
    let house = house(backend).await;
    house.apply(&format!("[[user]]\nemail = \"{ANA}\"\nroles = [{{ app = \"sales\", stage = \"development\", role = \"viewer\", ends_at = {} }}, {{ app = \"sales\", stage = \"production\", role = \"approver\", ends_at = {} }}]\n", day(&house, 3), day(&house, 3))).await;
    let (mut olga, page) = enter(&house, OLGA, "/portal").await;
    assert!(page.text_contains("Sales Desk: Viewer (Development)") && page.text_contains("Sales Desk: Approver (Production)"), "{}", page.text());
    let (nora, ana) = (page_of(&mut olga, NORA).await, page_of(&mut olga, ANA).await);
    let (mut dora, page) = enter(&house, DORA, "/portal").await;
    assert!(page.text_contains("Sales Desk: Viewer (Development)") && !page.text_contains("Approver"), "{}", page.text());
    // Nora holds nothing that Dora may see: her pages are not there, as those of nobody are not there.
    for person in [nora.as_str(), "/portal/users/01939f6e-5a0c-7e3b-9d51-3f2a8c04b7aa"] {
        for page in ["give", "delete", "period?kind=role&of=01939f6e-5a0c-7e3b-9d51-3f2a8c04b7aa"] {
            assert_eq!(dora.get(&format!("{person}/{page}")).await.status, 404, "{person} {page}");
        }
    }
    // Ana she sees, but deleting is not for her.
    assert_eq!(dora.get(&format!("{ana}/delete")).await.status, 403);
    assert!(dora.get(&ana).await.element("delete-user").is_none());
    house.close().await;
}

async fn every_permission_is_not_everything(backend: Backend) {
    let house = house(backend).await;
    let every: Vec<String> = built_in().permissions.iter().map(|permission| format!("\"{}\"", permission.key)).collect();
    let role = format!("[[organization_role]]\nkey = \"almost\"\nname = \"Almost everything\"\npermissions = [{}]\n", every.join(", "));
    house.apply(&format!("{role}[[user]]\nemail = \"{NORA}\"\norg_roles = [\"almost\"]\n")).await;
    let (mut nora, page) = enter(&house, NORA, "/portal").await;
    let (_, own) = page.form("/sign-out").press("sign-out");
    let csrf = own.iter().find(|(name, _)| name == "csrf").map(|(_, value)| value.as_str()).expect("a token");
    let written = "SELECT COUNT(*) FROM audit_events WHERE kind IN ('mail_settings.changed', 'letter.read', 'letters.revived')";
    let before = number(&house, written).await;
    assert!(!page.body.contains("href=\"/portal/mailbox\""));
    for path in ["/portal/settings/mail", "/portal/mailbox", "/portal/mailbox/01939f6e-5a0c-7e3b-9d51-3f2a8c04b7aa"] {
        let denied = nora.get(path).await;
        assert!(denied.status == 403 && denied.element("denied").is_some(), "{path}: {} {}", denied.status, denied.text());
    }
    let path = "/portal/settings/mail";
    for action in ["test", "use", "mailbox", "again"] {
        let server = [("host", "localhost"), ("port", "25"), ("security", "none"), ("sender_address", "mail@acme.example")];
        let fields: Vec<(&str, &str)> = server.into_iter().chain([("csrf", csrf), ("action", action), ("whole", "1")]).collect();
        let denied = nora.post_from(&format!("{}{path}", house.issuer), path, &fields).await;
        assert!(denied.status == 403 && denied.element("denied").is_some(), "{action}: {} {}", denied.status, denied.text());
    }
    assert_eq!(number(&house, written).await, before);
    house.close().await;
}
