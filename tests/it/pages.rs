//! The pages as people see them, in Chromium: every page in every look, the whole way with a mouse, without scripts, and with
//! the keyboard alone. What browsers really send to the guards of the forms is proved on the way. The pictures stay in
//! `target/screenshots/`.

use crate::support::eyes::{ENTER, Eyes, TAB};
use crate::support::house::{Backend, House, PASSWORD, SECRET, link};
use crate::support::practice::Site;
use crate::support::relying_party::{Journey, Method, RelyingParty};
use actix_web::{HttpResponse, web};
use gatehouse::base::time::Clock;
use gatehouse::oauth::client::{AuthMethod, Kind, Metadata, Party};
use std::fmt::Write;
use std::time::Duration;
use url::Url;

/// A house, and an app at another site that people come from and go back to.
struct Street {
    house: House,
    site: Site,
    app: String,
}

/// The pages of the app: one with a link, one with a form, and two that people come back to.
fn app_pages(config: &mut web::ServiceConfig, _: &str) {
    type Pairs = web::Query<Vec<(String, String)>>;
    let html = |body: String| HttpResponse::Ok().content_type("text/html").body(format!("<!doctype html><html lang=\"en\"><title>App</title>{body}"));
    let escape = |text: &str| text.replace('&', "&amp;").replace('"', "&quot;");
    let form = move |pairs: Pairs| async move {
        let mut fields = String::new();
        for (name, value) in pairs.iter().filter(|(name, _)| name != "to") {
            write!(fields, "<input type=\"hidden\" name=\"{}\" value=\"{}\">", escape(name), escape(value)).expect("a string grows");
        }
        let to = pairs.iter().find(|(name, _)| name == "to").map(|(_, to)| escape(to)).unwrap_or_default();
        html(format!("<form method=\"post\" action=\"{to}\">{fields}<button id=\"go\">Go</button></form>"))
    };
    config
        .route("/", web::get().to(move |pairs: Pairs| async move { html(format!("<a id=\"go\" href=\"{}\">Sign in</a>", escape(&pairs[0].1))) }))
        .route("/form", web::get().to(form))
        .route("/callback", web::get().to(move || async move { html("<h1>Back at the app</h1>".into()) }))
        .route("/goodbye", web::get().to(move || async move { html("<h1>Goodbye</h1>".into()) }));
}

impl Street {
    async fn open(clock: Clock) -> Self {
        let house = House::open_with(Backend::Sqlite, &[], clock).await;
        let site = Site::start(app_pages);
        // The house is at localhost, the app at 127.0.0.1: two sites, as in the world.
        let app = site.foreign_origin();
        let web = Metadata {
            redirect_uris: vec![format!("{app}/callback")],
            post_logout_redirect_uris: vec![format!("{app}/goodbye")],
            token_endpoint_auth_method: AuthMethod::ClientSecretBasic,
            ..Metadata::default()
        };
        let about = |path: &str| Url::parse(&format!("{app}/{path}")).ok();
        let third = Metadata { client_uri: about(""), policy_uri: about("privacy"), tos_uri: about("terms"), ..web.clone() };
        house.add_client("desk", Kind::App, Party::First, Some(("sales", "production")), web.clone()).await;
        house.add_client("desk-dev", Kind::App, Party::First, Some(("sales", "development")), web).await;
        house.add_client("notes", Kind::App, Party::Third, Some(("wiki", "production")), third).await;
        Self { house, site, app }
    }

    fn at(&self, path: &str) -> String {
        format!("{}{path}", self.house.issuer)
    }

    async fn journey(&self, client: &str, scopes: &[&str]) -> (RelyingParty, Journey) {
        let callback = format!("{}/callback", self.app);
        let party = RelyingParty::discover(&self.house.issuer, client, Some(SECRET), Method::Basic, &callback).await.expect("discovery");
        let journey = party.authorize_url(scopes);
        (party, journey)
    }

    /// Stands at the app, before a link to `url`.
    async fn at_the_app(&self, eyes: &Eyes, url: &str) {
        let start = Url::parse_with_params(&format!("{}/", self.app), [("to", url)]).expect("a URL");
        eyes.chromium.goto(start.as_str()).await;
    }

    /// The code is at the app, and the app gets tokens for it: whose?
    async fn arrived(&self, eyes: &Eyes, party: &RelyingParty, journey: Journey) -> String {
        let url = eyes.arrive(&format!("{}/callback?", self.app)).await;
        let tokens = party.exchange(journey, &url).await.expect("tokens");
        tokens.id_claims["sub"].as_str().expect("a subject").to_owned()
    }

    /// Signs somebody in at Production, without looking.
    async fn sign_in(&self, eyes: &Eyes, email: &str) {
        let (party, journey) = self.journey("desk", &[]).await;
        eyes.chromium.goto(journey.url.as_str()).await;
        eyes.fill("username", email).await;
        eyes.fill("password", PASSWORD).await;
        eyes.click("login-submit").await;
        self.arrived(eyes, &party, journey).await;
    }

    async fn invite(&self, line: &str) -> String {
        self.house.invite(line).await.expect("invited");
        let to = line.split(' ').next().expect("an address");
        link(&self.house.letters(to, 1).await[0], &self.house.issuer)
    }

    async fn close(self) {
        drop(self.site);
        self.house.close().await;
    }
}

#[actix_web::test]
async fn the_whole_way_with_scripts() {
    the_whole_way(true).await;
}

#[actix_web::test]
async fn the_whole_way_without_scripts() {
    the_whole_way(false).await;
}

async fn the_whole_way(scripts: bool) {
    let Some(eyes) = Eyes::open(scripts).await else { return };
    let street = Street::open(Clock::System).await;
    join(&eyes, &street).await;
    sign_out_at_the_app(&eyes, &street).await;
    let bo = sign_in_at_the_app(&eyes, &street).await;
    allow_a_third_party(&eyes, &street, &bo).await;

    // Without an app that asks there is only our own page at the end.
    eyes.chromium.goto(&street.at("/oauth2/logout")).await;
    eyes.reads(&["Sign out?", "Production", "bo@acme.example"]).await;
    eyes.look("sign-out", 200).await;
    eyes.click("logout-confirm").await;
    eyes.arrive(&street.at("/signed-out")).await;
    eyes.look("signed-out", 200).await;
    let (_, journey) = street.journey("desk", &[]).await;
    eyes.chromium.goto(journey.url.as_str()).await;
    eyes.arrive(&street.at("/login")).await;
    eyes.close().await;
    street.close().await;
}

/// From the mail to the welcome, with a mistake on the way.
async fn join(eyes: &Eyes, street: &Street) {
    let link = street.invite("bo@acme.example --role sales/production/viewer --group production/emea --org-role developer --until 2099-01-01").await;
    eyes.chromium.goto(&link).await;
    eyes.arrive(&street.at("/invitations/accept")).await;
    eyes.reads(&["Join Acme", "EMEA Sales", "Group at Production", "Viewer", "1 Jan 2099"]).await;
    eyes.look("invitation", 200).await;
    // What the browser can see itself it does not send.
    eyes.click("invitation-accept").await;
    assert_eq!(eyes.chromium.evaluate("document.querySelectorAll('input:invalid').length").await, 2);
    eyes.fill("name", " ").await;
    eyes.fill("password", "password1234").await;
    eyes.click("invitation-accept").await;
    eyes.reads(&["Please tell us your name.", "This password is easy to guess."]).await;
    assert_eq!(eyes.focus().await, "name", "the first field that is wrong");
    eyes.look("invitation-errors", 422).await;
    eyes.fill("name", "Bo Lindqvist").await;
    eyes.fill("password", PASSWORD).await;
    eyes.click("invitation-accept").await;
    eyes.reads(&["Welcome, Bo Lindqvist", "and are signed in", "Sales Desk"]).await;
    eyes.look("welcome", 200).await;
}

/// The app asks to sign out; the person agrees, and is back at the app.
async fn sign_out_at_the_app(eyes: &Eyes, street: &Street) {
    let goodbye = format!("{}/goodbye", street.app);
    let ask = [("client_id", "desk"), ("post_logout_redirect_uri", &goodbye), ("state", "s 1")];
    let ask = Url::parse_with_params(&street.at("/oauth2/logout"), ask).expect("a URL");
    street.at_the_app(eyes, ask.as_str()).await;
    eyes.click("go").await;
    eyes.reads(&["Client desk asks to sign you out", "bo@acme.example"]).await;
    eyes.look("sign-out-for-an-app", 200).await;
    eyes.click("logout-confirm").await;
    assert_eq!(eyes.arrive(&goodbye).await.query(), Some("state=s+1"));
}

/// The subject that signed in, after a wrong password.
async fn sign_in_at_the_app(eyes: &Eyes, street: &Street) -> String {
    let (party, journey) = street.journey("desk", &["profile", "roles"]).await;
    street.at_the_app(eyes, journey.url.as_str()).await;
    eyes.click("go").await;
    eyes.arrive(&street.at("/login")).await;
    assert_eq!(eyes.focus().await, "username");
    eyes.look("sign-in", 200).await;
    eyes.fill("username", "bo@acme.example").await;
    eyes.fill("password", "not this one").await;
    eyes.click("login-submit").await;
    eyes.reads(&["That e-mail and password do not belong together."]).await;
    assert_eq!(eyes.focus().await, "password", "the address is there already");
    eyes.look("sign-in-wrong", 422).await;
    eyes.fill("password", PASSWORD).await;
    eyes.click("login-submit").await;
    street.arrived(eyes, &party, journey).await
}

/// Signed in already, the person is only asked whether the third party may.
async fn allow_a_third_party(eyes: &Eyes, street: &Street, subject: &str) {
    let (party, journey) = street.journey("notes", &["profile", "email", "roles", "offline_access"]).await;
    street.at_the_app(eyes, journey.url.as_str()).await;
    eyes.click("go").await;
    eyes.arrive(&street.at("/consent")).await;
    eyes.reads(&["Client notes", "Wiki", "bo@acme.example", "Know your name", "until you take it back", "Its privacy policy"]).await;
    eyes.look("consent", 200).await;
    eyes.click("consent-allow").await;
    assert_eq!(street.arrived(eyes, &party, journey).await, subject);
}

#[actix_web::test]
async fn the_keyboard_is_enough() {
    let Some(eyes) = Eyes::open(true).await else { return };
    let street = Street::open(Clock::System).await;
    let (party, journey) = street.journey("notes", &["profile"]).await;
    eyes.chromium.goto(journey.url.as_str()).await;
    // The first field has the focus; the Enter key signs in and does not cancel.
    assert_eq!(eyes.focus().await, "username");
    eyes.press(&format!("ana@acme.example{TAB}")).await;
    assert_eq!(eyes.focus().await, "password");
    eyes.press(&format!("wrong{ENTER}")).await;
    eyes.reads(&["That e-mail and password do not belong together."]).await;
    assert_eq!(eyes.focus().await, "password");
    eyes.press(&format!("{PASSWORD}{ENTER}")).await;
    // The space bar presses the button that has the focus: here no, then yes.
    eyes.arrive(&street.at("/consent")).await;
    eyes.tab_to("consent-deny").await;
    eyes.press(" ").await;
    let refused = eyes.arrive(&format!("{}/callback?", street.app)).await;
    assert!(refused.as_str().contains("error=access_denied"), "{refused}");
    let (again, second) = street.journey("notes", &["profile"]).await;
    eyes.chromium.goto(second.url.as_str()).await;
    eyes.tab_to("consent-allow").await;
    eyes.press(" ").await;
    street.arrived(&eyes, &again, second).await;
    assert!(party.exchange(journey, &refused).await.is_err(), "no was no");

    eyes.chromium.goto(&street.at("/oauth2/logout")).await;
    eyes.tab_to("logout-confirm").await;
    eyes.press(&ENTER.to_string()).await;
    eyes.arrive(&street.at("/signed-out")).await;
    // From sign-in there is a way back without a mouse, too.
    eyes.chromium.goto(street.journey("desk", &[]).await.1.url.as_str()).await;
    eyes.tab_to("login-cancel").await;
    eyes.press(" ").await;
    assert!(eyes.arrive(&format!("{}/callback?", street.app)).await.as_str().contains("error=access_denied"));

    // An invitation is declined from the keyboard alone.
    eyes.chromium.goto(&street.invite("di@acme.example --role sales/production/viewer").await).await;
    for stop in ["username", "name", "password", "invitation-accept"] {
        eyes.tab_to(stop).await;
    }
    eyes.press(&format!("{TAB}{ENTER}")).await;
    eyes.tab_to("invitation-decline").await;
    eyes.press(&ENTER.to_string()).await;
    eyes.reads(&["Invitation declined"]).await;
    eyes.close().await;
    street.close().await;
}

#[actix_web::test]
async fn what_another_site_posts_goes_on_from_here() {
    let Some(eyes) = Eyes::open(true).await else { return };
    let street = Street::open(Clock::System).await;
    street.sign_in(&eyes, "ana@acme.example").await;
    for scripts in [true, false] {
        eyes.scripts(scripts).await;
        // `prompt=none` answers with a code only if the cookies of this browser came along: the post that the app began
        // comes without them, the one from our own page brings them.
        let (party, journey) = street.journey("desk", &["roles"]).await;
        let mut form = Url::parse(&format!("{}/form", street.app)).expect("a URL");
        form.query_pairs_mut().append_pair("to", &street.at("/oauth2/authorize")).append_pair("prompt", "none").extend_pairs(journey.url.query_pairs());
        eyes.chromium.goto(form.as_str()).await;
        eyes.click("go").await;
        if !scripts {
            eyes.arrive(&street.at("/oauth2/authorize")).await;
            eyes.reads(&["You are on your way."]).await;
            // Scripts that were left out do not run later, so the page can be checked before it goes.
            eyes.scripts(true).await;
            eyes.look("continue", 200).await;
            eyes.scripts(false).await;
            eyes.click("continue").await;
        }
        street.arrived(&eyes, &party, journey).await;

        let form = [("to", street.at("/oauth2/logout")), ("client_id", "desk".into())];
        let form = Url::parse_with_params(&format!("{}/form", street.app), form).expect("a URL");
        eyes.chromium.goto(form.as_str()).await;
        eyes.click("go").await;
        if !scripts {
            eyes.click("continue").await;
        }
        eyes.arrive(&street.at("/logout")).await;
        eyes.reads(&["Client desk asks to sign you out", "ana@acme.example"]).await;
    }
    eyes.close().await;
    street.close().await;
}

#[actix_web::test]
async fn every_notice_says_what_to_do() {
    let Some(eyes) = Eyes::open(true).await else { return };
    let clock = Clock::fixed(Clock::System.now());
    let street = Street::open(clock.clone()).await;
    let open = async |path: &str, name: &str, status: u16, texts: &[&str]| {
        eyes.chromium.goto(&if path.starts_with("http") { path.to_owned() } else { street.at(path) }).await;
        eyes.reads(texts).await;
        eyes.look(name, status).await;
    };
    // Invitations that are over, in every way.
    let cy = street.invite("cy@acme.example --role sales/development/viewer").await;
    open(&cy, "invitation-to-a-stage", 200, &["Sales Desk at Development"]).await;
    eyes.click_on("summary").await;
    eyes.reads(&["Declining ends this invitation"]).await;
    eyes.look("invitation-decline", 200).await;
    eyes.click("invitation-decline").await;
    eyes.reads(&["Invitation declined", "to invite you again"]).await;
    eyes.look("declined", 200).await;
    // Whoever never came leaves no trace.
    open(&cy, "invitation-unknown", 404, &["Invitation not found", "newest mail"]).await;
    let ed = street.invite("ed@acme.example --org-role developer").await;
    eyes.chromium.goto(&ed).await;
    eyes.fill("name", "Ed").await;
    eyes.fill("password", PASSWORD).await;
    eyes.click("invitation-accept").await;
    // Nothing was given at a stage, so there is none to be signed in at.
    eyes.reads(&["Welcome, Ed", "You have joined Acme.", "No apps yet"]).await;
    eyes.look("welcome-without-apps", 200).await;
    open(&ed, "accepted-before", 410, &["Already accepted"]).await;
    let fay = street.invite("fay@acme.example --role sales/production/viewer").await;
    clock.advance(Duration::from_hours(8 * 24));
    open(&fay, "expired", 410, &["Invitation expired", "send it again"]).await;

    open("/invitations/code", "code", 200, &["Enter your invitation code"]).await;
    eyes.fill("email", "fay@acme.example").await;
    eyes.fill("code", "AAAAAA").await;
    eyes.click("invitation-open").await;
    eyes.reads(&["do not belong to an open invitation"]).await;
    assert_eq!(eyes.focus().await, "code");
    eyes.look("code-wrong", 422).await;
    eyes.close().await;
    street.close().await;
}

#[actix_web::test]
async fn every_error_is_a_page_too() {
    let Some(eyes) = Eyes::open(true).await else { return };
    let empty = House::empty(Backend::Sqlite, &[], Clock::System).await;
    eyes.chromium.goto(&empty.issuer).await;
    eyes.reads(&["Gatehouse is running", "gatehouse apply"]).await;
    eyes.look("home-before", 200).await;

    // Time stands still, so that a wait does not end before it was seen.
    let street = Street::open(Clock::fixed(Clock::System.now())).await;
    eyes.chromium.goto(&street.house.issuer).await;
    eyes.reads(&["You are at the gate of Acme"]).await;
    eyes.look("home", 200).await;
    eyes.chromium.goto(&street.at("/no/such/page")).await;
    eyes.look("not-found", 404).await;
    eyes.chromium.goto(&street.at("/login")).await;
    eyes.reads(&["Nothing to sign in to"]).await;
    eyes.look("no-attempt", 400).await;
    let (_, journey) = street.journey("desk", &[]).await;
    let astray = journey.url.as_str().replace("%2Fcallback", "%2Fcallback2");
    eyes.chromium.goto(&astray).await;
    eyes.reads(&["This link cannot be followed", "redirect_uri"]).await;
    eyes.look("redirect-uri", 400).await;

    let (_, journey) = street.journey("desk-dev", &[]).await;
    eyes.chromium.goto(journey.url.as_str()).await;
    eyes.reads(&["Sales Desk", "Development"]).await;
    eyes.look("sign-in-at-a-stage", 200).await;
    for _ in 0..7 {
        eyes.fill("username", "nora@acme.example").await;
        eyes.fill("password", "wrong").await;
        eyes.submit("login-submit").await;
    }
    eyes.reads(&["Too many tries. Please wait one second, then"]).await;
    eyes.look("sign-in-slow", 429).await;
    // A form from before somebody else's session: the page says so, and nothing happened.
    eyes.chromium.evaluate("document.querySelector('[name=csrf]').value = 'x'").await;
    eyes.fill("password", PASSWORD).await;
    eyes.click("login-submit").await;
    eyes.reads(&["This page is out of date"]).await;
    eyes.look("stale", 403).await;
    eyes.close().await;
    empty.close().await;
    street.close().await;
}
