//! `/consent`: may this client act for you?

use crate::actor::Actor;
use crate::base::fault::Fault;
use crate::http::error::ErrorWords;
use crate::http::journey::{Journey, nowhere};
use crate::http::page::{Forms, Frame, render};
use crate::http::visit::Visit;
use crate::identity::user;
use crate::login::attempt::{self, State};
use crate::login::session::Session;
use crate::oauth::authorization;
use crate::oauth::authorize::Decision;
use crate::oauth::client::metadata::is_device_redirect;
use crate::oauth::error::{Code, OAuthError};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Payload;
use askama::Template;

/// The question whether a client may act for the person. It posts `csrf` and `action` (`allow` or `deny`) to `/consent`.
#[derive(Template)]
#[template(path = "login/consent.html")]
pub struct ConsentPage {
    /// The layout.
    pub frame: Frame,
    /// The app that the client belongs to, if it belongs to one.
    pub app: Option<String>,
    /// The stage of that app, when the reader should know.
    pub stage: Option<String>,
    /// Who asks.
    pub client: ConsentClient,
    /// The e-mail address of the person who is asked.
    pub person: String,
    /// What is asked for: one sentence each.
    pub asks: Vec<String>,
    /// Whether the access shall outlive the session (`offline_access`).
    pub offline: bool,
    /// Whether the client answers on the person's own device, where nothing proves who it is.
    pub loopback: bool,
    /// The token of the attempt that guards the form.
    pub csrf: String,
}

/// What a client says about itself (RFC 7591 section 2).
pub struct ConsentClient {
    /// Its name.
    pub name: String,
    /// Our own copy of its logo, as a path on this origin: the content policy shows no other.
    pub logo_uri: Option<String>,
    /// Its privacy policy.
    pub policy_uri: Option<String>,
    /// Its terms of service.
    pub tos_uri: Option<String>,
    /// Its home page.
    pub client_uri: Option<String>,
}

/// `GET /consent`: the question, if that is what comes next in this browser's attempt.
pub async fn show(visit: Visit) -> HttpResponse {
    let journey = match Journey::resume(&visit).await {
        Ok(journey) => journey,
        Err(why) => return nowhere(&visit, why).await,
    };
    if journey.decision() != Decision::Consent {
        return journey.proceed(&visit).await;
    }
    match question(&visit, &journey).await {
        Ok(page) => render(StatusCode::OK, &page, Forms::MayLeave),
        Err(fault) => visit.fault_page(&fault).await,
    }
}

async fn question(visit: &Visit, journey: &Journey) -> Result<ConsentPage, Fault> {
    let frame = visit.frame().await;
    let words = frame.words;
    let request = &journey.request;
    let email = match &journey.person {
        Some(person) => user::by_id(&mut visit.server.ground.db.read().await?, person.session.user_id).await?.map(|user| user.email.to_string()),
        None => None,
    };
    let known = [
        ("openid", words.say("scope-openid")),
        ("profile", words.say("scope-profile")),
        ("email", words.say("scope-email")),
        ("address", words.say("scope-address")),
        ("phone", words.say("scope-phone")),
        ("roles", words.say("scope-roles")),
        ("permissions", words.say("scope-permissions")),
        ("groups", words.say("scope-groups")),
    ];
    let metadata = &request.client.metadata;
    let asked = request.asked();
    let link = |link: &Option<url::Url>| link.as_ref().map(ToString::to_string);
    Ok(ConsentPage {
        frame,
        app: request.placed.as_ref().map(|placed| placed.app.name.to_string()),
        stage: journey.shown_stage(),
        client: ConsentClient {
            name: request.client.name.to_string(),
            // Logos are shown from our own copy only, and copies are made when clients register themselves.
            logo_uri: None,
            policy_uri: link(&metadata.policy_uri),
            tos_uri: link(&metadata.tos_uri),
            client_uri: link(&metadata.client_uri),
        },
        person: email.unwrap_or_default(),
        asks: known.into_iter().filter(|(scope, _)| asked.has(scope)).map(|(_, sentence)| sentence).collect(),
        offline: request.scope.has("offline_access"),
        loopback: is_device_redirect(&request.redirect_uri),
        csrf: journey.csrf(visit),
    })
}

/// `POST /consent`: yes or no.
pub async fn submit(visit: Visit, payload: Payload) -> HttpResponse {
    let (journey, fields) = match Journey::form(&visit, payload).await {
        Ok(read) => read,
        Err(answer) => return answer,
    };
    let field = |name| fields.one(name).ok().flatten();
    if journey.decision() != Decision::Consent {
        return journey.proceed(&visit).await;
    }
    let answer = match (field("action"), journey.person.as_ref().map(|person| person.session.clone())) {
        (Some("allow"), Some(session)) => agree(&visit, &journey, &session).await,
        (Some("deny"), _) => return denied(&visit, journey).await,
        _ => return visit.error_page(StatusCode::BAD_REQUEST, ErrorWords::Stale).await,
    };
    match answer {
        Ok(()) => match Journey::resume(&visit).await {
            Ok(journey) => journey.proceed(&visit).await,
            Err(why) => nowhere(&visit, why).await,
        },
        Err(fault) => visit.fault_page(&fault).await,
    }
}

async fn denied(visit: &Visit, journey: Journey) -> HttpResponse {
    match journey.refuse(visit, &OAuthError::new(Code::AccessDenied, "the person did not agree")).await {
        Ok(answer) => answer,
        Err(fault) => visit.fault_page(&fault).await,
    }
}

async fn agree(visit: &Visit, journey: &Journey, session: &Session) -> Result<(), Fault> {
    let Some((attempt, _)) = &journey.attempt else { return Err(Fault::broken("a consent without attempt")) };
    let actor = Actor::Anonymous;
    let state = State { consented: true, ..journey.reached() };
    visit
        .server
        .ground
        .work(&actor, &visit.origin, async |work| {
            authorization::give(work, session.user_id, journey.request.client.id, &journey.request.asked()).await?;
            attempt::advance(work, attempt, session.user_id, &session.id, &state).await
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page() -> ConsentPage {
        ConsentPage {
            frame: Frame::sample(),
            app: Some("Sales Desk".into()),
            stage: None,
            client: ConsentClient { name: "Robot".into(), logo_uri: None, policy_uri: None, tos_uri: None, client_uri: None },
            person: "ana@acme.example".into(),
            asks: Vec::new(),
            offline: false,
            loopback: false,
            csrf: "c5rf".into(),
        }
    }

    #[test]
    fn nothing_is_shown_that_was_not_asked() {
        let html = page().render().unwrap();
        assert!(html.contains("<bdi>Robot</bdi> asks to act for you in <bdi>Sales Desk</bdi>.") && html.contains("<bdi>ana@acme.example</bdi>"));
        for absent in ["client-logo", "client-policy-uri", "client-tos-uri", "class=\"asks\"", "notice warn", "class=\"links\""] {
            assert!(!html.contains(absent), "{absent}");
        }
        let html = ConsentPage { app: None, offline: true, ..page() }.render().unwrap();
        assert!(html.contains("<bdi>Robot</bdi> asks to act for you.") && html.contains("<li class=\"standing\">"));
    }

    #[test]
    fn every_ask_and_every_link_is_shown() {
        let client = ConsentClient { policy_uri: Some("https://r.example/?a=1&b=\"".into()), tos_uri: Some("https://r.example/t".into()), ..page().client };
        let html = ConsentPage { client, asks: vec!["See <you>".into(), "Approve".into()], loopback: true, ..page() }.render().unwrap();
        assert!(html.contains("<li>See &#60;you&#62;</li>") && html.contains("<li>Approve</li>") && html.contains("notice warn"));
        assert!(html.contains(r#"<a id="client-policy-uri" href="https://r.example/?a=1&#38;b=&#34;" rel="noopener""#));
        assert!(html.contains(r#"<a id="client-tos-uri" href="https://r.example/t" rel="noopener""#));
        assert!(html.contains(r#"id="consent-allow" name="action" value="allow""#) && html.contains(r#"id="consent-deny" name="action" value="deny""#));
    }
}
