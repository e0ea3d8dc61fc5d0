//! `/setup/{token}`: the claim link. Its token moves into a cookie; opening uses nothing up.

use super::{COOKIE, claimant, nothing, page};
use crate::base::fault::Fault;
use crate::http::journey::{see_other, with_cookie};
use crate::http::page::Frame;
use crate::http::visit::Visit;
use crate::http::{cookies, paths};
use crate::lifecycle::setup::{self, Over, Token};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Path;
use askama::Template;

/// A claim link that opens nothing any more, with what to do.
#[derive(Template)]
#[template(path = "setup/over.html")]
pub struct OverPage {
    /// The layout.
    pub frame: Frame,
    /// What happened, in a few words.
    pub title: String,
    /// What it means.
    pub text: String,
    /// The command that helps; otherwise signing in does.
    pub command: Option<&'static str>,
}

impl OverPage {
    /// The owner was made with this link.
    pub fn used(frame: Frame) -> Self {
        Self { title: frame.words.say("setup-used-title"), text: frame.words.say("setup-used"), command: None, frame }
    }

    /// Somebody administers already.
    pub fn set_up(frame: Frame) -> Self {
        Self { title: frame.words.say("setup-done-title"), text: frame.words.say("setup-done"), command: None, frame }
    }

    /// The link is too old.
    pub fn expired(frame: Frame) -> Self {
        Self { title: frame.words.say("setup-expired-title"), text: frame.words.say("setup-expired"), command: Some("gatehouse admin claim-link"), frame }
    }

    /// Somebody else was faster.
    pub fn overtaken(frame: Frame) -> Self {
        Self { title: frame.words.say("setup-overtaken-title"), text: frame.words.say("setup-overtaken"), command: None, frame }
    }
}

/// The page for a link that opens nothing. The cookie goes with it.
pub(super) async fn over(visit: &Visit, why: Over) -> HttpResponse {
    let frame = visit.frame().await;
    let answer = match why {
        Over::Unknown => nothing(visit).await,
        Over::Used => page(StatusCode::GONE, &OverPage::used(frame)),
        Over::SetUp => page(StatusCode::GONE, &OverPage::set_up(frame)),
        Over::Expired => page(StatusCode::GONE, &OverPage::expired(frame)),
    };
    with_cookie(answer, &cookies::clear(&visit.server, COOKIE))
}

/// `GET /setup/{token}`: from the terminal. The secret leaves the address at once.
pub async fn open(visit: Visit, token: Path<String>) -> HttpResponse {
    let Some(token) = Token::parse(&token) else { return nothing(&visit).await };
    let looked = async {
        let mut tx = visit.server.ground.db.read().await?;
        setup::look(&mut tx, &token, visit.server.ground.clock.now()).await
    };
    match looked.await {
        Ok(Ok(())) => with_cookie(see_other(paths::SETUP), &cookies::set(&visit.server, COOKIE, token.expose(), setup::LIFE)),
        Ok(Err(Over::Unknown)) => nothing(&visit).await,
        Ok(Err(why)) => over(&visit, why).await,
        Err(fault) => visit.fault_page(&fault).await,
    }
}

/// `GET /setup`: to the step that comes next.
pub async fn begin(visit: Visit) -> HttpResponse {
    if let Err(answer) = claimant(&visit).await {
        return answer;
    }
    let named = async {
        let mut tx = visit.server.ground.db.read().await?;
        Ok::<_, Fault>(visit.server.provider.known.snapshot(&mut tx).await?.organization.is_some())
    };
    match named.await {
        Ok(true) => see_other(paths::SETUP_OWNER),
        Ok(false) => see_other(paths::SETUP_ORGANIZATION),
        Err(fault) => visit.fault_page(&fault).await,
    }
}
