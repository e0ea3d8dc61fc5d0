//! Codes and refresh tokens that many bring at once (RFC 6749 section 4.1.2, RFC 9700 section 4.14).

use super::{ANA, App, MANY, at_once, authorize_url, code, code_in, count, house, is_refused, text};
use crate::story;
use crate::support::browser::Browser;
use crate::support::house::{Backend, House, PASSWORD, REDIRECT, on_both};
use gatehouse::access::begin_change;
use gatehouse::actor::Actor;
use gatehouse::base::text::EmailAddress;
use gatehouse::identity::user;
use gatehouse::lifecycle::deactivate::{activate, deactivate};
use gatehouse::oauth::authorization::{code as codes, family as families};
use gatehouse::oauth::client::{AuthMethod, GrantType, Kind, Metadata, Party};
use gatehouse::one;
use gatehouse::work::{Origin, Work};
use serde_json::Value;
use std::time::Duration;

on_both! {
    one_code_is_redeemed_once
    a_strict_refresh_token_is_used_once
    within_the_grace_everybody_gets_the_same_successor
    a_token_that_begins_as_somebody_is_shut_out_never_lives
}

/// Whether the one refresh family was ended, by what, and the generation of its good token.
async fn family(house: &House) -> (i64, Option<String>) {
    let mut tx = house.server.ground.db.read().await.expect("the database answers");
    one!(tx, (i64, Option<String>), "SELECT generation, ended_because FROM refresh_families").expect("one family")
}

async fn one_code_is_redeemed_once(backend: Backend) {
    let (house, _) = house(backend, &[]).await;
    // One client gets a refresh token, which is a transaction; the other does not, which is one statement.
    let metadata = Metadata {
        redirect_uris: vec![REDIRECT.to_owned()],
        token_endpoint_auth_method: AuthMethod::ClientSecretBasic,
        grant_types: vec![GrantType::AuthorizationCode],
        ..Metadata::default()
    };
    house.add_client("sales-plain", Kind::App, Party::First, Some(("sales", "production")), metadata).await;
    let mut browser = Browser::new(&house.issuer);
    let mut before = 0;
    for (round, client) in [(1, "sales-basic"), (2, "sales-plain")] {
        let app = App::of(&house, client);
        let code = code(&house, &mut browser, client).await;
        let answers = at_once(|_| app.redeem(&code)).await;
        let (won, lost): (Vec<_>, Vec<_>) = answers.iter().partition(|(status, _)| *status == 200);
        assert_eq!((won.len(), lost.len()), (1, MANY - 1), "{client}: {answers:?}");
        assert!(lost.iter().all(|answer| is_refused(answer, "invalid_grant")), "{client}: {lost:?}");

        // The replays ended what the winner was given (protocol 11), and the record says so. (Who reads after the end hears that it ended.)
        let (status, why) = app.userinfo(&won[0].1).await;
        assert!(status == 401 && why.contains("invalid_token"), "{client}: {status} {why}");
        if client == "sales-basic" {
            assert!(is_refused(&app.refresh(text(&won[0].1, "refresh_token")).await, "invalid_grant"));
            assert_eq!(family(&house).await, (1, Some("code replayed".to_owned())));
        }
        assert_eq!(count(&house, "SELECT COUNT(*) FROM authorizations WHERE ended_because = 'code replayed'").await, round);
        assert_eq!(count(&house, "SELECT COUNT(*) FROM authorizations").await, round);
        assert_eq!(count(&house, "SELECT COUNT(*) FROM codes WHERE used_at IS NOT NULL").await, round);
        let recorded = count(&house, "SELECT COUNT(*) FROM audit_events WHERE kind = 'code.replayed'").await;
        assert!(recorded > before && recorded < before + 16, "{recorded} after {before}");
        before = recorded;
        assert_eq!(count(&house, "SELECT COUNT(*) FROM sessions WHERE ended_at IS NULL").await, 1, "the sign-in itself goes on");
    }
    // The person was not signed out: the next code comes without a page, and its tokens live.
    let app = App::of(&house, "sales-basic");
    let (status, answer) = app.redeem(&code(&house, &mut browser, "sales-basic").await).await;
    assert_eq!((status, app.userinfo(&answer).await.0), (200, 200), "{answer}");
    house.close().await;
}

/// A refresh token of the first generation.
async fn first(house: &House, app: &App) -> Value {
    let code = code(house, &mut Browser::new(&house.issuer), app.client).await;
    let (status, answer) = app.redeem(&code).await;
    assert_eq!(status, 200, "{answer}");
    answer
}

/// Everything that hangs on the authorization has ended, and the person was told once.
async fn is_over(house: &House, app: &App, answers: &[&Value]) {
    for answer in answers {
        assert!(is_refused(&app.refresh(text(answer, "refresh_token")).await, "invalid_grant"));
        assert_eq!(app.userinfo(answer).await.0, 401);
    }
    assert_eq!(count(house, "SELECT COUNT(*) FROM authorizations WHERE ended_because = 'refresh token replayed'").await, 1);
    assert_eq!(count(house, "SELECT COUNT(*) FROM audit_events WHERE kind = 'refresh.replayed'").await, 1);
    assert_eq!(count(house, "SELECT COUNT(*) FROM sessions WHERE ended_at IS NULL").await, 1, "the person stays signed in");
    let letter = &house.letters(ANA, 1).await[0];
    assert!(letter.text.contains("Sales Desk") && !letter.text.contains(PASSWORD), "{}", letter.text);
    assert_eq!(count(house, "SELECT COUNT(*) FROM jobs").await, 1, "one letter is enough");
}

async fn a_strict_refresh_token_is_used_once(backend: Backend) {
    let (house, _) = house(backend, &[("tokens.refresh_grace", "0")]).await;
    let app = App::of(&house, "sales-basic");
    let begun = first(&house, &app).await;
    let answers = at_once(|_| app.refresh(text(&begun, "refresh_token"))).await;
    let (won, lost): (Vec<_>, Vec<_>) = answers.iter().partition(|(status, _)| *status == 200);
    assert_eq!((won.len(), lost.len()), (1, MANY - 1), "{answers:?}");
    assert!(lost.iter().all(|answer| is_refused(answer, "invalid_grant")), "{lost:?}");
    assert_eq!(family(&house).await, (2, Some("refresh token replayed".to_owned())), "it was turned once, then it died");
    is_over(&house, &app, &[&begun, &won[0].1]).await;
    house.close().await;
}

async fn within_the_grace_everybody_gets_the_same_successor(backend: Backend) {
    let (house, clock) = house(backend, &[("tokens.refresh_grace", "10")]).await;
    let app = App::of(&house, "sales-basic");
    let begun = first(&house, &app).await;
    let old = text(&begun, "refresh_token");
    let answers = at_once(|_| app.refresh(old)).await;
    assert!(answers.iter().all(|(status, _)| *status == 200), "{answers:?}");
    let successor = text(&answers[0].1, "refresh_token");
    assert!(successor != old && answers.iter().all(|(_, answer)| text(answer, "refresh_token") == successor));
    assert_eq!(family(&house).await, (2, None), "the generation rose by one");
    for (_, answer) in &answers {
        assert_eq!(app.userinfo(answer).await.0, 200);
    }
    clock.advance(Duration::from_secs(9));
    let (status, answer) = app.refresh(old).await;
    assert_eq!((status, text(&answer, "refresh_token"), family(&house).await), (200, successor, (2, None)), "still the same, a moment before the grace ends");

    // The successor in use: whoever comes with the old one now is one too many.
    let (status, third) = app.refresh(successor).await;
    assert_eq!((status, family(&house).await), (200, (3, None)));
    assert!(is_refused(&app.refresh(old).await, "invalid_grant"));
    assert_eq!(family(&house).await, (3, Some("refresh token replayed".to_owned())));
    is_over(&house, &app, &[&begun, &answers[0].1, &third]).await;
    house.close().await;
}

/// A fresh code for Ana with which the app may go on when she has left.
async fn offline_code(house: &House, browser: &mut Browser) -> String {
    let url = authorize_url(house, "sales-basic").replace("scope=openid", "scope=openid+offline_access&prompt=consent");
    let page = browser.get(&url).await;
    let page = story::sign_in(browser, &page, ANA, PASSWORD).await;
    code_in(&if page.body.contains("consent-allow") { browser.submit(&page.form("/consent"), "consent-allow").await } else { page })
}

async fn a_token_that_begins_as_somebody_is_shut_out_never_lives(backend: Backend) {
    let (house, _) = house(backend, &[]).await;
    let ground = &house.server.ground;
    let app = App::of(&house, "sales-basic");
    let code = offline_code(&house, &mut Browser::new(&house.issuer)).await;
    let mut tx = ground.db.read().await.expect("the database answers");
    let ana = user::by_email(&mut tx, &EmailAddress::parse(ANA).expect("an address")).await.expect("read").expect("in the seed").id;
    drop(tx);

    // The code is redeemed as the endpoint does it, up to the moment before the commit.
    let now = ground.clock.now();
    let mut tx = ground.db.write().await.expect("a writer");
    let found = codes::find_code(&mut tx, &code).await.expect("read").expect("issued");
    assert!(codes::take(&mut tx, &code, now).await.expect("taken"));
    let token = families::start(&mut tx, &found, true, now.plus(families::OFFLINE_LONGEST), now).await.expect("begun");
    // PostgreSQL shuts Ana out beside it, and sees nothing of a token that is not committed; SQLite has one writer and does it afterwards.
    let (actor, origin) = (Actor::System { label: "test" }, Origin::default());
    let shut_out = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        deactivate(work, &changing, ana).await
    };
    let commit = async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        tx.commit().await.expect("committed");
    };
    let (done, ()) = tokio::join!(ground.work(&actor, &origin, shut_out), commit);
    done.expect("shut out");

    let token = token.seal(&ground.sealer);
    assert!(is_refused(&app.refresh(token.expose()).await, "invalid_grant"), "she is shut out");
    let let_in = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        activate(work, &changing, ana).await
    };
    ground.work(&actor, &origin, let_in).await.expect("let in again");
    // What ended stays so (rule 5); who signs in again gets tokens that live.
    let answer = app.refresh(token.expose()).await;
    assert!(is_refused(&answer, "invalid_grant"), "{answer:?}");
    assert_eq!(count(&house, "SELECT COUNT(*) FROM authorizations WHERE ended_at IS NULL").await, 0);
    first(&house, &app).await;
    house.close().await;
}
