//! What keeps forms ours: a token bound to the browser's cookie, and what the browser says about where the request began.

use crate::base::secret::equal;
use crate::server::Server;
use actix_web::HttpRequest;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// The token for a form that belongs to a cookie's value. Derived, so nothing is stored and nothing can be guessed.
pub fn token(server: &Server, cookie: &str) -> String {
    URL_SAFE_NO_PAD.encode(server.ground.sealer.mac("form", &[cookie.as_bytes()]))
}

/// Whether a form is ours: begun on our own pages, with the token of this browser's cookie.
///
/// Our pages send no referrer, so browsers post them with `Origin: null`; `Sec-Fetch-Site` then tells where they began, and
/// where a browser sends neither the token alone must do.
pub fn accepts(server: &Server, request: &HttpRequest, cookie: &str, sent: Option<&str>) -> bool {
    let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
    let site = header("sec-fetch-site").is_none_or(|site| matches!(site, "same-origin" | "none"));
    let origin = header("origin").is_none_or(|origin| origin == "null" || origin == server.issuer());
    site && origin && sent.is_some_and(|sent| equal(sent.as_bytes(), token(server, cookie).as_bytes()))
}

/// Whether another site made the browser post this: its cookies must neither be used nor changed.
pub fn is_cross_site(request: &HttpRequest) -> bool {
    request.headers().get("sec-fetch-site").is_some_and(|site| site == "cross-site")
}
