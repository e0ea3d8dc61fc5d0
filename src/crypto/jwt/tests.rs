use super::*;
use openidconnect::core::{CoreJsonWebKey, CoreJwsSigningAlgorithm};
use openidconnect::{JsonWebKey, JsonWebKeyId};
use serde_json::{Value, json};
use std::sync::LazyLock;

/// One key for each algorithm, in the order of `Algorithm::ALL`.
static KEYS: LazyLock<Vec<SigningKey>> = LazyLock::new(|| Algorithm::ALL.iter().map(|alg| SigningKey::generate(*alg).unwrap()).collect());

fn key(algorithm: Algorithm) -> &'static SigningKey {
    KEYS.iter().find(|key| key.algorithm() == algorithm).unwrap()
}

fn verifying() -> Vec<VerifyingKey> {
    KEYS.iter().map(|key| VerifyingKey::from_jwk(&key.public_jwk()).unwrap()).collect()
}

const NOW: i64 = 1_800_000_000;
const AUDIENCE: &[&str] = &["https://app.example", "https://other.example"];

fn rules() -> Rules<'static> {
    let (now, leeway) = (Timestamp::from_seconds(NOW), Duration::from_secs(5));
    Rules { typ: Type::Is("at+jwt"), issuer: Some("https://id.example"), audience: Some(AUDIENCE), expiry: Expiry::Required, now, leeway }
}

fn claims() -> Value {
    json!({"iss": "https://id.example", "aud": "https://app.example", "exp": NOW + 60, "nbf": NOW, "sub": "ana"})
}

fn part(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

/// A token with any header, signed by `key` over exactly that.
fn forge(key: &SigningKey, header: &Value, claims: &Value) -> String {
    let signed = format!("{}.{}", part(header), part(claims));
    let signature = key.signature(signed.as_bytes()).unwrap();
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}

fn error(token: &str, rules: &Rules<'_>) -> Option<TokenError> {
    verify::<Value>(token, &verifying(), rules).err()
}

#[test]
fn what_each_algorithm_signs_verifies_with_three_libraries() {
    let keys = verifying();
    for signing in KEYS.iter() {
        let token = signing.sign("at+jwt", &claims()).unwrap();
        assert_eq!(verify::<Value>(&token, &keys, &rules()).unwrap()["sub"], "ana");
        let header = Header::peek(&token).unwrap();
        assert_eq!((header.alg.as_str(), header.kid.as_deref(), header.typ.as_deref()), (signing.algorithm().as_str(), Some(signing.kid()), Some("at+jwt")));

        // The JWT library's own way from the published JSON.
        let json = serde_json::to_string(&signing.public_jwk()).unwrap();
        let jwk: jsonwebtoken::jwk::Jwk = serde_json::from_str(&json).unwrap();
        let algorithm: jsonwebtoken::Algorithm = signing.algorithm().as_str().parse().unwrap();
        let mut validation = jsonwebtoken::Validation::new(algorithm);
        (validation.validate_aud, validation.validate_exp) = (false, false);
        let decoded = jsonwebtoken::decode::<Value>(&token, &DecodingKey::from_jwk(&jwk).unwrap(), &validation).unwrap();
        assert_eq!(decoded.claims["sub"], "ana");
        assert_eq!(jwk.thumbprint(jsonwebtoken::jwk::ThumbprintHash::SHA256).unwrap(), signing.kid());

        // And the OpenID Connect library's.
        let theirs: CoreJsonWebKey = serde_json::from_str(&json).unwrap();
        assert_eq!(theirs.key_id(), Some(&JsonWebKeyId::new(signing.kid().to_owned())));
        let algorithm: CoreJwsSigningAlgorithm = serde_json::from_value(json!(signing.algorithm())).unwrap();
        let parts = Parts::of(&token).unwrap();
        let signature = URL_SAFE_NO_PAD.decode(parts.signature).unwrap();
        theirs.verify_signature(&algorithm, parts.signed.as_bytes(), &signature).unwrap();
        let hash = theirs.hash_bytes(token.as_bytes(), &algorithm).unwrap();
        assert_eq!(at_hash(signing.algorithm(), &token), URL_SAFE_NO_PAD.encode(&hash[..hash.len() / 2]));
    }
}

#[test]
fn a_stored_key_is_the_same_key() {
    for signing in KEYS.iter() {
        let pkcs8 = signing.to_pkcs8().unwrap();
        let again = SigningKey::from_pkcs8(signing.algorithm(), signing.kid(), pkcs8.expose()).unwrap();
        assert_eq!(again.public_jwk(), signing.public_jwk());
        let token = again.sign("at+jwt", &claims()).unwrap();
        assert!(verify::<Value>(&token, &verifying(), &rules()).is_ok());
        assert_eq!(SigningKey::from_pkcs8(signing.algorithm(), "another", pkcs8.expose()).err(), Some(KeyError::Name));
        let half = &pkcs8.expose()[..pkcs8.expose().len() / 2];
        assert_eq!(SigningKey::from_pkcs8(signing.algorithm(), signing.kid(), half).err(), Some(KeyError::Malformed));
        assert!(!format!("{signing:?}").contains("pair"));
    }
    let ed = key(Algorithm::EdDsa).to_pkcs8().unwrap();
    assert_eq!(SigningKey::from_pkcs8(Algorithm::Es256, key(Algorithm::EdDsa).kid(), ed.expose()).err(), Some(KeyError::Malformed));
}

#[test]
fn the_published_key_has_the_members_and_no_more() {
    let members = |alg| {
        let Value::Object(jwk) = serde_json::to_value(key(alg).public_jwk()).unwrap() else { panic!("an object") };
        assert_eq!((jwk["use"].as_str(), jwk["alg"].as_str(), jwk["kid"].as_str()), (Some("sig"), Some(alg.as_str()), Some(key(alg).kid())));
        let mut names: Vec<String> = jwk.keys().cloned().collect();
        names.sort();
        names.join(" ")
    };
    assert_eq!(members(Algorithm::Rs256), "alg e kid kty n use");
    assert_eq!(members(Algorithm::Ps256), "alg e kid kty n use");
    assert_eq!(members(Algorithm::Es256), "alg crv kid kty use x y");
    assert_eq!(members(Algorithm::EdDsa), "alg crv kid kty use x");
}

#[test]
fn thumbprints_are_those_of_the_standards() {
    // RFC 7638 section 3.1.
    let n = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";
    let jwk: PublicJwk = serde_json::from_value(json!({"kty": "RSA", "n": n, "e": "AQAB", "alg": "RS256", "kid": "2011-04-29"})).unwrap();
    assert_eq!(jwk.thumbprint(), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    // RFC 8037 appendix A.3.
    let jwk: PublicJwk = serde_json::from_value(json!({"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})).unwrap();
    assert_eq!(jwk.thumbprint(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
}

#[test]
fn the_header_never_chooses_the_algorithm() {
    let rsa = key(Algorithm::Rs256);
    let header = |alg: &str| json!({"alg": alg, "kid": rsa.kid(), "typ": "at+jwt"});
    // HS256 with the public key as the secret, in each form an implementation might use.
    let jwk = serde_json::to_string(&rsa.public_jwk()).unwrap();
    for secret in [jwk.as_bytes(), rsa.kid().as_bytes(), b""] {
        let signed = format!("{}.{}", part(&header("HS256")), part(&claims()));
        let tag = aws_lc_rs::hmac::sign(&aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, secret), signed.as_bytes());
        assert_eq!(error(&format!("{signed}.{}", URL_SAFE_NO_PAD.encode(tag)), &rules()), Some(TokenError::Algorithm));
    }
    for alg in ["none", "None", "NONE", "", "rs256", "RS384", "ES384", "HS512"] {
        let unsigned = format!("{}.{}.", part(&header(alg)), part(&claims()));
        assert_eq!(error(&unsigned, &rules()), Some(TokenError::Algorithm), "{alg}");
        assert_eq!(error(&forge(rsa, &header(alg), &claims()), &rules()), Some(TokenError::Algorithm), "{alg}");
    }
    // A right signature under a name of another algorithm.
    for alg in ["PS256", "ES256", "EdDSA"] {
        assert_eq!(error(&forge(rsa, &header(alg), &claims()), &rules()), Some(TokenError::Algorithm), "{alg}");
    }
    // Without a name the algorithm picks among our keys; the signature must still be right.
    let nameless = json!({"alg": "PS256", "typ": "at+jwt"});
    assert_eq!(error(&forge(rsa, &nameless, &claims()), &rules()), Some(TokenError::Signature));
    assert_eq!(error(&forge(key(Algorithm::Ps256), &nameless, &claims()), &rules()), None);
}

#[test]
fn a_key_is_taken_only_from_those_we_know() {
    let stranger = SigningKey::generate(Algorithm::Es256).unwrap();
    assert_eq!(error(&stranger.sign("at+jwt", &claims()).unwrap(), &rules()), Some(TokenError::UnknownKey));
    let header = json!({"alg": "ES256", "kid": key(Algorithm::Es256).kid(), "typ": "at+jwt", "jwk": stranger.public_jwk()});
    let token = forge(&stranger, &header, &claims());
    assert_eq!(error(&token, &rules()), Some(TokenError::Signature), "the key in the header is not asked");
    assert_eq!(Header::peek(&token).unwrap().embedded_key(), Some(Ok(stranger.public_jwk())));
    assert_eq!(verify::<Value>(&token, &[], &rules()).err(), Some(TokenError::UnknownKey));
    let leaking = json!({"alg": "ES256", "jwk": {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo", "d": "AA"}});
    assert_eq!(Header::peek(&forge(&stranger, &leaking, &claims())).unwrap().embedded_key(), Some(Err(KeyError::Private)));
}

#[test]
fn tampered_and_hostile_tokens_are_refused() {
    let signing = key(Algorithm::Es256);
    let token = signing.sign("at+jwt", &claims()).unwrap();
    let parts = Parts::of(&token).unwrap();
    let other = part(&json!({"iss": "https://id.example", "aud": "https://app.example", "exp": NOW + 60, "sub": "eve"}));
    for (hostile, expected) in [
        (format!("{}.{other}.{}", parts.header, parts.signature), TokenError::Signature),
        (format!("{}.{}.", parts.header, parts.claims), TokenError::Signature),
        (format!("{}.{}.{}", parts.header, parts.claims, "A".repeat(86)), TokenError::Signature),
        (format!("{token}="), TokenError::Signature),
        (format!("{token}.{}", parts.signature), TokenError::Malformed),
        (format!("{}.{}", parts.header, parts.claims), TokenError::Malformed),
        (format!(" {token}"), TokenError::Malformed),
        (String::new(), TokenError::Malformed),
        ("..".into(), TokenError::Malformed),
        (format!("{}{}", token, "A".repeat(MAX_TOKEN_BYTES)), TokenError::TooLong),
    ] {
        assert_eq!(error(&hostile, &rules()), Some(expected), "{hostile:.60}");
    }
    let header = |extra: &str| format!(r#"{{"alg":"ES256","kid":"{}","typ":"at+jwt"{extra}}}"#, signing.kid());
    let raw = |header: &str, claims: &str| {
        let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signing.signature(signed.as_bytes()).unwrap()))
    };
    let good = claims().to_string();
    assert_eq!(error(&raw(&header(""), &good), &rules()), None);
    for crit in [r#","crit":["b64"],"b64":false"#, r#","crit":[]"#, r#","crit":null"#] {
        assert_eq!(error(&raw(&header(crit), &good), &rules()), Some(TokenError::Critical), "{crit}");
    }
    assert_eq!(error(&raw(&header(r#","alg":"none""#), &good), &rules()), Some(TokenError::Malformed));
    let twice = good.replacen('{', r#"{"exp":99999999999,"#, 1);
    assert_eq!(error(&raw(&header(""), &twice), &rules()), Some(TokenError::Malformed));
    let deep = format!("{}{}", "[".repeat(6000), "]".repeat(6000));
    assert_eq!(error(&raw(&header(""), &deep), &rules()), Some(TokenError::Malformed));
    let long = signing.sign("at+jwt", &json!({"pad": "x".repeat(MAX_TOKEN_BYTES)})).unwrap();
    assert_eq!(error(&long, &rules()), Some(TokenError::TooLong));
}

#[test]
fn a_token_serves_its_own_purpose_only() {
    let signed = |typ: &str| key(Algorithm::EdDsa).sign(typ, &claims()).unwrap();
    for (typ, expected) in [("at+jwt", None), ("AT+JWT", None), ("application/at+jwt", None)] {
        assert_eq!(error(&signed(typ), &rules()), expected, "{typ}");
    }
    for typ in ["JWT", "logout+jwt", "", "application/", "xat+jwt", "\u{e4}pplication/at+jwt"] {
        assert_eq!(error(&signed(typ), &rules()), Some(TokenError::Type), "{typ}");
    }
    let untyped = forge(key(Algorithm::EdDsa), &json!({"alg": "EdDSA"}), &claims());
    assert_eq!(error(&untyped, &rules()), Some(TokenError::Type));
    let lenient = Rules { typ: Type::AbsentOr(&["JWT"]), ..rules() };
    assert_eq!((error(&untyped, &lenient), error(&signed("jwt"), &lenient)), (None, None));
    assert_eq!(error(&signed("at+jwt"), &lenient), Some(TokenError::Type));
}

#[test]
fn claims_are_judged_at_the_given_instant() {
    let with = |name: &str, value: Value| {
        let mut claims = claims();
        claims[name] = value;
        key(Algorithm::EdDsa).sign("at+jwt", &claims).unwrap()
    };
    let check = |name, value, expected| assert_eq!(error(&with(name, value), &rules()), expected, "{name}");
    check("iss", json!("https://id.example/"), Some(TokenError::Issuer));
    check("iss", json!(null), Some(TokenError::Issuer));
    check("iss", json!(["https://id.example"]), Some(TokenError::Malformed));
    check("aud", json!(["x", "https://other.example"]), None);
    check("aud", json!([]), Some(TokenError::Audience));
    check("aud", json!("https://app.example.evil.example"), Some(TokenError::Audience));
    check("aud", json!({"a": 1}), Some(TokenError::Malformed));
    check("exp", json!(NOW - 4), None);
    check("exp", json!(NOW - 5), Some(TokenError::Expired));
    check("exp", json!(1_799_999_995.5), None);
    check("exp", json!(-1), Some(TokenError::Expired));
    check("exp", json!("soon"), Some(TokenError::Malformed));
    check("exp", json!(null), Some(TokenError::Endless));
    check("nbf", json!(NOW + 5), None);
    check("nbf", json!(NOW + 6), Some(TokenError::Early));
    let expired = with("exp", json!(NOW - 1000));
    assert_eq!(error(&expired, &Rules { expiry: Expiry::Ignored, ..rules() }), None);
    assert_eq!(error(&expired, &Rules { expiry: Expiry::WhenPresent, ..rules() }), Some(TokenError::Expired));
    assert_eq!(error(&with("exp", json!(null)), &Rules { expiry: Expiry::WhenPresent, ..rules() }), None);
    assert_eq!(error(&expired, &Rules { audience: Some(&[]), ..rules() }), Some(TokenError::Audience));
}

#[test]
fn unsafe_public_keys_are_refused() {
    let base = |alg| serde_json::to_value(key(alg).public_jwk()).unwrap();
    let with = |alg, name: &str, value: Value| {
        let mut jwk = base(alg);
        jwk[name] = value;
        serde_json::from_value::<PublicJwk>(jwk).map_err(|error| error.to_string())
    };
    let (rsa, ec, ed) = (Algorithm::Rs256, Algorithm::Es256, Algorithm::EdDsa);
    let n = URL_SAFE_NO_PAD.decode(base(rsa)["n"].as_str().unwrap()).unwrap();
    let short = URL_SAFE_NO_PAD.encode(&n[128..]);
    let padded = URL_SAFE_NO_PAD.encode([&[0], n.as_slice()].concat());
    for (jwk, expected) in [
        (with(rsa, "d", json!("AA")), KeyError::Private),
        (with(ec, "d", json!(7)), KeyError::Private),
        (with(rsa, "n", json!(short)), KeyError::Unsafe),
        (with(rsa, "n", json!(padded)), KeyError::Unsafe),
        (with(rsa, "n", json!("A".repeat(4000))), KeyError::Malformed),
        (with(rsa, "n", json!("")), KeyError::Unsafe),
        (with(rsa, "e", json!("AQ")), KeyError::Unsafe),
        (with(rsa, "e", json!("Ag")), KeyError::Unsafe),
        (with(rsa, "e", json!(null)), KeyError::Malformed),
        (with(rsa, "alg", json!("ES256")), KeyError::Algorithm),
        (with(rsa, "alg", json!("RSA-OAEP")), KeyError::Algorithm),
        (with(rsa, "use", json!("enc")), KeyError::Use),
        (with(rsa, "key_ops", json!(["sign"])), KeyError::Use),
        (with(rsa, "kty", json!("oct")), KeyError::Kind),
        (with(ec, "y", base(ec)["x"].clone()), KeyError::Unsafe),
        (with(ec, "x", json!("AA")), KeyError::Malformed),
        (with(ec, "crv", json!("P-384")), KeyError::Kind),
        (with(ed, "x", json!("AA")), KeyError::Malformed),
        (with(ed, "crv", json!("X25519")), KeyError::Kind),
    ] {
        assert_eq!(jwk, Err(expected.to_string()));
    }
    assert!(with(rsa, "key_ops", json!(["verify"])).is_ok());
    // An RSA key without `alg` fits two algorithms: whoever registered it has to say which.
    let open = with(rsa, "alg", json!(null)).unwrap();
    assert_eq!(VerifyingKey::from_jwk(&open).err(), Some(KeyError::Algorithm));
    assert_eq!(VerifyingKey::for_algorithm(&open, Algorithm::Ps256).unwrap().algorithm(), Algorithm::Ps256);
    assert_eq!(VerifyingKey::for_algorithm(&open, Algorithm::Es256).err(), Some(KeyError::Algorithm));
    assert_eq!(VerifyingKey::for_algorithm(&key(rsa).public_jwk(), Algorithm::Ps256).err(), Some(KeyError::Algorithm));
    let curve = with(ec, "alg", json!(null)).unwrap();
    assert_eq!(VerifyingKey::from_jwk(&curve).unwrap().algorithm(), Algorithm::Es256);
}

#[test]
fn the_hash_of_an_access_token_is_that_of_the_standard() {
    // OpenID Connect Core appendix A.3 and A.4.
    assert_eq!(at_hash(Algorithm::Rs256, "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y"), "77QmUPtjPfzWtF2AnpK9RQ");
    assert_eq!(at_hash(Algorithm::EdDsa, "").len(), 43);
}
