//! Inviting, accepting and applying, many at once: one user for each address, one open invitation, one acceptance.

use super::{MANY, at_once, authorize_url, code_in, count, house};
use crate::story;
use crate::support::browser::Browser;
use crate::support::house::{Backend, House, PASSWORD, link, on_both};
use crate::support::until;
use futures_util::future::join_all;
use gatehouse::all;
use gatehouse::base::time::Clock;

on_both! {
    one_invitation_is_accepted_once
    one_address_is_invited_once
    files_are_applied_one_after_the_other
}

async fn one_invitation_is_accepted_once(backend: Backend) {
    let (house, _) = house(backend, &[]).await;
    house
        .invite("bo@acme.example --role sales/production/viewer --role sales/development/viewer --group production/emea --org-role developer")
        .await
        .expect("invited");
    let link = link(&house.letters("bo@acme.example", 1).await[0], &house.issuer);
    let mut browsers: Vec<Browser> = (0..MANY).map(|_| Browser::new(&house.issuer)).collect();
    let pages = join_all(browsers.iter_mut().map(|browser| browser.get(&link))).await;
    let password = |n: usize| format!("{PASSWORD} {n}");
    let pages = join_all(browsers.iter_mut().zip(&pages).enumerate().map(|(n, (browser, page))| {
        let form = page.form("/invitations/accept").fill("name", &format!("Bo {n}")).fill("password", &password(n));
        async move { browser.submit(&form, "invitation-accept").await }
    }))
    .await;
    let statuses: Vec<u16> = pages.iter().map(|page| page.status.as_u16()).collect();
    let winner = statuses.iter().position(|status| *status == 200).unwrap_or_else(|| panic!("nobody won: {statuses:?}"));
    assert!(pages[winner].text_contains(&format!("Welcome, Bo {winner}")), "{}", pages[winner].text());
    for (n, page) in pages.iter().enumerate().filter(|(n, _)| *n != winner) {
        assert_eq!(page.status, 410, "{n} of {statuses:?}: {}", page.text());
        assert!(!page.text_contains("Welcome"));
    }

    // One user with one set of everything that was offered, one welcome, one entry in the record.
    for (sql, expected) in [
        ("SELECT COUNT(*) FROM users WHERE email_key = 'bo@acme.example' AND status = 'active'", 1),
        ("SELECT COUNT(*) FROM identities i JOIN users u ON u.id = i.user_id WHERE u.email_key = 'bo@acme.example'", 1),
        ("SELECT COUNT(*) FROM end_user_grants g JOIN users u ON u.id = g.user_id WHERE u.email_key = 'bo@acme.example'", 2),
        ("SELECT COUNT(*) FROM memberships m JOIN users u ON u.id = m.user_id WHERE u.email_key = 'bo@acme.example'", 1),
        ("SELECT COUNT(*) FROM organization_grants g JOIN users u ON u.id = g.user_id WHERE u.email_key = 'bo@acme.example'", 1),
        ("SELECT COUNT(*) FROM sessions", 3), // two stages and our own pages
        ("SELECT COUNT(*) FROM invitations WHERE outcome = 'accepted'", 1),
        ("SELECT COUNT(*) FROM audit_events WHERE kind = 'invitation.accepted'", 1),
        ("SELECT COUNT(*) FROM jobs", 2),
    ] {
        assert_eq!(count(&house, sql).await, expected, "{sql}");
    }
    // The winner is signed in, and only the winner's password is Bo's.
    for (n, browser) in browsers.iter_mut().enumerate() {
        let page = browser.get(&authorize_url(&house, "sales-basic")).await;
        assert_eq!(page.location().is_some(), n == winner, "{n}");
    }
    let mut browser = Browser::new(&house.issuer);
    let page = browser.get(&authorize_url(&house, "sales-basic")).await;
    let refused = story::sign_in(&mut browser, &page, "bo@acme.example", &password((winner + 1) % MANY)).await;
    assert_eq!(refused.status, 422);
    code_in(&story::sign_in(&mut browser, &page, "bo@acme.example", &password(winner)).await);
    house.close().await;
}

async fn one_address_is_invited_once(backend: Backend) {
    let (house, _) = house(backend, &[]).await;
    for round in 0..8 {
        // The same address to everybody but a computer: other case, a composed and a decomposed letter, a domain in its two forms.
        let spelled = [format!("zoé{round}@bücher.example"), format!("ZOE\u{301}{round}@BÜCHER.example"), format!("Zoé{round}@xn--bcher-kva.example")];
        let offers = ["--role sales/production/viewer", "--group production/emea", "--org-role developer"];
        let lines: Vec<String> = spelled.iter().zip(offers).map(|(email, offer)| format!("{email} {offer}")).collect();
        for said in join_all(lines.iter().map(|line| house.invite(line))).await {
            said.expect("invited");
        }
        let (users, open, offered) = (
            count(&house, "SELECT COUNT(*) FROM users WHERE status = 'invited'").await,
            count(&house, "SELECT COUNT(*) FROM invitations WHERE closed_at IS NULL").await,
            count(&house, "SELECT COUNT(*) FROM invitation_offers").await,
        );
        assert_eq!((users, open, offered), (round + 1, round + 1, 3 * (round + 1)), "one user, one open invitation, all that was offered");
    }
    // The newest letter opens the last one, with everything in it; the links in the others are dead.
    assert_eq!(count(&house, "SELECT COUNT(*) FROM jobs").await, 24);
    let letters = || house.memory.letters().into_iter().filter(|letter| letter.to.key().starts_with("zoé7@")).collect::<Vec<_>>();
    until("three letters come", async || letters().len() == 3).await;
    let mut opened = Vec::new();
    for letter in &letters() {
        opened.push(Browser::new(&house.issuer).get(&link(letter, &house.issuer)).await);
    }
    let mut statuses: Vec<u16> = opened.iter().map(|page| page.status.as_u16()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 404, 404]);
    let page = opened.iter().find(|page| page.status == 200).expect("one");
    assert!(["Viewer", "EMEA Sales", "Developer"].iter().all(|offer| page.text_contains(offer)), "{}", page.text());
    house.close().await;
}

/// How many rows each table of the access model has, and how many changes were recorded: without what a start does beside everything else.
async fn rows(house: &House) -> Vec<(String, i64)> {
    let mut tx = house.server.ground.db.read().await.expect("the database answers");
    let sql = "SELECT 'organization', COUNT(*) FROM organization UNION ALL SELECT 'stages', COUNT(*) FROM stages UNION ALL SELECT 'apps', COUNT(*) FROM apps
               UNION ALL SELECT 'deployments', COUNT(*) FROM deployments UNION ALL SELECT 'app_permissions', COUNT(*) FROM app_permissions
               UNION ALL SELECT 'app_implications', COUNT(*) FROM app_implications UNION ALL SELECT 'end_user_roles', COUNT(*) FROM end_user_roles
               UNION ALL SELECT 'listed_shared_roles', COUNT(*) FROM listed_shared_roles UNION ALL SELECT 'organization_roles', COUNT(*) FROM organization_roles
               UNION ALL SELECT 'organization_role_entries', COUNT(*) FROM organization_role_entries UNION ALL SELECT 'groups', COUNT(*) FROM groups
               UNION ALL SELECT 'users', COUNT(*) FROM users UNION ALL SELECT 'identities', COUNT(*) FROM identities
               UNION ALL SELECT 'organization_grants', COUNT(*) FROM organization_grants UNION ALL SELECT 'end_user_grants', COUNT(*) FROM end_user_grants
               UNION ALL SELECT 'memberships', COUNT(*) FROM memberships UNION ALL SELECT 'audit_events', COUNT(*) FROM audit_events WHERE kind NOT IN ('key.created', 'setup.link_made')";
    let mut rows = all!(tx, (String, i64), sql).expect("rows");
    rows.sort();
    rows
}

async fn files_are_applied_one_after_the_other(backend: Backend) {
    let seed = include_str!("../seed.toml");
    let alone = House::empty(backend, &[], Clock::System).await;
    alone.apply(seed).await;
    let expected = rows(&alone).await;
    alone.close().await;

    let house = House::empty(backend, &[], Clock::System).await;
    at_once(async |_| house.apply(seed).await).await;
    assert_eq!(rows(&house).await, expected, "the first one made everything, the others found it");

    // Two files that name things differently: afterwards everything is as one of them says.
    let other = |word: &str| {
        seed.replace("Sales Desk", &format!("{word} Desk")).replace("EMEA Sales", &format!("{word} EMEA")).replace("Tester", &format!("{word} Tester"))
    };
    for round in 0..8 {
        let (red, blue) = (other(&format!("Red{round}")), other(&format!("Blue{round}")));
        tokio::join!(house.apply(&red), house.apply(&blue));
        let mut tx = house.server.ground.db.read().await.expect("the database answers");
        let names =
            "SELECT name FROM apps WHERE key = 'sales' UNION ALL SELECT name FROM groups UNION ALL SELECT name FROM organization_roles WHERE key = 'tester'";
        let names = all!(tx, (String,), names).expect("rows");
        let words: Vec<&str> = names.iter().map(|(name,)| name.split(' ').next().expect("a word")).collect();
        assert!(words.len() == 3 && words.iter().all(|word| *word == words[0]), "{words:?}");
    }
    house.close().await;
}
