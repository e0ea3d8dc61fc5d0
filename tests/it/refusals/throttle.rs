//! The brake on guessing: it slows down whoever guesses, for a while, and nobody else.

use super::{ANA, Ask, Desk, NORA, said};
use crate::support::house::{Backend, PASSWORD, on_both};
use gatehouse::base::time::{Clock, Timestamp};
use std::time::Duration;

on_both! {
    after_the_free_tries_even_the_right_password_waits
    guessing_slows_down_the_guesser_and_nobody_else
    only_a_trusted_proxy_says_who_the_caller_is
    codes_are_guessed_against_a_brake
}

/// A browser's attempt, by hand: who knocks from where.
struct Knock<'a> {
    desk: &'a Desk,
    cookie: String,
    csrf: String,
}

impl<'a> Knock<'a> {
    async fn begin(desk: &'a Desk) -> Self {
        let mut browser = desk.browser();
        let page = browser.get(&Ask::of("sales-public").path()).await;
        let csrf = page.form("/login").press("login-submit").1.into_iter().find(|(name, _)| name == "csrf").expect("a token").1;
        Self { desk, cookie: format!("attempt={}", browser.cookies.value("attempt").expect("a cookie")), csrf }
    }

    async fn on(&self, from: &str, email: &str, password: &str) -> super::Answer {
        let form = [("username", email), ("password", password), ("csrf", &self.csrf), ("action", "sign-in")];
        let request = self.desk.http.post(self.desk.url("/login")).header("Cookie", &self.cookie);
        let request = if from.is_empty() { request } else { request.header("X-Forwarded-For", from) };
        self.desk.send(request.form(&form)).await
    }
}

async fn after_the_free_tries_even_the_right_password_waits(backend: Backend) {
    let (desk, clock) = Desk::with_clock(backend, &[]).await;
    let door = Knock::begin(&desk).await;
    for n in 1..=6 {
        assert_eq!(door.on("", ANA, "wrong").await.status, 422, "try {n}");
    }
    let before = desk.kept().await;
    // Now the wait has begun: a second, then twice as long each time.
    for seconds in [1, 2, 4, 8] {
        for password in ["wrong", PASSWORD, "wrong"] {
            let answer = door.on("", ANA, password).await;
            assert_eq!((answer.status, answer.header("retry-after")), (429, Some(seconds.to_string().as_str())), "{seconds} {password}");
            super::assert_page("slow", &answer.headers, &answer.body);
            assert!(answer.body.contains("Too many tries. Please wait") && answer.header("set-cookie").is_none(), "{}", answer.body);
        }
        clock.advance(Duration::from_secs(seconds));
        // One try for each wait.
        assert_eq!(door.on("", ANA, "wrong").await.status, 422, "after {seconds} seconds");
    }
    assert_eq!(desk.kept().await, before);
    // What is counted is the address, however it is written.
    assert_eq!(door.on("", " ANA@Acme.Example", PASSWORD).await.status, 429);
    // Nobody else's, and an address that does not exist is slowed down alike.
    assert_eq!(door.on("", NORA, "wrong").await.status, 422);
    for _ in 1..=6 {
        assert_eq!(door.on("", "who@acme.example", "wrong").await.status, 422);
    }
    assert_eq!(door.on("", "who@acme.example", "wrong").await.status, 429);
    clock.advance(Duration::from_secs(16));
    assert_eq!(door.on("", ANA, PASSWORD).await.status, 303, "after the wait the right one is right");
    // And all is forgiven.
    for _ in 1..=6 {
        assert_eq!(door.on("", ANA, "wrong").await.status, 422);
    }
    assert_eq!(door.on("", ANA, "wrong").await.status, 429);
    clock.advance(Duration::from_secs(3_601));
    let door = Knock::begin(&desk).await;
    for _ in 1..=6 {
        assert_eq!(door.on("", ANA, "wrong").await.status, 422, "an hour later everything is forgotten");
    }
    desk.close().await;
}

fn from_proxies() -> [(&'static str, &'static str); 1] {
    [("server.trusted_proxies", "127.0.0.1,10.0.0.0/8")]
}

async fn guessing_slows_down_the_guesser_and_nobody_else(backend: Backend) {
    let clock = Clock::fixed(Timestamp::from_seconds(Clock::System.now().seconds()));
    let desk = Desk::open_with(backend, &from_proxies(), clock.clone()).await;
    let door = Knock::begin(&desk).await;
    for _ in 1..=6 {
        assert_eq!(door.on("192.0.2.1", ANA, "wrong").await.status, 422);
    }
    assert_eq!(door.on("192.0.2.1", ANA, PASSWORD).await.status, 429);
    assert_eq!(door.on("192.0.2.1", NORA, PASSWORD).await.status, 303, "another person at the same place");
    let door = Knock::begin(&desk).await;
    assert_eq!(door.on("192.0.2.2", ANA, PASSWORD).await.status, 303, "the person herself, from elsewhere");
    // Her signing in elsewhere does not free the guesser, who still waits.
    assert_eq!(door.on("192.0.2.1", ANA, PASSWORD).await.status, 429);
    // From many places: thirty tries on one address are free for all of them together.
    let mut free = 0;
    for n in 0..40 {
        match door.on(&format!("198.51.100.{n}"), ANA, "wrong").await.status {
            422 => free += 1,
            status => {
                assert_eq!(status, 429);
                break;
            }
        }
    }
    assert_eq!(free, 31);
    clock.advance(Duration::from_mins(1));
    assert_eq!(door.on("203.0.113.9", ANA, PASSWORD).await.status, 303);
    // From one place on many addresses: a hundred.
    let door = Knock::begin(&desk).await;
    let mut free = 0;
    for n in 0..120 {
        // A password of this length is nobody's and is not hashed: that makes this quick, and counts all the same.
        match door.on("192.0.2.77", &format!("nobody-{n}@acme.example"), &"x".repeat(5_000)).await.status {
            422 => free += 1,
            status => {
                assert_eq!(status, 429);
                break;
            }
        }
    }
    assert_eq!(free, 101);
    assert_eq!(door.on("192.0.2.78", "nobody@acme.example", "x").await.status, 422);
    desk.close().await;
}

async fn only_a_trusted_proxy_says_who_the_caller_is(backend: Backend) {
    // Nobody is trusted: the header is noise.
    let (desk, _) = Desk::with_clock(backend, &[]).await;
    let door = Knock::begin(&desk).await;
    for n in 1..=6 {
        assert_eq!(door.on(&format!("192.0.2.{n}"), ANA, "wrong").await.status, 422);
    }
    assert_eq!(door.on("192.0.2.99", ANA, PASSWORD).await.status, 429);
    desk.close().await;

    // The rightmost hop that is no proxy of ours counts; what stands left of it anybody could write.
    let desk = Desk::open_with(backend, &from_proxies(), Clock::fixed(Clock::System.now())).await;
    let door = Knock::begin(&desk).await;
    for n in 1..=6 {
        let hops = format!("203.0.113.{n}, 192.0.2.1, 10.1.2.3");
        assert_eq!(door.on(&hops, ANA, "wrong").await.status, 422);
    }
    for same in ["192.0.2.1", "203.0.113.77,192.0.2.1", "192.0.2.1,10.9.9.9 , 10.1.1.1", "nonsense, 192.0.2.1", "::ffff:192.0.2.1"] {
        assert_eq!(door.on(same, ANA, PASSWORD).await.status, 429, "{same}");
    }
    for other in ["192.0.2.1, 192.0.2.2", "10.1.2.3", "2001:db8::1", "nonsense"] {
        assert_eq!(door.on(other, ANA, "wrong").await.status, 422, "{other}");
    }
    desk.close().await;
}

async fn codes_are_guessed_against_a_brake(backend: Backend) {
    let (desk, clock) = Desk::with_clock(backend, &[]).await;
    desk.house.invite("bo@acme.example --role sales/production/viewer").await.expect("invited");
    let letter = desk.house.letters("bo@acme.example", 1).await.remove(0);
    let code = letter.text.lines().map(str::trim).find(|line| line.len() == 6 && line.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()));
    let code = code.expect("a code in the letter");
    let mut browser = desk.browser();
    let page = browser.get("/invitations/code").await;
    let mut enter =
        async |email: &str, code: &str| browser.submit_once(&page.form("/invitations/code").fill("email", email).fill("code", code), "invitation-open").await;
    let before = desk.kept().await;
    for _ in 1..=6 {
        assert_eq!(enter("bo@acme.example", "ZZZZZZ").await.status, 422);
    }
    let slow = enter("bo@acme.example", code).await;
    assert_eq!((slow.status.as_u16(), slow.header("retry-after")), (429, Some("1")));
    super::assert_page("slow", &slow.headers, &slow.body);
    // Nobody learns who is invited: an address that is not slows down alike, and so does the address of somebody who is here.
    for email in ["who@acme.example", ANA] {
        for _ in 1..=6 {
            assert_eq!(enter(email, code).await.status, 422);
        }
        assert_eq!(enter(email, code).await.status, 429);
    }
    for (email, code) in [("", ""), ("bo", code), ("<script>@acme.example", "<script>alert(1)</script>"), ("x@acme.example", &"Z".repeat(10_000))] {
        let answer = enter(email, code).await;
        assert!(answer.status == 422 && !answer.body.contains("<script>alert"), "{email}: {}", answer.status);
    }
    assert_eq!(desk.kept().await, before);
    clock.advance(Duration::from_secs(1));
    let right = enter("BO@acme.example", code).await;
    assert_eq!((right.status.as_u16(), right.header("location")), (303, Some("/invitations/accept")), "guessing destroyed nothing");
    assert!(said(&right.url, "code").is_none());
    desk.close().await;
}
