//! The configuration of a client, as its page shows it: every snippet is read by what reads it, and the one in JavaScript signs somebody in.

use super::{ANA, OLGA, SALES, at_portal};
use crate::story::sign_in;
use crate::support::browser::Browser;
use crate::support::house::{Backend, House, PASSWORD, REDIRECT, SECRET};
use crate::support::node;
use crate::support::page::Page;
use gatehouse::oauth::client::{AuthMethod, Kind, Metadata, Party};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

/// A redirect URI with everything that a text in quotes trips over.
const ODD: &str = "https://app.acme.example/it's?a=\"1\"&b=$x`y`";
/// One that a browser leaves as it is.
const ODD_PATH: &str = "https://app.acme.example/it's/$(id)/callback";

async fn add(house: &House, id: &str, auth: AuthMethod, redirect: &str) {
    let metadata = Metadata { redirect_uris: vec![redirect.to_owned()], token_endpoint_auth_method: auth, ..Metadata::default() };
    house.add_client(id, Kind::App, Party::First, Some(("sales", "production")), metadata).await;
}

/// A snippet of the page, letter by letter.
fn snippet(page: &Page, id: &str) -> String {
    let document = scraper::Html::parse_document(&page.body);
    let selector = scraper::Selector::parse(&format!("#snippet-{id}")).expect("a selector");
    document.select(&selector).next().unwrap_or_else(|| panic!("no snippet {id}: {}", page.text())).text().collect()
}

/// Reads the YAML that a snippet keeps to, which every parser reads alike: maps, each two blanks deeper than the one around it, and as values
/// words, texts as JSON has them, and lists of words. Anything else is refused.
fn yaml(text: &str) -> BTreeMap<String, Value> {
    let word = |text: &str| {
        let mut bytes = text.bytes();
        let good = bytes.next().is_some_and(|first| first.is_ascii_alphabetic()) && bytes.all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
        assert!(good && !["true", "false", "yes", "no", "on", "off", "null"].contains(&text), "{text:?} may be read as something else");
        text.to_owned()
    };
    let mut path: Vec<String> = Vec::new();
    let mut found = BTreeMap::new();
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let rest = line.trim_start_matches(' ');
        let depth = (line.len() - rest.len()) / 2;
        assert!((line.len() - rest.len()).is_multiple_of(2) && depth <= path.len(), "{line:?} stands nowhere");
        path.truncate(depth);
        let (key, value) = rest.split_once(':').unwrap_or_else(|| panic!("{line:?} names nothing"));
        path.push(word(key));
        let value = match value.strip_prefix(' ') {
            None => {
                assert!(value.is_empty(), "{line:?} has no blank after its colon");
                continue;
            }
            Some(text) if text.starts_with('"') => serde_json::from_str::<Value>(text).unwrap_or_else(|error| panic!("{line:?}: {error}")),
            Some(text) if text.starts_with('[') => {
                let inner = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).expect("a list that ends");
                inner.split(", ").map(word).collect()
            }
            Some(text) => json!(word(text)),
        };
        assert!(found.insert(path.join("."), value).is_none(), "{line:?} stands there twice");
        // What has a value has nothing below it.
        path.pop();
    }
    found
}

/// What a shell makes of the environment.
fn environment(folder: &Path, text: &str) -> Vec<String> {
    fs::write(folder.join("app.env"), text).expect("written");
    let script = ". ./app.env; printf '%s\\n' \"$OIDC_ISSUER\" \"$OIDC_CLIENT_ID\" \"$OIDC_CLIENT_SECRET\" \"$OIDC_REDIRECT_URI\"";
    let output = Command::new("sh").args(["-c", script]).current_dir(folder).output().expect("a shell");
    assert!(output.status.success() && output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text").lines().map(str::to_owned).collect()
}

/// Whether JavaScript reads it.
fn is_javascript(folder: &Path, text: &str) {
    if node::installed() {
        fs::write(folder.join("check.mjs"), text).expect("written");
        let output = Command::new("node").args(["--check", "check.mjs"]).current_dir(folder).output().expect("node runs");
        assert!(output.status.success(), "{}\n{text}", String::from_utf8_lossy(&output.stderr));
    }
}

#[actix_web::test]
async fn every_snippet_is_read_as_it_is_meant() {
    let house = House::open(Backend::Sqlite).await;
    add(&house, "odd", AuthMethod::ClientSecretPost, ODD).await;
    add(&house, "odd-public", AuthMethod::None, ODD).await;
    let folder = tempfile::tempdir().expect("a folder");
    let mut olga = at_portal(&house, OLGA).await;
    let page = olga.get(&format!("{SALES}/clients/odd")).await;
    let issuer = house.issuer.as_str();
    assert_eq!(environment(folder.path(), &snippet(&page, "env")), [issuer, "odd", "put-the-secret-here", ODD]);
    is_javascript(folder.path(), &snippet(&page, "node"));

    let spring = yaml(&snippet(&page, "spring"));
    let (registration, provider) = ("spring.security.oauth2.client.registration.gatehouse", "spring.security.oauth2.client.provider.gatehouse");
    let expected = [
        (format!("{registration}.client-id"), json!("odd")),
        (format!("{registration}.client-secret"), json!("${OIDC_CLIENT_SECRET}")),
        (format!("{registration}.client-authentication-method"), json!("client_secret_post")),
        (format!("{registration}.authorization-grant-type"), json!("authorization_code")),
        (format!("{registration}.redirect-uri"), json!(ODD)),
        (format!("{registration}.scope"), json!(["openid", "profile", "email", "roles", "permissions"])),
        (format!("{provider}.issuer-uri"), json!(issuer)),
    ];
    assert_eq!(spring, BTreeMap::from(expected));

    let settings: Value = serde_json::from_str(&snippet(&page, "aspnet")).expect("JSON");
    let expected = json!({
        "Authority": issuer, "ClientId": "odd", "ClientSecret": "put-the-secret-here", "ResponseType": "code", "UsePkce": true, "CallbackPath": "/it's",
        "Scope": ["openid", "profile", "email", "roles", "permissions"], "GetClaimsFromUserInfoEndpoint": true, "RequireHttpsMetadata": false
    });
    assert_eq!(settings, json!({ "Authentication": { "Schemes": { "OpenIdConnect": expected } } }));
    // The address of the discovery document is one.
    let http = crate::support::http().build().expect("a client");
    let document = http.get(snippet(&page, "discovery")).send().await.expect("an answer").json::<Value>().await.expect("JSON");
    assert_eq!(document["issuer"], issuer);

    // What runs in a browser has its values in it, and nothing for servers.
    let page = olga.get(&format!("{SALES}/clients/odd-public")).await;
    assert_eq!(environment(folder.path(), &snippet(&page, "env")), [issuer, "odd-public", "", ODD]);
    let script = snippet(&page, "node");
    assert!(script.contains(&json!(ODD).to_string()) && !page.body.contains("snippet-spring") && !page.body.contains("snippet-aspnet"), "{script}");
    is_javascript(folder.path(), &script);
    house.close().await;
}

/// The snippet in JavaScript with the environment of the other one, as an app that says where people go, and reads where they come back to.
struct App {
    child: Child,
    out: BufReader<ChildStdout>,
}

const DRIVER: &str = "
import { createInterface } from 'node:readline'
console.log(signIn.href)
for await (const address of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await signedIn(address)))
  process.exit(0)
}
";

impl App {
    fn start(folder: &Path) -> Self {
        // The page has a placeholder where the secret belongs.
        let script = "set -a; . ./app.env; if [ -n \"$OIDC_CLIENT_SECRET\" ]; then OIDC_CLIENT_SECRET=$1; fi; exec node app.mjs";
        let mut child =
            Command::new("sh").args(["-c", script, "app", SECRET]).current_dir(folder).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("a shell");
        let out = BufReader::new(child.stdout.take().expect("its output"));
        Self { child, out }
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.out.read_line(&mut line).expect("a line");
        line.trim_end().to_owned()
    }

    fn told(mut self, address: &str) -> String {
        let mut input = self.child.stdin.take().expect("its input");
        input.write_all(format!("{address}\n").as_bytes()).expect("told");
        let line = self.line();
        drop(input);
        self.child.wait().expect("it ends");
        line
    }
}

#[actix_web::test]
async fn the_snippet_in_javascript_signs_somebody_in() {
    if !node::installed() {
        return;
    }
    let house = House::open(Backend::Sqlite).await;
    add(&house, "odd", AuthMethod::ClientSecretBasic, ODD_PATH).await;
    let mut olga = at_portal(&house, OLGA).await;
    for (client, redirect) in [("sales-basic", REDIRECT), ("sales-post", REDIRECT), ("sales-public", REDIRECT), ("odd", ODD_PATH)] {
        let page = olga.get(&format!("{SALES}/clients/{client}")).await;
        let folder = tempfile::tempdir().expect("a folder");
        std::os::unix::fs::symlink(node::folder().join("node_modules"), folder.path().join("node_modules")).expect("linked");
        fs::write(folder.path().join("app.env"), snippet(&page, "env")).expect("written");
        fs::write(folder.path().join("app.mjs"), format!("{}\n{DRIVER}", snippet(&page, "node"))).expect("written");
        // The server runs in this thread, and must answer meanwhile.
        let at = folder.path().to_owned();
        let begun = tokio::task::spawn_blocking(move || {
            let mut app = App::start(&at);
            let to = app.line();
            (app, to)
        });
        let (app, to) = begun.await.expect("no panic");
        assert!(to.starts_with(&format!("{}/oauth2/authorize?", house.issuer)), "{client}: {to:?}");
        let mut browser = Browser::new(&house.issuer);
        let page = browser.get(&to).await;
        let page = sign_in(&mut browser, &page, ANA, PASSWORD).await;
        let back = page.location().unwrap_or_else(|| panic!("{client}: {}", page.text()));
        assert!(back.as_str().starts_with(&format!("{redirect}?")), "{client}: {back}");
        let told = tokio::task::spawn_blocking(move || app.told(back.as_str())).await.expect("no panic");
        let claims: Value = serde_json::from_str(&told).unwrap_or_else(|error| panic!("{client}: {error}: {told:?}"));
        assert_eq!((&claims["name"], &claims["email"], &claims["aud"]), (&json!("Ana Ferreira"), &json!(ANA), &json!(client)), "{client}");
        assert_eq!((&claims["roles"], &claims["permissions"]), (&json!(["approver", "viewer"]), &json!(["approve", "read"])), "{client}: {claims}");
        assert!(claims["sub"].as_str().is_some_and(|sub| sub.len() == 36), "{client}: {claims}");
    }
    house.close().await;
}
