//! The pages of the audit trail as people see them.

use super::{OLGA, entries, fill, sealed};
use crate::support::eyes::Eyes;
use crate::support::house::{Backend, House, PASSWORD};
use gatehouse::audit::Kind;
use gatehouse::audit::search::Filter;
use gatehouse::db::execute;

#[actix_web::test]
async fn the_trail_looks_right() {
    let Some(eyes) = Eyes::open(true).await else { return };
    let house = House::open(Backend::Sqlite).await;
    fill(&house, 3).await;
    let go = async |path: &str| eyes.chromium.goto(&format!("{}{path}", house.issuer)).await;
    go("/sign-in?to=/portal/audit").await;
    eyes.fill("username", OLGA).await;
    eyes.fill("password", "a wrong one").await;
    eyes.submit("login-submit").await;
    eyes.fill("username", OLGA).await;
    eyes.fill("password", PASSWORD).await;
    eyes.submit("login-submit").await;
    eyes.reads(&["Signed in", "wrong password"]).await;
    eyes.look("audit", 200).await;
    go("/portal/audit?q=nothing-like-this&address=192.0.2.1&kind=access").await;
    eyes.look("audit-found-none", 200).await;
    sealed(&house).await;
    let changed = entries(&house, &Filter { kinds: vec![Kind::AppChanged], ..Filter::default() }).await;
    let [.., erased, told] = changed.as_slice() else { panic!("two events") };
    go(&format!("/portal/audit/{}", told.id)).await;
    eyes.reads(&["Sealed at position", "changed"]).await;
    eyes.look("audit-event", 200).await;
    let mut tx = house.server.ground.db.write().await.expect("the database answers");
    execute!(tx, "UPDATE audit_events SET payload = NULL, salt = NULL WHERE id = $1", erased.id).expect("erased");
    tx.commit().await.expect("committed");
    go(&format!("/portal/audit/{}", erased.id)).await;
    eyes.look("audit-event-erased", 200).await;
    eyes.close().await;
    house.close().await;
}
