//! The logout endpoint (OpenID Connect RP-Initiated Logout 1.0).

use super::authorize::again;
use crate::base::fault::Fault;
use crate::http::guard;
use crate::http::journey::{see_other, with_cookie};
use crate::http::paths;
use crate::http::sign_out::{self, Pending, SignedIn};
use crate::http::visit::Visit;
use crate::login::session::{Context, PORTAL};
use crate::oauth::client::Kind;
use crate::oauth::logout::{self, LogoutError, LogoutRequest};
use crate::oauth::parameters::Parameters;
use actix_web::HttpResponse;
use actix_web::web::Payload;

/// `GET /oauth2/logout`.
pub async fn get(visit: Visit) -> HttpResponse {
    answer(&visit, &visit.query()).await
}

/// `POST /oauth2/logout`.
pub async fn post(visit: Visit, payload: Payload) -> HttpResponse {
    let parameters = match visit.form(payload).await {
        Ok(parameters) => parameters,
        Err(error) => return visit.form_error_page(error).await,
    };
    if guard::is_cross_site(&visit.request) {
        return again(&visit, paths::LOGOUT_ENDPOINT, &parameters).await;
    }
    answer(&visit, &parameters).await
}

async fn answer(visit: &Visit, parameters: &Parameters) -> HttpResponse {
    let request = match logout::open(&visit.server.ground, &visit.server.provider, parameters).await {
        Ok(request) => request,
        Err(LogoutError::Page { parameter, error }) => return visit.bad_request_page(parameter, &error).await,
        Err(LogoutError::Fault(fault)) => return visit.fault_page(&fault).await,
    };
    match end_or_ask(visit, &request).await {
        Ok(answer) => answer,
        Err(fault) => visit.fault_page(&fault).await,
    }
}

/// No question only if the hint speaks of this very browser's session in the context of that client; whoever else asks may be
/// a stranger's link.
async fn end_or_ask(visit: &Visit, request: &LogoutRequest) -> Result<HttpResponse, Fault> {
    let context = context_of(visit, request).await?;
    let sessions = sign_out::here(visit, context.as_deref()).await?;
    let hinted = request.hint.as_ref().and_then(|hint| hint.sid.as_deref());
    let own: Vec<SignedIn> = sessions.into_iter().filter(|one| hinted == Some(one.session.id.as_str())).collect();
    if context.is_some() && !own.is_empty() {
        let gone = sign_out::end(visit, &own).await?;
        let target = request.target();
        let answer = see_other(target.as_deref().unwrap_or(paths::SIGNED_OUT));
        return Ok(gone.iter().fold(answer, |answer, cookie| with_cookie(answer, cookie)));
    }
    let pending = Pending::new(request.client.as_ref().map(|client| client.name.to_string()), context, request.target());
    Ok(with_cookie(see_other(paths::LOGOUT), &pending.keep(visit)?))
}

/// The word of the context where the client signs people in.
async fn context_of(visit: &Visit, request: &LogoutRequest) -> Result<Option<String>, Fault> {
    let Some(client) = &request.client else { return Ok(None) };
    let Some(deployment) = client.deployment else { return Ok((client.kind == Kind::Platform).then(|| PORTAL.to_owned())) };
    let mut tx = visit.server.ground.db.read().await?;
    let snapshot = visit.server.provider.known.snapshot(&mut tx).await?;
    Ok(snapshot.placed(deployment).map(|(_, _, stage)| Context::of(stage).word()))
}
