use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use std::time::Instant;
use tokio::sync::Mutex;

const ISSUER: &str = "https://id.example.org";
const AUDIENCE: &str = "https://id.example.org/apps/orders/production";
const PERMISSION: &str = "approve";

type Error = Box<dyn std::error::Error + Send + Sync>;

#[derive(Debug, serde::Deserialize)]
pub struct Claims {
    pub sub: String,
    #[serde(default)] // a list that is not there gives nothing
    pub permissions: Vec<String>,
}

/// Checks an access token, and that whoever it stands for holds the permission.
pub async fn verify(token: &str) -> Result<Claims, Error> {
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

/// The keys are kept; a token that names a new one has them fetched again, once a minute at most.
async fn key(id: &str) -> Result<DecodingKey, Error> {
    static KEPT: Mutex<Option<(Instant, JwkSet)>> = Mutex::const_new(None);
    let mut kept = KEPT.lock().await;
    if kept.as_ref().is_none_or(|(at, keys)| keys.find(id).is_none() && at.elapsed().as_secs() > 60) {
        let answer = reqwest::get(format!("{ISSUER}/.well-known/jwks.json")).await?.error_for_status()?;
        *kept = Some((Instant::now(), answer.json().await?));
    }
    let key = kept.as_ref().and_then(|(_, keys)| keys.find(id)).ok_or("an unknown key")?;
    Ok(DecodingKey::from_jwk(key)?)
}
