//! The pages in another language: in German, whose words are longer, and in the pseudo language, whose pages run from right to left. Nothing
//! may lie outside of the window, and every page must be as accessible as in English. (Setup in German: `setup/german.rs`.)

use crate::demo::enable;
use crate::invitations::{OLGA, Office, sign_in};
use crate::support::eyes::Eyes;
use crate::support::house::{Backend, House, PASSWORD, REDIRECT, link};
use crate::support::until;
use gatehouse::base::time::Clock;

/// A grant that ends soon, a long name, and a group with people in it: what makes pages wide.
const MORE: &str = r#"
[[app]]
key = "travel"
name = "Travel expenses and everything else that has to be paid back"
[[app.deployment]]
stage = "production"
permissions = ["book", { verb = "approve", description = "Approve trips of other people, however far they go", implies = ["book"] }]
roles = [{ key = "traveller", name = "Traveller", permissions = ["book"] }, { key = "approver", name = "Approver of trips", permissions = ["approve"] }]
[[group]]
stage = "production"
key = "travellers"
name = "Travellers"
roles = ["travel:traveller"]
[[user]]
email = "somebody.with.a.very.long.address.that.hardly.fits@sub-domain.of-a-company.example"
name = "Somebody With A Very Long Name That Hardly Fits"
roles = ["travel/production/approver"]
groups = ["production/emea", "production/travellers"]
"#;

#[actix_web::test]
async fn everything_fits_from_right_to_left() {
    let Some(eyes) = Eyes::open(true).await else { return };
    let new = setup(&eyes, "ar-XB", "rtl").await;
    walk(eyes, "ar-XB", "rtl").await;
    // The window may have held a connection until now.
    new.close().await;
}

#[actix_web::test]
async fn everything_fits_in_german() {
    let Some(eyes) = Eyes::open(true).await else { return };
    walk(eyes, "de", "de").await;
}

/// Sees that the page is in the language, and looks at it.
async fn look(eyes: &Eyes, language: &str, name: &str) {
    assert_eq!(eyes.chromium.evaluate("document.documentElement.lang").await, language, "{name}");
    eyes.look(name, 200).await;
}

/// Looks at the first steps of setup, in a house in which nobody administers yet.
async fn setup(eyes: &Eyes, language: &str, name: &str) -> House {
    let house = House::empty(Backend::Sqlite, &[], Clock::System).await;
    let file = house.server.setup_link_file();
    until("the link is written", async || std::fs::read_to_string(&file).is_ok_and(|link| link.ends_with('\n'))).await;
    eyes.speak(language).await;
    eyes.chromium.goto(std::fs::read_to_string(&file).expect("the file with the link").trim_end()).await;
    eyes.arrive(&format!("{}/setup/organization", house.issuer)).await;
    look(eyes, language, &format!("{name}-setup-organization")).await;
    eyes.fill("name", "Acme").await;
    eyes.submit("organization-next").await;
    eyes.arrive(&format!("{}/setup/owner", house.issuer)).await;
    look(eyes, language, &format!("{name}-setup-owner")).await;
    // The next house is at the same name, and its cookies are called the same.
    eyes.chromium.client.delete_all_cookies().await.expect("forgotten");
    house
}

/// Looks at the pages that people see most, in a language; `name` is what the pictures are called by.
async fn walk(eyes: Eyes, language: &str, name: &str) {
    let office = Office::open(Backend::Sqlite).await;
    office.house.apply(MORE).await;
    eyes.speak(language).await;
    let go = async |path: &str, place: &str| {
        eyes.chromium.goto(&format!("{}{path}", office.house.issuer)).await;
        look(&eyes, language, &format!("{name}-{place}")).await;
    };
    go("/sign-in", "sign-in").await;
    // An invitation speaks the language that whoever invites has chosen, whatever the browser asks for.
    office.house.invite(&format!("bo@acme.example --org-role developer --locale {language}")).await.expect("invited");
    let letter = office.house.letters("bo@acme.example", 1).await.remove(0);
    go(link(&letter, &format!("{}/invitations/", office.house.issuer)).trim_start_matches(&office.house.issuer), "invitation").await;
    eyes.reads(&["bo@acme.example"]).await;
    sign_in(&eyes, &office.house, OLGA, "/portal").await;
    go("/portal", "overview").await;
    go("/portal/users", "users").await;
    for (sql, place) in
        [("SELECT id FROM users WHERE email_key = 'ana@acme.example'", "user"), ("SELECT id FROM users WHERE email_key LIKE 'somebody%'", "user-long")]
    {
        go(&format!("/portal/users/{}", office.id(sql).await), place).await;
    }
    let role = office.id("SELECT id FROM organization_roles WHERE key = 'tester'").await;
    go(&format!("/portal/roles/{role}"), "role").await;
    go(&format!("/portal/groups/{}", office.emea().await), "group").await;
    go("/portal/invitations/new", "invite").await;
    go("/portal/apps/travel/production/people", "people").await;
    go("/portal/settings", "settings").await;
    go("/portal/audit", "audit").await;
    for (path, place) in [("/account", "account"), ("/account/access", "account-access"), ("/account/sessions", "account-sessions")] {
        go(path, place).await;
    }
    at_apps(&eyes, &office, language, name).await;
    eyes.close().await;
    office.close().await;
}

/// Looks at what people see on their way into apps: the demo app before and after, and what an app of somebody else asks for.
async fn at_apps(eyes: &Eyes, office: &Office, language: &str, name: &str) {
    let at = |path: &str| format!("{}{path}", office.house.issuer);
    enable(&office.house, "sales", "production").await;
    eyes.chromium.goto(&at("/try/sales/production?again=1")).await;
    look(eyes, language, &format!("{name}-try")).await;
    eyes.submit("try-begin").await;
    eyes.arrive(&at("/login")).await;
    eyes.fill("username", "ana@acme.example").await;
    eyes.fill("password", PASSWORD).await;
    eyes.submit("login-submit").await;
    eyes.arrive(&at("/try/callback")).await;
    eyes.chromium.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })").await;
    look(eyes, language, &format!("{name}-try-result")).await;
    let ask = format!(
        "/oauth2/authorize?response_type=code&client_id=wiki-third&redirect_uri={REDIRECT}&scope=openid+profile+email&state=s&nonce=n&code_challenge={}&code_challenge_method=S256",
        "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    );
    eyes.chromium.goto(&at(&ask)).await;
    eyes.arrive(&at("/consent")).await;
    look(eyes, language, &format!("{name}-consent")).await;
}
