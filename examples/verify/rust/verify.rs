use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header, jwk::JwkSet};
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

const ISSUER: &str = "https://id.example.org";
const AUDIENCE: &str = "https://id.example.org/apps/orders/production";
const PERMISSION: &str = "approve";

#[derive(Debug, serde::Deserialize)]
pub struct Claims {
    pub sub: String,
    #[serde(default)] // a list that is not there gives nothing
    pub permissions: Vec<String>,
}

/// Checks an access token, and that whoever it stands for holds the permission.
pub async fn verify(token: &str) -> Result<Claims, Box<dyn std::error::Error + Send + Sync>> {
    let header = decode_header(token)?;
    if header.typ.as_deref() != Some("at+jwt") {
        return Err("not an access token".into());
    }
    let key = key(&header.kid.ok_or("no key is named")?).await?;
    let mut rules = Validation::new(Algorithm::ES256);
    rules.set_issuer(&[ISSUER]);
    rules.set_audience(&[AUDIENCE]);
    rules.set_required_spec_claims(&["iss", "aud", "exp", "sub"]);
    let claims = decode::<Claims>(token, &key, &rules)?.claims;
    if !claims.permissions.iter().any(|held| held == PERMISSION) {
        return Err(format!("needs {PERMISSION}").into());
    }
    Ok(claims)
}

/// Keys are fetched after five minutes or for an unknown one, once a minute at most, and are good for an hour.
async fn key(id: &str) -> Result<DecodingKey, Box<dyn std::error::Error + Send + Sync>> {
    static KEPT: Mutex<([Option<Instant>; 2], JwkSet)> = Mutex::const_new(([None; 2], JwkSet { keys: vec![] }));
    let ([asked, answered], keys) = &mut *KEPT.lock().await;
    let is_past = |at: Option<Instant>, time: u64| at.is_none_or(|at| at.elapsed().as_secs() > time);
    if is_past(*asked, 60) && (is_past(*answered, 300) || keys.find(id).is_none()) {
        let request = reqwest::Client::new().get(format!("{ISSUER}/.well-known/jwks.json"));
        let answer = request.timeout(Duration::from_secs(5)).send().await;
        let fresh = async { answer?.error_for_status()?.json::<JwkSet>().await }.await;
        *asked = Some(Instant::now());
        (*answered, *keys) = fresh.map_or((*answered, keys.clone()), |fresh| (*asked, fresh));
    }
    let key = keys.find(id).filter(|_| !is_past(*answered, 3600)).ok_or("an unknown key")?;
    Ok(DecodingKey::from_jwk(key)?)
}
