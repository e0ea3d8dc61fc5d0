//! The authorization endpoint.

use crate::http::guard;
use crate::http::journey::{Journey, nowhere};
use crate::http::onward::ContinuePage;
use crate::http::page::{Forms, render};
use crate::http::paths;
use crate::http::visit::Visit;
use crate::oauth::parameters::Parameters;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Payload;

/// `GET /oauth2/authorize`.
pub async fn get(visit: Visit) -> HttpResponse {
    Box::pin(answer(&visit, &visit.query())).await
}

/// `POST /oauth2/authorize`. Posted by another site it decides nothing: browsers leave out the cookies of our own, so the page
/// posts the same again from here.
pub async fn post(visit: Visit, payload: Payload) -> HttpResponse {
    let parameters = match visit.form(payload).await {
        Ok(parameters) => parameters,
        Err(error) => return visit.form_error_page(error).await,
    };
    if guard::is_cross_site(&visit.request) {
        return again(&visit, paths::AUTHORIZE, &parameters).await;
    }
    Box::pin(answer(&visit, &parameters)).await
}

async fn answer(visit: &Visit, parameters: &Parameters) -> HttpResponse {
    match Journey::begin(visit, parameters).await {
        Ok(journey) => journey.proceed(visit).await,
        Err(why) => nowhere(visit, why).await,
    }
}

/// A page that posts the same fields again, from our own origin.
pub(super) async fn again(visit: &Visit, action: &str, parameters: &Parameters) -> HttpResponse {
    let fields = parameters.pairs().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let page = ContinuePage { frame: visit.frame().await, action: action.to_owned(), fields };
    render(StatusCode::OK, &page, Forms::MayLeave)
}
