use super::*;
use std::time::Instant;

fn secret(text: &str) -> Secret<String> {
    Secret::new(text.to_owned())
}

#[tokio::test]
async fn a_password_is_right_and_every_other_is_wrong() {
    let passwords = Passwords::new(2);
    let hash = passwords.hash(&secret("correct horse")).await.unwrap();
    assert!(hash.expose().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "the defaults of OWASP");
    assert_eq!(passwords.verify(&secret("correct horse"), Some(&hash)).await.unwrap(), Verified::Right { rehash: false });
    for wrong in ["correct hors", "Correct horse", "", "correct horse "] {
        assert_eq!(passwords.verify(&secret(wrong), Some(&hash)).await.unwrap(), Verified::Wrong, "{wrong:?}");
    }
    let again = passwords.hash(&secret("correct horse")).await.unwrap();
    assert_ne!(hash.expose(), again.expose(), "each hash has its own salt");
    assert_eq!(PasswordHash::parse(hash.expose()).unwrap().expose(), hash.expose());
    assert_eq!(format!("{hash:?}"), "(password hash)");
}

#[tokio::test]
async fn two_keyboards_type_one_password() {
    let passwords = Passwords::new(2);
    // U+00FC against u + U+0308, a no-break space against a blank.
    let hash = passwords.hash(&secret("gr\u{fc}n\u{a0}wie gras")).await.unwrap();
    assert_eq!(passwords.verify(&secret("gru\u{308}n wie gras"), Some(&hash)).await.unwrap(), Verified::Right { rehash: false });
    // No compatibility folding: that would make different passwords equal.
    assert_eq!(passwords.verify(&secret("gr\u{fc}n wie gra\u{17f}"), Some(&hash)).await.unwrap(), Verified::Wrong);
}

#[tokio::test]
async fn nobody_takes_as_long_as_somebody() {
    let passwords = Passwords::new(1);
    let hash = passwords.hash(&secret("correct horse")).await.unwrap();
    let mut fastest = [Duration::MAX; 2];
    // On a machine that does other things meanwhile five of each may not be enough to see how fast both can be.
    for round in 0..50 {
        if round >= 5 && fastest[1] * 2 > fastest[0] {
            break;
        }
        for (who, stored) in [Some(&hash), None].into_iter().enumerate() {
            let start = Instant::now();
            assert_eq!(passwords.verify(&secret("wrong"), stored).await.unwrap(), Verified::Wrong);
            fastest[who] = fastest[who].min(start.elapsed());
        }
    }
    assert!(fastest[1] * 2 > fastest[0], "{fastest:?}: without work nobody would answer a thousand times faster");
}

#[tokio::test]
async fn another_systems_hash_works_and_asks_for_ours() {
    // RFC 9106 has no test vector without key and data; this one is of the argon2 reference implementation (test.c, argon2id, v=19).
    let foreign = PasswordHash::parse("$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4").unwrap();
    let passwords = Passwords::new(1);
    assert_eq!(passwords.verify(&secret("password"), Some(&foreign)).await.unwrap(), Verified::Right { rehash: true });
    assert_eq!(passwords.verify(&secret("passwort"), Some(&foreign)).await.unwrap(), Verified::Wrong);
}

#[tokio::test]
async fn hostile_hashes_are_refused_before_any_work() {
    use PasswordHashError::{Algorithm, Keyed, Malformed, TooExpensive, TooShort};
    let with = |middle: &str| format!("$argon2id${middle}$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4");
    for (text, error) in [
        (with("v=19$m=262145,t=2,p=1"), TooExpensive),
        (with("v=19$m=4294967295,t=2,p=1"), TooExpensive),
        (with("v=19$m=19456,t=17,p=1"), TooExpensive),
        (with("v=19$m=19456,t=2,p=17"), TooExpensive),
        (with("v=19$m=4294967296,t=2,p=1"), Malformed),
        (with("v=19$m=19456,t=0,p=1"), Malformed),
        (with("v=18$m=19456,t=2,p=1"), Malformed),
        (with("m=19456,t=2,p=1"), Malformed),
        (with("v=19$m=19456,t=2,p=1,keyid=Zm9v"), Keyed),
        ("$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uI".into(), TooShort),
        ("$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ".into(), Malformed),
        ("$argon2id$".into(), Malformed),
        (format!("$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ${}", "A".repeat(1000)), Malformed),
        (with("v=19$m=256,t=2,p=1").replace("argon2id", "argon2i"), Algorithm),
        ("$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW".into(), Algorithm),
        ("password".into(), Algorithm),
        (String::new(), Algorithm),
    ] {
        assert_eq!(PasswordHash::parse(&text).err(), Some(error), "{text}");
    }
    // What reached the database by another way is judged again.
    let smuggled = PasswordHash(with("v=19$m=4294967295,t=2,p=1"));
    assert!(matches!(Passwords::new(1).verify(&secret("password"), Some(&smuggled)).await, Err(PasswordError::Fault(_))));
}

#[tokio::test]
async fn endless_passwords_cost_nothing() {
    let passwords = Passwords::new(1);
    let endless = secret(&"x".repeat(1_000_000));
    assert!(matches!(passwords.hash(&endless).await, Err(PasswordError::TooLong)));
    assert!(matches!(passwords.hash(&secret(&"x".repeat(1025))).await, Err(PasswordError::TooLong)));
    assert_eq!(passwords.verify(&endless, None).await.unwrap(), Verified::Wrong);
    assert!(passwords.hash(&secret(&"x".repeat(1024))).await.is_ok());
}

#[tokio::test]
async fn who_finds_the_line_full_is_told_at_once() {
    let passwords = Passwords::with(1, 1, LINGER);
    let (password, pool) = (secret("correct horse"), &passwords);
    let (a, b, c) = tokio::join!(pool.hash(&password), pool.hash(&password), pool.hash(&password));
    assert!(a.is_ok() && b.is_ok());
    assert!(matches!(c, Err(PasswordError::Busy)));
    assert!(passwords.hash(&password).await.is_ok(), "the line moves on");
}

#[tokio::test]
async fn a_caller_who_leaves_gives_its_place_back() {
    let passwords = Passwords::with(1, 1, LINGER);
    let password = secret("correct horse");
    for _ in 0..4 {
        let _ = tokio::time::timeout(Duration::from_millis(1), passwords.hash(&password)).await;
    }
    let done = tokio::time::timeout(Duration::from_mins(2), async {
        while passwords.pool.line.available_permits() < 2 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    });
    assert!(done.await.is_ok());
}

#[tokio::test]
async fn memory_is_shared_while_busy_and_gone_when_idle() {
    let passwords = Passwords::with(2, 64, Duration::from_secs(2));
    let password = secret("correct horse");
    let many = futures_util::future::join_all((0..8).map(|_| passwords.hash(&password))).await;
    assert!(many.iter().all(Result::is_ok));
    assert!((1..=2).contains(&passwords.pool.spare().len()), "one piece for each of those at work");
    let gone = tokio::time::timeout(Duration::from_mins(2), async {
        while !passwords.pool.spare().is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    });
    assert!(gone.await.is_ok());
}

#[tokio::test]
async fn the_policy_wants_length_and_surprise() {
    use PasswordPolicyError::{Control, Guessable, Personal, TooLong, TooShort};
    let about = ["Ana Wyrzykowska", "a.wyrzykowska@quembly.example"];
    for (password, verdict) in [
        ("plum-cargo-window", Ok(())),
        ("Tr0ub4dour&3x", Ok(())),
        ("1234567", Err(TooShort)),
        ("e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}", Err(TooShort)),
        ("12345678", Err(Guessable)),
        ("password1", Err(Guessable)),
        ("qwertyuiop", Err(Guessable)),
        ("aaaaaaaaaaaa", Err(Guessable)),
        ("plum\u{0}cargo-window", Err(Control)),
        ("Wyrzykowska7", Err(Personal)),
        ("quembly26", Err(Personal)),
    ] {
        assert_eq!(judge(password, &about), verdict, "{password:?}");
    }
    assert_eq!(judge("Wyrzykowska7", &["Bo"]), Ok(()), "a good one for somebody else");
    let long: String = "plum-cargo-window ".chars().cycle().take(256).collect();
    assert_eq!(judge(&long, &about), Ok(()));
    assert_eq!(judge(&format!("{long}!"), &about), Err(TooLong));
    assert_eq!(judge(&"\u{1f600}".repeat(257), &about), Err(TooLong));
    assert_eq!(Passwords::new(1).judge(&secret("12345678"), vec![]).await.unwrap(), Err(Guessable));
}

#[test]
fn judging_a_hostile_password_stays_quick() {
    let words = vec!["4@8({[<369&#!1|$5+7%2"; 500];
    // A machine that does other things meanwhile may be slow once, and not every time.
    let mut took = Vec::new();
    while took.last().is_none_or(|took| *took >= Duration::from_secs(6)) {
        assert!(took.len() < 5, "{took:?}: without the cut it is a second for each of six");
        let start = Instant::now();
        for _ in 0..3 {
            let _ = judge(&"@4a@4a8b({[<c3e6g9!|i1l0o$5s+7t%x2z".repeat(7), &words);
        }
        took.push(start.elapsed());
    }
}
