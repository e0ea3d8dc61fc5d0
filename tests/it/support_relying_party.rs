//! The relying parties prove themselves against a practice provider that can also misbehave.

use crate::support::browser::Browser;
use crate::support::node;
use crate::support::practice::Site;
use crate::support::relying_party::{Method, RelyingParty};
use actix_web::{HttpRequest, HttpResponse, web};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD as B64};
use gatehouse::base::time::Clock;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use url::Url;

const REDIRECT: &str = "http://localhost:9/callback";

type Form = HashMap<String, String>;
type P = web::Data<Provider>;

struct Provider {
    issuer: String,
    key: rcgen::KeyPair,
    /// The `typ` of access tokens: right or wrong.
    typ: &'static str,
    codes: Mutex<HashMap<String, Form>>,
}

impl Provider {
    fn sign(&self, typ: &str, claims: &Value) -> String {
        let header = Header { typ: Some(typ.to_owned()), kid: Some(String::from("practice")), ..Header::new(Algorithm::ES256) };
        encode(&header, claims, &EncodingKey::from_ec_pem(self.key.serialize_pem().as_bytes()).expect("a key")).expect("a signature")
    }

    fn keys(&self) -> Value {
        // An uncompressed point: 4, x, y (SEC 1 section 2.3.3).
        let (x, y) = self.key.public_key_raw()[1..].split_at(32);
        json!({ "keys": [{ "kty": "EC", "crv": "P-256", "kid": "practice", "use": "sig", "alg": "ES256", "x": B64.encode(x), "y": B64.encode(y) }] })
    }

    fn metadata(&self) -> Value {
        let at = |path: &str| format!("{}{path}", self.issuer);
        json!({
            "issuer": self.issuer, "authorization_endpoint": at("/authorize"), "token_endpoint": at("/token"), "jwks_uri": at("/keys"), "userinfo_endpoint": at("/userinfo"),
            "end_session_endpoint": at("/logout"), "response_types_supported": ["code"], "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["ES256"], "code_challenge_methods_supported": ["S256"], "authorization_response_iss_parameter_supported": true,
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
        })
    }

    /// Takes the form of the login page, with the request's parameters hidden in it.
    fn login(&self, form: Form) -> HttpResponse {
        if (form["username"].as_str(), form["password"].as_str()) != ("ana", "secret") {
            return HttpResponse::Ok().content_type("text/html").body("<body>Wrong</body>");
        }
        let mut target = Url::parse(&form["redirect_uri"]).expect("a URL");
        let code = format!("code-{}", self.codes.lock().expect("nobody panics here").len());
        target.query_pairs_mut().append_pair("code", &code).append_pair("state", &form["state"]).append_pair("iss", &self.issuer);
        self.codes.lock().expect("nobody panics here").insert(code, form);
        HttpResponse::SeeOther().insert_header(("Location", target.as_str())).finish()
    }

    fn token(&self, request: &HttpRequest, form: &Form) -> HttpResponse {
        let refused = |error: &str| HttpResponse::BadRequest().json(json!({ "error": error }));
        let basic =
            request.headers().get("authorization").and_then(|value| value.to_str().ok()?.strip_prefix("Basic ")).and_then(|text| STANDARD.decode(text).ok());
        let by_basic = basic.as_deref() == Some(b"app:hush");
        let by_post = form.get("client_id").is_some_and(|id| id == "spa" || (id == "app" && form.get("client_secret").is_some_and(|secret| secret == "hush")));
        let client = if by_basic { "app" } else { form.get("client_id").map_or("", String::as_str) };
        if by_basic == by_post {
            return refused("invalid_client");
        }
        let nonce = match form["grant_type"].as_str() {
            "authorization_code" => {
                let Some(asked) = self.codes.lock().expect("nobody panics here").get_mut(&form["code"]).map(std::mem::take).filter(|asked| !asked.is_empty())
                else {
                    return refused("invalid_grant");
                };
                let challenge = B64.encode(aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, form["code_verifier"].as_bytes()));
                if asked["code_challenge"] != challenge || asked["client_id"] != client {
                    return refused("invalid_grant");
                }
                asked.get("nonce").cloned()
            }
            "refresh_token" if form["refresh_token"] == "turn-1" => None,
            "client_credentials" => None,
            _ => return refused("invalid_grant"),
        };
        let now = Clock::System.now().seconds();
        let person = form["grant_type"] != "client_credentials";
        let sub = if person { "ana-1" } else { client };
        let access_token =
            self.sign(self.typ, &json!({ "iss": self.issuer, "sub": sub, "aud": "api", "exp": now + 60, "iat": now, "jti": "1", "client_id": client }));
        let mut answer = json!({ "access_token": access_token, "token_type": "Bearer", "expires_in": 60 });
        if person {
            let half = &aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, access_token.as_bytes()).as_ref()[..16].to_vec();
            let mut claims =
                json!({ "iss": self.issuer, "sub": sub, "aud": client, "exp": now + 60, "iat": now, "roles": ["editor"], "at_hash": B64.encode(half) });
            if let Some(nonce) = nonce {
                claims["nonce"] = json!(nonce);
            }
            answer["id_token"] = json!(self.sign("JWT", &claims));
            answer["refresh_token"] = json!("turn-1");
            answer["scope"] = json!("openid profile");
        }
        HttpResponse::Ok().insert_header(("Cache-Control", "no-store")).json(answer)
    }
}

fn provider(typ: &'static str) -> Site {
    let key = Arc::new(rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).expect("a key").serialize_pem());
    Site::start(move |config: &mut web::ServiceConfig, origin: &str| {
        let key = rcgen::KeyPair::from_pem(&key).expect("the key");
        let provider = web::Data::new(Provider { issuer: origin.to_owned(), key, typ, codes: Mutex::default() });
        config
            .app_data(provider)
            .route("/.well-known/openid-configuration", web::get().to(|p: P| async move { HttpResponse::Ok().json(p.metadata()) }))
            .route("/keys", web::get().to(|p: P| async move { HttpResponse::Ok().json(p.keys()) }))
            .route(
                "/authorize",
                web::get().to(|query: web::Query<Form>| async move {
                    let hidden = query.iter().fold(String::new(), |form, (name, value)| form + &format!("<input type=hidden name=\"{name}\" value=\"{value}\">"));
                    HttpResponse::Ok().content_type("text/html").body(format!(
                        "<body>Sign in<form id=login method=post action=/login>{hidden}<input id=username name=username><input id=password name=password type=password><button id=login-submit>Sign in</button></form></body>"
                    ))
                }),
            )
            .route("/login", web::post().to(|p: P, form: web::Form<Form>| async move { p.login(form.into_inner()) }))
            .route("/token", web::post().to(|p: P, request: HttpRequest, form: web::Form<Form>| async move { p.token(&request, &form) }))
            .route("/userinfo", web::get().to(|| async { HttpResponse::Ok().json(json!({ "sub": "ana-1", "name": "Ana", "roles": ["editor"] })) }));
    })
}

async fn sign_in(site: &Site, url: &Url) -> Url {
    let mut browser = Browser::new(&site.origin());
    let page = browser.get(url.as_str()).await;
    let form = page.form("login").fill("username", "ana").fill("password", "secret");
    browser.submit(&form, "login-submit").await.location().expect("a redirect to the app")
}

#[tokio::test]
async fn the_whole_way_with_each_method() {
    let site = provider("at+jwt");
    for (id, secret, method) in [("app", Some("hush"), Method::Basic), ("app", Some("hush"), Method::Post), ("spa", None, Method::Public)] {
        let party = RelyingParty::discover(&site.origin(), id, secret, method, REDIRECT).await.expect("discovered");
        let journey = party.authorize_url(&["profile"]);
        let callback = sign_in(&site, &journey.url).await;
        let tokens = party.exchange(journey, &callback).await.expect("tokens");
        assert!(tokens.id_token.is_some() && tokens.id_claims["roles"] == json!(["editor"]));
        assert_eq!(tokens.expires_in, Some(Duration::from_mins(1)));
        assert_eq!(tokens.scopes, Some(vec![String::from("openid"), String::from("profile")]));
        let claims = party.verify_access_token(&tokens.access_token, "api").await.expect("a good access token");
        assert_eq!(claims["client_id"], id);
        assert!(party.verify_access_token(&tokens.access_token, "other").await.is_err(), "another's audience");
        assert_eq!(party.userinfo(&tokens.access_token, "ana-1").await.expect("claims")["roles"], json!(["editor"]));
        assert!(party.userinfo(&tokens.access_token, "eve-1").await.is_err(), "another person");
        let fresh = party.refresh(&tokens.refresh_token.expect("a refresh token")).await.expect("refreshed");
        assert_eq!(fresh.id_claims["sub"], "ana-1");
    }
}

#[tokio::test]
async fn what_is_wrong_is_noticed() {
    let site = provider("JWT");
    let discover = |secret: &'static str| {
        let origin = site.origin();
        async move { RelyingParty::discover(&origin, "app", Some(secret), Method::Basic, REDIRECT).await.expect("discovered") }
    };
    let party = discover("hush").await;
    let journey = party.authorize_url(&[]);
    let callback = sign_in(&site, &journey.url).await;
    let (one, two) = (party.authorize_url(&[]), party.authorize_url(&[]));
    assert_ne!(one.state.secret(), two.state.secret());
    assert!(party.exchange(one, &callback).await.is_err(), "another state");
    let without_issuer = Url::parse(&callback.as_str().replace("iss=", "was=")).expect("a URL");
    let again = sign_in(&site, &two.url).await;
    assert!(party.exchange(two, &without_issuer).await.is_err() && again.query().is_some(), "no issuer");
    let tokens = party.exchange(journey, &callback).await.expect("tokens");
    assert!(party.verify_access_token(&tokens.access_token, "api").await.is_err(), "an ID token's typ");

    let stranger = discover("wrong").await;
    let journey = stranger.authorize_url(&[]);
    let callback = sign_in(&site, &journey.url).await;
    assert!(stranger.exchange(journey, &callback).await.is_err(), "a wrong secret");
}

fn configuration(site: &Site, method: &str) -> Value {
    let id = if method == "none" { "spa" } else { "app" };
    json!({
        "issuer": site.origin(), "client_id": id, "client_secret": "hush", "auth_method": method, "redirect_uri": REDIRECT,
        "username": "ana", "password": "secret", "scope": "openid profile", "audience": "api", "client_credentials": { "scope": "api" },
        "post_logout_redirect_uri": "http://localhost:9/bye",
    })
}

#[tokio::test]
async fn openid_client_walks_the_whole_way() {
    let site = provider("at+jwt");
    for method in ["client_secret_basic", "client_secret_post", "none"] {
        let Some(result) = node::relying_party(&configuration(&site, method)).await else { return };
        let result = result.expect("every check passes");
        assert_eq!(result["id_token"]["sub"], "ana-1");
        assert_eq!(result["userinfo"]["name"], "Ana");
        assert_eq!(result["refreshed"]["rotated"], false);
        assert!(result["client_credentials"]["sub"] == "app" || method == "none");
        assert!(result["end_session_url"].as_str().is_some_and(|url| url.contains("id_token_hint=") && url.contains("post_logout_redirect_uri=")));
    }
}

#[tokio::test]
async fn openid_client_notices_a_wrong_type() {
    let site = provider("JWT");
    let Some(result) = node::relying_party(&configuration(&site, "none")).await else { return };
    let said = result.expect_err("the typ is an ID token's");
    assert!(said.contains("typ"), "{said}");
}
