//! Whoever gives too much for one token reads it: before, in the preview, and after, on the page of the person.

use super::{ANA, OLGA, crowded};
use crate::support::browser::Browser;
use crate::support::eyes::Eyes;
use crate::support::house::{Backend, House, PASSWORD, on_both};
use crate::support::insider::enter;
use gatehouse::base::time::Clock;

on_both! { too_much_for_a_token_is_said_before_and_after }

const NORA: &str = "nora@acme.example";
/// Sees the end-users of the wiki, and nobody else.
const WILL: &str = "will@acme.example";

/// A small budget, and Nora in as many groups as Ana; but she may sign in to nothing that has them in its tokens.
async fn scene(backend: Backend) -> House {
    let house = crowded(backend, Clock::System).await;
    let member = (0..30).map(|n| format!("\"production/a-group-of-many-{n:02}\"")).collect::<Vec<_>>().join(", ");
    house
        .apply(&format!(
            "[[organization_role]]\nkey = \"wiki-eyes\"\nname = \"Wiki eyes\"\npermissions = [\"end_users.view\", \"app.view\"]\n\
             [[user]]\nemail = \"{NORA}\"\ngroups = [{member}]\n\
             [[user]]\nemail = \"{WILL}\"\nname = \"Will\"\norg_roles = [{{ role = \"wiki-eyes\", app = \"wiki\" }}]\n\
             password_hash = \"$argon2id$v=19$m=256,t=1,p=1$zdnAvmxshaduAlaV1M06MQ$hPTf9YbAjn8SNpdqqGdVXyMBJr8wi+1S2lGLqzue1K0\"\n"
        ))
        .await;
    house
}

async fn page_of(browser: &mut Browser, email: &str) -> String {
    let list = browser.get(&format!("/portal/users?q={email}")).await;
    let at = list.body.find("href=\"/portal/users/").unwrap_or_else(|| panic!("no {email}: {}", list.text()));
    list.body[at + 6..].split('"').next().expect("a link").to_owned()
}

async fn too_much_for_a_token_is_said_before_and_after(backend: Backend) {
    let house = scene(backend).await;
    let (mut olga, _) = enter(&house, OLGA, "/portal").await;
    // Ana has too much at Sales Desk; where she may not sign in there is no token.
    let ana = page_of(&mut olga, ANA).await;
    let said = olga.get(&ana).await.element("overflows").expect("a warning");
    assert!(said.contains("Sales Desk") && said.contains("Production") && said.contains("groups") && said.contains("512 are allowed"), "{said}");
    assert!(!said.contains("Development"), "{said}");
    // Nora would: it is said before she gets the role, and nothing was said of what she has.
    let nora = page_of(&mut olga, NORA).await;
    let before = olga.get(&nora).await.element("overflows").unwrap_or_default();
    assert!(!before.contains("Sales Desk"), "{before}");
    let page = olga.get(&format!("{nora}/give")).await;
    let approver = crate::lives::tick(&page, "Approver", 0);
    let form = page.form("give-form").fill("app_role", &approver);
    let preview = olga.submit(&form, "give-preview").await;
    let warned = preview.element("not-shown").unwrap_or_else(|| panic!("{}", preview.text()));
    assert!(warned.contains("For 1 person this is more than fits into a token"), "{warned}");
    let given = olga.submit(&form, "give").await;
    assert!(given.element("overflows").is_some_and(|said| said.contains("Sales Desk")), "{}", given.text());
    // Taking it away pushes nobody over.
    let revoke = crate::lives::link(&given, "Approver", "/revoke?").expect("a link");
    let question = olga.get(&revoke).await.form(&format!("{nora}/revoke"));
    let preview = olga.submit(&question, "revoke-preview").await;
    assert!(preview.status == 200 && !preview.text_contains("more than fits into a token"), "{}", preview.text());
    // Whoever does not see people of Sales Desk reads nothing of their tokens there.
    let (mut will, _) = enter(&house, WILL, "/portal").await;
    let page = will.get(&ana).await;
    assert!(page.element("overflows").is_none_or(|said| !said.contains("Sales Desk")), "{}", page.text());
    house.close().await;
}

#[actix_web::test]
async fn the_warnings_look_right() {
    let Some(eyes) = Eyes::open(true).await else { return };
    let house = scene(Backend::Sqlite).await;
    let go = async |path: &str| eyes.chromium.goto(&format!("{}{path}", house.issuer)).await;
    go("/sign-in?to=/portal").await;
    eyes.fill("username", OLGA).await;
    eyes.fill("password", PASSWORD).await;
    eyes.submit("login-submit").await;
    go(&format!("/portal/users?q={ANA}")).await;
    eyes.click_on("a.person").await;
    eyes.reads(&["more than fits"]).await;
    eyes.look("user-overflows", 200).await;
    eyes.close().await;
    house.close().await;
}
