//! The pages in another language: in German, whose words are longer, and in the pseudo language, whose pages run from right to left. Nothing
//! may lie outside of the window, and every page must be as accessible as in English. (Setup in German: `setup/german.rs`.)

use crate::invitations::{OLGA, Office, sign_in};
use crate::support::eyes::Eyes;
use crate::support::house::Backend;

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
    walk("ar-XB", "rtl").await;
}

#[actix_web::test]
async fn everything_fits_in_german() {
    walk("de", "de").await;
}

/// Looks at the pages that people see most, in a language; `name` is what the pictures are called by.
async fn walk(language: &str, name: &str) {
    let Some(eyes) = Eyes::open(true).await else { return };
    let office = Office::open(Backend::Sqlite).await;
    office.house.apply(MORE).await;
    eyes.speak(language).await;
    let go = async |path: &str, place: &str| {
        eyes.chromium.goto(&format!("{}{path}", office.house.issuer)).await;
        assert_eq!(eyes.chromium.evaluate("document.documentElement.lang").await, language, "{path}");
        eyes.look(&format!("{name}-{place}"), 200).await;
    };
    go("/sign-in", "sign-in").await;
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
    eyes.close().await;
    office.close().await;
}
