//! The way of an authorization request through the pages: what the browser brings, what comes next, how it goes on.

use super::error::ErrorWords;
use super::visit::Visit;
use super::{cookies, guard, paths};
use crate::access::stage::Purpose;
use crate::actor::Actor;
use crate::base::fault::Fault;
use crate::base::secret::Secret;
use crate::base::time::Timestamp;
use crate::db::Tx;
use crate::login::attempt::{self, Attempt, State};
use crate::login::session::{self, Session};
use crate::oauth::authorization::{self, code};
use crate::oauth::authorize::pending::KeepError;
use crate::oauth::authorize::{self, AuthorizationRequest, Decision, OpenError, Person, Surroundings, decide, pending, refused};
use crate::oauth::claims;
use crate::oauth::error::{Code, OAuthError};
use crate::oauth::parameters::Parameters;
use crate::work::Work;
use actix_web::HttpResponse;
use actix_web::cookie::Cookie;
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, HeaderValue, LOCATION, REFERRER_POLICY, RETRY_AFTER};
use actix_web::web::Payload;

/// A redirect after which the browser asks with GET.
pub fn see_other(to: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, to)).insert_header((CACHE_CONTROL, "no-store")).insert_header((REFERRER_POLICY, "no-referrer")).finish()
}

/// Adds a cookie to an answer.
pub fn with_cookie(mut answer: HttpResponse, cookie: &Cookie<'_>) -> HttpResponse {
    if let Err(error) = answer.add_cookie(cookie) {
        tracing::error!(%error, "a cookie could not be set");
    }
    answer
}

/// A request with everything that deciding about it needs.
#[derive(Debug)]
pub struct Journey {
    /// The request.
    pub request: AuthorizationRequest,
    /// The person behind the browser.
    pub person: Option<Person>,
    /// The session of this browser in the request's context, whoever it is.
    pub session: Option<Session>,
    /// The attempt that the request waits in, with its cookie's value.
    pub attempt: Option<(Attempt, String)>,
    /// Now.
    pub now: Timestamp,
    parameters: Parameters,
}

/// Why there is no journey.
#[derive(Debug)]
pub enum NoJourney {
    /// The request cannot be opened.
    Open(OpenError),
    /// There is no attempt in this browser.
    NoAttempt,
}

impl From<OpenError> for NoJourney {
    fn from(error: OpenError) -> Self {
        Self::Open(error)
    }
}

impl From<Fault> for NoJourney {
    fn from(fault: Fault) -> Self {
        Self::Open(fault.into())
    }
}

impl Journey {
    /// Begins with the parameters of a request that just came.
    pub async fn begin(visit: &Visit, parameters: &Parameters) -> Result<Self, NoJourney> {
        let mut tx = visit.server.ground.db.read().await?;
        Self::read(visit, &mut tx, parameters, None).await
    }

    /// Goes on with the attempt of this browser.
    pub async fn resume(visit: &Visit) -> Result<Self, NoJourney> {
        let now = visit.server.ground.clock.now();
        let secret = cookies::read(&visit.server, &visit.request, attempt::COOKIE).ok_or(NoJourney::NoAttempt)?;
        let mut tx = visit.server.ground.db.read().await?;
        let attempt = attempt::find(&mut tx, &secret, now).await?.ok_or(NoJourney::NoAttempt)?;
        let parameters = pending::find(&mut tx, &attempt.request_id, now).await?.ok_or(NoJourney::NoAttempt)?;
        Self::read(visit, &mut tx, &parameters, Some((attempt, secret))).await
    }

    /// Goes on with the attempt of this browser, with a form of one of its pages; or the answer to one that is not.
    pub async fn form(visit: &Visit, payload: Payload) -> Result<(Self, Parameters), HttpResponse> {
        let fields = match visit.form(payload).await {
            Ok(fields) => fields,
            Err(error) => return Err(visit.form_error_page(error).await),
        };
        let journey = match Self::resume(visit).await {
            Ok(journey) => journey,
            Err(why) => return Err(nowhere(visit, why).await),
        };
        if guard::accepts(&visit.server, &visit.request, journey.cookie(), fields.one("csrf").ok().flatten()) {
            Ok((journey, fields))
        } else {
            Err(visit.error_page(StatusCode::FORBIDDEN, ErrorWords::Stale).await)
        }
    }

    /// The token for the forms of this attempt.
    pub fn csrf(&self, visit: &Visit) -> String {
        guard::token(&visit.server, self.cookie())
    }

    fn cookie(&self) -> &str {
        self.attempt.as_ref().map_or("", |(_, cookie)| cookie)
    }

    async fn read(visit: &Visit, tx: &mut Tx, parameters: &Parameters, attempt: Option<(Attempt, String)>) -> Result<Self, NoJourney> {
        let server = &visit.server;
        let now = server.ground.clock.now();
        let snapshot = server.provider.known.snapshot(tx).await?;
        let around = Surroundings { provider: &server.provider, snapshot, sealer: &server.ground.sealer, now };
        let request = authorize::open(tx, &around, parameters).await?;
        let context = &request.context;
        let session = match cookies::read(server, &visit.request, &context.cookie()) {
            Some(secret) => session::by_secret(tx, &secret, context).await?.filter(|session| session.is_alive(context.policy(), now)),
            None => None,
        };
        let person = match &session {
            Some(session) => person(visit, tx, &around, &request, session).await?,
            None => None,
        };
        Ok(Self { request, person, session, attempt, now, parameters: parameters.clone() })
    }

    /// What was reached in this attempt, by the session that this browser has now.
    pub fn reached(&self) -> State {
        match (&self.attempt, &self.person) {
            (Some((attempt, _)), Some(person)) if attempt.session_id.as_ref() == Some(&person.session.id) => attempt.state.clone(),
            _ => State::default(),
        }
    }

    /// The stage's name, where the reader should know it: production goes without saying.
    pub fn shown_stage(&self) -> Option<String> {
        let stage = &self.request.placed.as_ref()?.stage;
        (stage.purpose != Purpose::Production).then(|| stage.name.to_string())
    }

    /// What comes next.
    pub fn decision(&self) -> Decision {
        decide(&self.request, self.person.as_ref(), &self.reached(), self.now)
    }

    /// Goes to where the decision leads.
    pub async fn proceed(self, visit: &Visit) -> HttpResponse {
        match self.go(visit).await {
            Ok(answer) => answer,
            Err(fault) => visit.fault_page(&fault).await,
        }
    }

    async fn go(self, visit: &Visit) -> Result<HttpResponse, Fault> {
        match self.decision() {
            Decision::Login => self.ask(visit, paths::LOGIN).await,
            Decision::Consent => self.ask(visit, paths::CONSENT).await,
            Decision::Refuse(error) => {
                if let Some(person) = self.person.as_ref().filter(|person| error.code == Code::AccessDenied && !person.may_sign_in) {
                    let note = async |work: &mut Work| refused::note(work, &self.request, person).await;
                    visit.server.ground.work(&Actor::Anonymous, &visit.origin, note).await?;
                }
                self.refuse(visit, &error).await
            }
            Decision::Issue => self.issue(visit).await,
        }
    }

    /// Leads to a page; a request that just came is kept behind the browser's cookie.
    async fn ask(self, visit: &Visit, page: &str) -> Result<HttpResponse, Fault> {
        if self.attempt.is_some() {
            return Ok(see_other(page));
        }
        let server = &visit.server;
        let context = &self.request.context;
        let most = server.config.limits.open_sign_ins;
        let begun = server
            .ground
            .work(&Actor::Anonymous, &visit.origin, async |work| {
                let id = pending::keep(work, self.request.client.id, &self.parameters, most).await?;
                Ok::<_, KeepError>(attempt::begin(work, &id, context).await?)
            })
            .await;
        let secret = match begun {
            Ok(secret) => secret,
            Err(KeepError::Slow(slow)) => {
                let mut answer = visit.error_page(StatusCode::TOO_MANY_REQUESTS, ErrorWords::Busy).await;
                answer.headers_mut().insert(RETRY_AFTER, HeaderValue::from(slow.seconds()));
                return Ok(answer);
            }
            Err(KeepError::Fault(fault)) => return Err(fault),
        };
        Ok(with_cookie(see_other(page), &cookies::set(server, attempt::COOKIE, secret.expose(), attempt::LIFE)))
    }

    /// Tells the app that it does not get what it asked for.
    pub async fn refuse(self, visit: &Visit, error: &OAuthError) -> Result<HttpResponse, Fault> {
        let answer = see_other(&self.request.back().error(error, visit.server.issuer()));
        let Some((attempt, _)) = &self.attempt else { return Ok(answer) };
        visit.server.ground.work(&Actor::Anonymous, &visit.origin, async |work| attempt::complete(work, attempt).await).await?;
        Ok(with_cookie(answer, &cookies::clear(&visit.server, attempt::COOKIE)))
    }

    async fn issue(self, visit: &Visit) -> Result<HttpResponse, Fault> {
        let Some(person) = &self.person else { return Err(Fault::broken("a code was to be issued for nobody")) };
        let server = &visit.server;
        let life = server.provider.code_life;
        let Some(code) = self.code(visit, &person.session, life).await? else {
            // Another window of this browser completed the same attempt.
            return Ok(visit.error_page(StatusCode::CONFLICT, ErrorWords::NoAttempt).await);
        };
        if session::is_stale(&person.session, self.now) {
            let mut once = server.ground.db.write_once().await?;
            session::touch(&mut once, &person.session.id, self.now).await?;
            once.commit().await?;
        }
        let answer = see_other(&self.request.back().code(code.expose(), server.issuer()));
        Ok(if self.attempt.is_some() { with_cookie(answer, &cookies::clear(server, attempt::COOKIE)) } else { answer })
    }

    /// The code; `None` when the attempt was completed by somebody else.
    async fn code(&self, visit: &Visit, session: &Session, life: std::time::Duration) -> Result<Option<Secret<String>>, Fault> {
        let ground = &visit.server.ground;
        if self.attempt.is_none() {
            let mut tx = ground.db.read().await?;
            let standing = code::standing(&mut tx, &self.request, session, self.now).await?;
            drop(tx);
            if standing.is_settled() {
                return Ok(Some(code::issue_settled(&ground.db, &self.request, session, &standing, life, self.now).await?));
            }
        }
        ground
            .work(&Actor::Anonymous, &visit.origin, async |work| {
                if let Some((attempt, _)) = &self.attempt
                    && !attempt::complete(work, attempt).await?
                {
                    return Ok(None);
                }
                Ok(Some(code::issue(work, &self.request, session, life).await?))
            })
            .await
    }
}

/// The person of a session, with what the decision needs to know. `None`: they do not count any more.
async fn person(visit: &Visit, tx: &mut Tx, around: &Surroundings<'_>, request: &AuthorizationRequest, session: &Session) -> Result<Option<Person>, Fault> {
    let known = &visit.server.provider.known;
    let found = claims::person(tx, known, &around.snapshot, session.user_id, request.place(), around.now).await?;
    let Some((_, access)) = found else { return Ok(None) };
    let consented = authorization::consented(tx, session.user_id, request.client.id).await?;
    Ok(Some(Person { session: session.clone(), may_sign_in: access.may_sign_in(), consented }))
}

/// The answer when there is no journey.
pub async fn nowhere(visit: &Visit, why: NoJourney) -> HttpResponse {
    match why {
        NoJourney::NoAttempt => visit.error_page(StatusCode::BAD_REQUEST, ErrorWords::NoAttempt).await,
        NoJourney::Open(OpenError::Page { parameter, error }) => visit.bad_request_page(parameter, &error).await,
        NoJourney::Open(OpenError::Redirect { back, error }) => see_other(&back.error(&error, visit.server.issuer())),
        NoJourney::Open(OpenError::Fault(fault)) => visit.fault_page(&fault).await,
    }
}
