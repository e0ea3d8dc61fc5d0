//! The resource server keeps the keys of its issuer: however many requests come, it asks once, and for a key that it does not know once in a
//! while, whatever anybody writes into tokens.

use super::resource_server;
use crate::support::practice::Site;
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

/// For so long an unknown key is not asked for again.
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

#[actix_web::test]
async fn the_resource_server_asks_for_keys_once_in_a_while() {
    let issuer = Arc::new(Issuer::default());
    let site = issuer.open();
    let (old, new, stranger) = (Pair::new(), Pair::new(), Pair::new());
    *issuer.keys.lock().expect("nobody panics here") = vec![old.public("old")];
    let (process, listen) = resource_server(&site.origin(), AUDIENCE, &PAUSE.as_secs().to_string()).await;
    let http = crate::support::http().build().expect("a client");
    // Everybody at once; answers the statuses, in order.
    let ask = async |tokens: Vec<String>| -> Vec<u16> {
        let sent = tokens.iter().map(|token| http.get(format!("http://{listen}/orders")).bearer_auth(token).send());
        let mut statuses: Vec<u16> = join_all(sent).await.into_iter().map(|answer| answer.expect("an answer").status().as_u16()).collect();
        statuses.sort_unstable();
        statuses
    };
    let crowd = |pair: &Pair, id: &str| vec![pair.token(&site.origin(), id); CROWD];
    let made_up = |round: &str| -> Vec<String> { (0..CROWD).map(|number| stranger.token(&site.origin(), &format!("{round}-{number}"))).collect() };
    // The most that may be asked from an instant on: once for each pause that went by.
    let allowed = |since: Instant| usize::try_from(since.elapsed().as_secs() / PAUSE.as_secs()).expect("a small number");

    // Nobody asked yet; then everybody needs the keys at the same moment, and again.
    assert_eq!(issuer.asked(), 0);
    let begun = Instant::now();
    assert_eq!(ask(crowd(&old, "old")).await, [200; CROWD]);
    assert_eq!(ask(crowd(&old, "old")).await, [200; CROWD]);
    assert_eq!(issuer.asked(), 1, "one for all");
    // Any number of names that nobody knows makes no flood.
    assert_eq!(ask(made_up("first")).await, [401; CROWD]);
    assert_eq!(ask(made_up("second")).await, [401; CROWD]);
    assert!(issuer.asked() <= 1 + allowed(begun), "{} times", issuer.asked());

    // Another key is published: whoever comes with it first makes the server look, once.
    *issuer.keys.lock().expect("nobody panics here") = vec![old.public("old"), new.public("new")];
    tokio::time::sleep(PAUSE + Duration::from_millis(100)).await;
    let before = issuer.asked();
    assert_eq!(ask(crowd(&new, "new")).await, [200; CROWD]);
    assert_eq!(ask(crowd(&old, "old")).await, [200; CROWD], "the old one is still good");
    assert_eq!(issuer.asked(), before + 1);
    // A known name on a foreign key is no reason to look, nor to believe.
    assert_eq!(ask(crowd(&stranger, "new")).await, [401; CROWD]);
    assert_eq!(issuer.asked(), before + 1);

    // The issuer is away: nobody can tell of a new key, and what is known goes on being good.
    issuer.away.store(true, Ordering::SeqCst);
    tokio::time::sleep(PAUSE + Duration::from_millis(100)).await;
    let (before, begun) = (issuer.asked(), Instant::now());
    let statuses = ask(made_up("third")).await;
    assert!(statuses[0] == 401 && statuses[CROWD - 1] == 503, "{statuses:?}");
    assert_eq!(ask(crowd(&old, "old")).await, [200; CROWD]);
    assert!((1..=1 + allowed(begun)).contains(&(issuer.asked() - before)), "{} times", issuer.asked() - before);
    drop(process);
}
