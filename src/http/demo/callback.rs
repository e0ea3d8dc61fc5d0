//! `/try/callback`: the browser comes back with a code or an error, once. A reload finds no cookie and leaves the code alone: sent a
//! second time it would end the very authorization that it began.

use super::loopback::Itself;
use super::notice::NoticePage;
use super::pending::{self, Pending};
use super::relying_party::{FlowError, RelyingParty};
use super::{Place, result};
use crate::access::effective::Place as Where;
use crate::base::fault::Fault;
use crate::base::secret::equal;
use crate::http::journey::with_cookie;
use crate::http::sign_out;
use crate::http::visit::Visit;
use crate::http::{error::ErrorWords, paths};
use crate::login::session::Context;
use crate::oauth::claims;
use crate::oauth::parameters::Parameters;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;

/// `GET /try/callback`.
pub async fn show(visit: Visit, itself: Data<Itself>) -> HttpResponse {
    let query = visit.query();
    let state = query.one("state").ok().flatten().unwrap_or_default();
    let begin = pending::place(state).map(|(app, stage)| paths::try_it(&app, &stage));
    let over = async |begin| {
        let page = NoticePage::new(&visit, begin, |words| (words.say("demo-over-title"), words.say("demo-over"))).await;
        page.answer(StatusCode::BAD_REQUEST)
    };
    let Some(pending) = Pending::read(&visit) else { return over(begin).await };
    // An answer to another question changes nothing: the one that this browser waits for may still come.
    if !equal(state.as_bytes(), pending.state.as_bytes()) {
        let page = NoticePage::new(&visit, begin, |words| (words.say("demo-other-title"), words.say("demo-other"))).await;
        return page.answer(StatusCode::BAD_REQUEST);
    }
    if !itself.answered.is_first(state).await {
        return with_cookie(over(begin).await, &Pending::clear(&visit));
    }
    with_cookie(answer(&visit, &itself, &query, &pending).await, &Pending::clear(&visit))
}

async fn answer(visit: &Visit, itself: &Itself, query: &Parameters, pending: &Pending) -> HttpResponse {
    let place = match Place::find(visit, &pending.app, &pending.stage).await {
        Ok(Some(place)) => place,
        Ok(None) => return visit.error_page(StatusCode::NOT_FOUND, ErrorWords::NotFound).await,
        Err(fault) => return visit.fault_page(&fault).await,
    };
    let one = |name| query.one(name).ok().flatten();
    if let Some(error) = one("error") {
        return match refused(visit, &place, error, one("error_description").unwrap_or_default()).await {
            Ok(answer) => answer,
            Err(fault) => visit.fault_page(&fault).await,
        };
    }
    let said = match (one("code"), one("iss"), &place.client) {
        // RFC 9207 section 2.4: the answer names its issuer.
        (Some(code), Some(issuer), Some(client)) if issuer == visit.server.issuer() => {
            let flow = async {
                let party = RelyingParty::discover(itself, visit.server.issuer(), client).await?;
                party.end(code, pending, &visit.server.ground.clock).await
            };
            match flow.await {
                Ok(told) => return result::answer(visit, &place, &told).await,
                Err(FlowError::Refused { code, description }) => (code, description),
                Err(FlowError::Broken(why)) => return visit.fault_page(&Fault::new("end the demo app's sign-in", why)).await,
            }
        }
        _ => ("invalid_response".to_owned(), "the answer needs a code and the issuer's name".to_owned()),
    };
    failed(visit, &place, said).await
}

async fn failed(visit: &Visit, place: &Place, said: (String, String)) -> HttpResponse {
    let page = NoticePage::new(visit, Some(place.path()), |words| (words.say("demo-failed-title"), words.say("demo-failed"))).await;
    NoticePage { said: Some(said), ..page }.answer(StatusCode::BAD_REQUEST)
}

/// The server said no: because the person may not come in, because they went back, or for a reason that it names.
async fn refused(visit: &Visit, place: &Place, code: &str, description: &str) -> Result<HttpResponse, Fault> {
    if code != "access_denied" {
        return Ok(failed(visit, place, (short(code), short(description))).await);
    }
    let here = sign_out::here(visit, Some(Context::of(&place.stage).word().as_str())).await?;
    if let Some(signed_in) = here.first() {
        let server = &visit.server;
        let mut tx = server.ground.db.read().await?;
        let now = server.ground.clock.now();
        let found =
            claims::person(&mut tx, &server.provider.known, &place.snapshot, signed_in.session.user_id, Where::Deployment(place.deployment.id), now).await?;
        if let Some((user, _)) = found.filter(|(_, access)| !access.may_sign_in()) {
            let names = [("who", user.label()), ("app", place.app.name.as_str()), ("stage", place.stage.name.as_str())];
            let say = |words: crate::words::Words| (words.with("demo-no-role-title", &names), words.with("demo-no-role", &names));
            let page = NoticePage::new(visit, Some(place.path()), say).await;
            return Ok(NoticePage { other: true, ..page }.answer(StatusCode::FORBIDDEN));
        }
    }
    let page = NoticePage::new(visit, Some(place.path()), |words| (words.say("demo-cancelled-title"), words.say("demo-cancelled"))).await;
    Ok(page.answer(StatusCode::OK))
}

fn short(text: &str) -> String {
    text.chars().take(200).collect()
}
