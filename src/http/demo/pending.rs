//! What the demo app keeps in the browser while somebody signs in: nothing is stored on the server.

use crate::base::fault::Fault;
use crate::base::text::Slug;
use crate::http::cookies;
use crate::http::visit::Visit;
use crate::server::Server;
use actix_web::cookie::Cookie;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use moka::future::Cache;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// The cookie, before any prefix.
const COOKIE: &str = "try";
const LIFE: Duration = Duration::from_mins(15);

/// A sign-in on its way.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    /// The key of the app.
    pub app: String,
    /// The key of the stage.
    pub stage: String,
    /// What the answer must bring back.
    pub state: String,
    /// What the ID token must bring back.
    pub nonce: String,
    /// The secret of PKCE (RFC 7636).
    pub verifier: String,
}

impl Pending {
    fn value(&self, server: &Server) -> Result<String, Fault> {
        let json = URL_SAFE_NO_PAD.encode(serde_json::to_vec(self)?);
        let mac = URL_SAFE_NO_PAD.encode(server.ground.sealer.mac(COOKIE, &[json.as_bytes()]));
        Ok(format!("{json}.{mac}"))
    }

    /// The cookie that keeps it.
    pub fn keep(&self, visit: &Visit) -> Result<Cookie<'static>, Fault> {
        Ok(cookies::set(&visit.server, COOKIE, &self.value(&visit.server)?, LIFE))
    }

    /// What was kept; `None` when there is nothing of ours.
    pub fn read(visit: &Visit) -> Option<Self> {
        let cookie = cookies::read(&visit.server, &visit.request, COOKIE)?;
        let (json, mac) = cookie.split_once('.')?;
        let mac = URL_SAFE_NO_PAD.decode(mac).ok()?;
        if !visit.server.ground.sealer.verify_mac(COOKIE, &[json.as_bytes()], &mac) {
            return None;
        }
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(json).ok()?).ok()
    }

    /// The end of the cookie.
    pub fn clear(visit: &Visit) -> Cookie<'static> {
        cookies::clear(&visit.server, COOKIE)
    }
}

/// The states that came back to this process. Two requests may bring the same code at once, and a browser may ask again for an answer
/// that it never got: the code is redeemed for the first of them only.
#[derive(Clone, Debug)]
pub struct Answered(Cache<String, ()>);

impl Default for Answered {
    fn default() -> Self {
        Self(Cache::builder().max_capacity(10_000).time_to_live(LIFE).build())
    }
}

impl Answered {
    /// Whether this state comes back for the first time.
    pub async fn is_first(&self, state: &str) -> bool {
        self.0.entry_by_ref(state).or_insert(()).await.is_fresh()
    }
}

/// A state that says where it was begun: whoever comes back without the cookie is shown the way to begin again.
pub fn state(random: &str, app: &Slug, stage: &Slug) -> String {
    format!("{random}.{app}.{stage}")
}

/// The keys in a state. Anybody may have written it: it leads to a page and decides nothing.
pub fn place(state: &str) -> Option<(Slug, Slug)> {
    let mut parts = state.split('.').skip(1);
    let (app, stage) = (Slug::parse(parts.next()?).ok()?, Slug::parse(parts.next()?).ok()?);
    parts.next().is_none().then_some((app, stage))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[actix_web::test]
    async fn a_state_comes_back_once() {
        let answered = Answered::default();
        assert_eq!((answered.is_first("a").await, answered.is_first("a").await, answered.is_first("b").await), (true, false, true));
    }

    #[test]
    fn a_state_names_the_place_where_it_was_begun() {
        let (app, stage) = (Slug::parse("sales-desk").unwrap(), Slug::parse("production").unwrap());
        assert_eq!(place(&state("r4nd0m-_", &app, &stage)), Some((app, stage)));
        for bad in ["", "x", "x.sales", "x.sales.production.more", "x.//evil.production", "x.Sales.production", "x.sales."] {
            assert_eq!(place(bad), None, "{bad}");
        }
    }
}
