//! The resource server keeps the keys of its issuer: however many requests come, it asks once, and for a key that it does not know once in a
//! while, whatever anybody writes into tokens. And it does not keep them for ever.

use super::resource_server;
use crate::support::practice::Site;
use crate::support::watchdog::Guarded;
use actix_web::{HttpResponse, web};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures_util::future::join_all;
use gatehouse::base::time::Clock;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// For so long the issuer is not asked again.
const PAUSE: Duration = Duration::from_secs(2);
const AUDIENCE: &str = "http://localhost/apps/orders/production";
/// So many at the same moment.
const CROWD: usize = 20;

/// An issuer of which nothing is there but its keys.
#[derive(Default)]
struct Issuer {
    keys: Mutex<Vec<Value>>,
    asked: AtomicUsize,
    away: AtomicBool,
}

impl Issuer {
    fn open(self: &Arc<Self>) -> Site {
        let issuer = Arc::clone(self);
        Site::start(move |config: &mut web::ServiceConfig, _: &str| {
            config
                .app_data(web::Data::from(Arc::clone(&issuer)))
                .route("/.well-known/jwks.json", web::get().to(|issuer: web::Data<Self>| async move { issuer.answer() }));
        })
    }

    fn answer(&self) -> HttpResponse {
        self.asked.fetch_add(1, Ordering::SeqCst);
        if self.away.load(Ordering::SeqCst) {
            return HttpResponse::ServiceUnavailable().finish();
        }
        HttpResponse::Ok().json(json!({ "keys": *self.keys.lock().expect("nobody panics here") }))
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    fn publish(&self, keys: Vec<Value>) {
        *self.keys.lock().expect("nobody panics here") = keys;
    }

    fn go(&self, away: bool) {
        self.away.store(away, Ordering::SeqCst);
    }
}

/// A key pair.
struct Pair(rcgen::KeyPair);

impl Pair {
    fn new() -> Self {
        Self(rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).expect("a key"))
    }

    /// The public half under a name.
    fn public(&self, id: &str) -> Value {
        // An uncompressed point: 4, x, y (SEC 1 section 2.3.3).
        let (x, y) = self.0.public_key_raw()[1..].split_at(32);
        let coordinate = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        json!({ "kty": "EC", "crv": "P-256", "kid": id, "use": "sig", "alg": "ES256", "x": coordinate(x), "y": coordinate(y) })
    }

    /// A token of somebody who may read, by the key of this name.
    fn token(&self, issuer: &str, id: &str) -> String {
        let now = Clock::System.now().seconds();
        let header = Header { typ: Some("at+jwt".to_owned()), kid: Some(id.to_owned()), ..Header::new(Algorithm::ES256) };
        let claims = json!({ "iss": issuer, "aud": AUDIENCE, "sub": "ana-1", "exp": now + 600, "permissions": ["read"] });
        encode(&header, &claims, &EncodingKey::from_ec_pem(self.0.serialize_pem().as_bytes()).expect("a key")).expect("a signature")
    }
}

/// An issuer, and an API that believes it.
struct Scene {
    issuer: Arc<Issuer>,
    site: Site,
    listen: String,
    http: reqwest::Client,
    stranger: Pair,
    /// The API, which ends with this value.
    _process: Guarded,
}

impl Scene {
    async fn open(further: &[(&str, String)]) -> Self {
        let issuer = Arc::new(Issuer::default());
        let site = issuer.open();
        let (process, listen) = resource_server(&site.origin(), AUDIENCE, further).await;
        let http = crate::support::http().build().expect("a client");
        Self { issuer, site, listen, http, stranger: Pair::new(), _process: process }
    }

    /// Everybody at once; answers the statuses, in order.
    async fn ask(&self, tokens: Vec<String>) -> Vec<u16> {
        let sent = tokens.iter().map(|token| self.http.get(format!("http://{}/orders", self.listen)).bearer_auth(token).send());
        let mut statuses: Vec<u16> = join_all(sent).await.into_iter().map(|answer| answer.expect("an answer").status().as_u16()).collect();
        statuses.sort_unstable();
        statuses
    }

    /// Many tokens by the key of this name.
    fn crowd(&self, pair: &Pair, id: &str) -> Vec<String> {
        vec![pair.token(&self.site.origin(), id); CROWD]
    }

    /// Tokens by keys that nobody published.
    fn made_up(&self, round: &str) -> Vec<String> {
        (0..CROWD).map(|number| self.stranger.token(&self.site.origin(), &format!("{round}-{number}"))).collect()
    }
}

/// A setting of the API.
fn seconds(name: &'static str, time: Duration) -> (&'static str, String) {
    (name, time.as_secs().to_string())
}

/// Waits until this time is over.
async fn pass(time: Duration) {
    tokio::time::sleep(time + Duration::from_millis(100)).await;
}

/// The most that may be asked from an instant on: once for each pause that went by.
fn allowed(since: Instant) -> usize {
    usize::try_from(since.elapsed().as_secs() / PAUSE.as_secs()).expect("a small number")
}

#[actix_web::test]
async fn the_resource_server_asks_for_keys_once_in_a_while() {
    let scene = Scene::open(&[seconds("KEYS_PAUSE", PAUSE)]).await;
    let issuer = &scene.issuer;
    let (old, new) = (Pair::new(), Pair::new());
    issuer.publish(vec![old.public("old")]);

    // Nobody asked yet; then everybody needs the keys at the same moment, and again.
    assert_eq!(issuer.asked(), 0);
    let begun = Instant::now();
    assert_eq!(scene.ask(scene.crowd(&old, "old")).await, [200; CROWD]);
    assert_eq!(scene.ask(scene.crowd(&old, "old")).await, [200; CROWD]);
    assert_eq!(issuer.asked(), 1, "one for all");
    // Any number of names that nobody knows makes no flood.
    assert_eq!(scene.ask(scene.made_up("first")).await, [401; CROWD]);
    assert_eq!(scene.ask(scene.made_up("second")).await, [401; CROWD]);
    assert!(issuer.asked() <= 1 + allowed(begun), "{} times", issuer.asked());

    // Another key is published: whoever comes with it first makes the server look, once.
    issuer.publish(vec![old.public("old"), new.public("new")]);
    pass(PAUSE).await;
    let before = issuer.asked();
    assert_eq!(scene.ask(scene.crowd(&new, "new")).await, [200; CROWD]);
    assert_eq!(scene.ask(scene.crowd(&old, "old")).await, [200; CROWD], "the old one is still good");
    assert_eq!(issuer.asked(), before + 1);
    // A known name on a foreign key is no reason to look, nor to believe.
    assert_eq!(scene.ask(scene.crowd(&scene.stranger, "new")).await, [401; CROWD]);
    assert_eq!(issuer.asked(), before + 1);

    // The issuer is away: nobody can tell of a new key, and what is known goes on being good.
    issuer.go(true);
    pass(PAUSE).await;
    let (before, begun) = (issuer.asked(), Instant::now());
    assert_eq!(scene.ask(scene.made_up("third")).await, [503; CROWD]);
    assert_eq!(scene.ask(scene.crowd(&old, "old")).await, [200; CROWD]);
    assert!((1..=1 + allowed(begun)).contains(&(issuer.asked() - before)), "{} times", issuer.asked() - before);
}

#[actix_web::test]
async fn the_resource_server_believes_no_key_for_ever() {
    let (age, limit) = (Duration::from_secs(3), Duration::from_secs(8));
    let scene = Scene::open(&[seconds("KEYS_PAUSE", PAUSE), seconds("KEYS_AGE", age), seconds("KEYS_LIMIT", limit)]).await;
    let issuer = &scene.issuer;
    let (old, new) = (Pair::new(), Pair::new());
    issuer.publish(vec![old.public("old"), new.public("new")]);
    assert_eq!(scene.ask(scene.crowd(&old, "old")).await, [200; CROWD]);

    // A key is withdrawn. No token names one that is unknown, and yet the server looks.
    issuer.publish(vec![new.public("new")]);
    pass(age).await;
    let (before, begun) = (issuer.asked(), Instant::now());
    assert_eq!(scene.ask(scene.crowd(&old, "old")).await, [401; CROWD]);
    assert_eq!(scene.ask(scene.crowd(&new, "new")).await, [200; CROWD]);
    assert!((1..=1 + allowed(begun)).contains(&(issuer.asked() - before)), "{} times", issuer.asked() - before);

    // The issuer is away: what was kept stays good for a while, and the server goes on asking, once in a while.
    issuer.go(true);
    pass(age).await;
    let (before, begun) = (issuer.asked(), Instant::now());
    assert_eq!(scene.ask(scene.crowd(&new, "new")).await, [200; CROWD]);
    assert!((1..=1 + allowed(begun)).contains(&(issuer.asked() - before)), "{} times", issuer.asked() - before);
    // But not for ever: it may have been withdrawn, too, and nobody can tell.
    pass(limit).await;
    assert_eq!(scene.ask(scene.crowd(&new, "new")).await, [503; CROWD]);
    // The issuer is back.
    issuer.go(false);
    pass(PAUSE).await;
    assert_eq!(scene.ask(scene.crowd(&new, "new")).await, [200; CROWD]);
    assert_eq!(scene.ask(scene.crowd(&old, "old")).await, [401; CROWD]);
}

#[actix_web::test]
async fn an_issuer_that_was_never_there_is_asked_once_in_a_while() {
    let scene = Scene::open(&[seconds("KEYS_PAUSE", PAUSE)]).await;
    let issuer = &scene.issuer;
    let pair = Pair::new();
    issuer.publish(vec![pair.public("only")]);
    issuer.go(true);
    // Nobody can tell what is good. Neither good tokens nor forged ones make a flood.
    let begun = Instant::now();
    assert_eq!(scene.ask(scene.crowd(&pair, "only")).await, [503; CROWD]);
    assert_eq!(scene.ask(scene.made_up("first")).await, [503; CROWD]);
    assert_eq!(scene.ask(scene.crowd(&pair, "only")).await, [503; CROWD]);
    assert!((1..=1 + allowed(begun)).contains(&issuer.asked()), "{} times", issuer.asked());
    // The issuer is there.
    issuer.go(false);
    pass(PAUSE).await;
    assert_eq!(scene.ask(scene.crowd(&pair, "only")).await, [200; CROWD]);
    assert_eq!(scene.ask(scene.made_up("second")).await, [401; CROWD]);
}
