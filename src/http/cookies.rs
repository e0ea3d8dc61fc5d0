//! Cookies: host-only, unreadable by scripts. On https they are secure, and their names carry the prefix that makes browsers hold
//! to it; on this machine's own http they are neither, for some browsers keep no secure cookie there.

use crate::server::Server;
use actix_web::HttpRequest;
use actix_web::cookie::time::Duration as CookieDuration;
use actix_web::cookie::{Cookie, SameSite};
use std::time::Duration;

/// The name of a cookie as the browser knows it.
fn name(server: &Server, name: &str) -> String {
    if server.config.server.public_url.is_https() { format!("__Host-{name}") } else { name.to_owned() }
}

/// The value of one of our cookies; `None` when it is absent, or longer than anything we set.
pub fn read(server: &Server, request: &HttpRequest, cookie: &str) -> Option<String> {
    let value = request.cookie(&name(server, cookie))?.value().to_owned();
    (!value.is_empty() && value.len() <= 4_000).then_some(value)
}

/// A cookie that lives for `life`.
pub fn set(server: &Server, cookie: &str, value: &str, life: Duration) -> Cookie<'static> {
    build(server, cookie, value.to_owned(), CookieDuration::try_from(life).unwrap_or(CookieDuration::HOUR))
}

/// The end of a cookie.
pub fn clear(server: &Server, cookie: &str) -> Cookie<'static> {
    build(server, cookie, String::new(), CookieDuration::ZERO)
}

fn build(server: &Server, cookie: &str, value: String, life: CookieDuration) -> Cookie<'static> {
    let secure = server.config.server.public_url.is_https();
    Cookie::build(name(server, cookie), value).path("/").secure(secure).http_only(true).same_site(SameSite::Lax).max_age(life).finish()
}
