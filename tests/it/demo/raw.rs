//! What machines read, shown as JSON: header and claims of each token as they were signed, and the answer of userinfo.

use super::{enable, tried};
use crate::support::house::{Backend, House, on_both};
use crate::support::page::Page;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use scraper::{Html, Selector};
use serde_json::Value;

on_both! {
    header_and_payload_are_those_of_the_token
}

/// The text of a block with its blanks; the block can be scrolled with the keyboard, and runs from left to right in every language.
fn block(page: &Page, id: &str) -> String {
    let selector = Selector::parse(&format!("details.raw pre#{id}[dir=\"ltr\"][tabindex=\"0\"]")).expect("a selector");
    let document = Html::parse_document(&page.body);
    let block = document.select(&selector).next().unwrap_or_else(|| panic!("no {id} in {}", page.body));
    block.text().collect()
}

/// The same, which is JSON over several lines.
fn json(page: &Page, id: &str) -> Value {
    let text = block(page, id);
    assert!(text.starts_with("{\n  \"") && text.ends_with("\n}"), "{id} is not indented: {text}");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{id}: {error} in {text}"))
}

/// What stands in a token between its dots.
fn part(token: &str, part: usize) -> Value {
    let text = token.split('.').nth(part).expect("a part");
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).expect("base64url")).expect("JSON")
}

async fn header_and_payload_are_those_of_the_token(backend: Backend) {
    let house = House::open(backend).await;
    enable(&house, "sales", "production").await;
    let page = tried(&house, "sales", "ana@acme.example").await;
    for (key, kind) in [("access", "at+jwt"), ("id", "JWT")] {
        let token = block(&page, &format!("{key}-raw"));
        let (header, payload) = (json(&page, &format!("{key}-header")), json(&page, &format!("{key}-payload")));
        assert_eq!((&header, &payload), (&part(&token, 0), &part(&token, 1)), "{key}");
        assert_eq!(header["typ"], kind);
        for name in ["alg", "kid"] {
            assert!(header[name].as_str().is_some_and(|value| !value.is_empty()), "no {name} in {header}");
        }
        assert_eq!(payload["iss"], house.issuer, "{payload}");
    }
    // Userinfo is an answer: nothing of it was signed.
    let token = block(&page, "access-raw");
    let asked = reqwest::Client::new().get(format!("{}/oauth2/userinfo", house.issuer)).bearer_auth(&token).send().await.expect("asked");
    let (shown, answer) = (json(&page, "userinfo-payload"), asked.json::<Value>().await.expect("JSON"));
    for name in ["sub", "email", "email_verified", "name", "groups"] {
        assert!(!answer[name].is_null() && shown[name] == answer[name], "{name}: {shown} is not {answer}");
    }
    assert!(page.element("userinfo-header").is_none() && page.element("userinfo-raw").is_none());
    for heading in ["As JSON, and as sent", "Header", "Payload", "The token as sent"] {
        assert!(page.text_contains(heading), "{heading}: {}", page.text());
    }
    house.close().await;
}
