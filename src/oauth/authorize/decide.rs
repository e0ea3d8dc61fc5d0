//! What comes next for a request: a pure decision over what is known.

use super::AuthorizationRequest;
use crate::base::time::Timestamp;
use crate::login::attempt::State;
use crate::login::session::{ACR_PASSWORD, Session};
use crate::oauth::client::Party;
use crate::oauth::client::metadata::{ApplicationType, is_device_redirect};
use crate::oauth::error::{Code, OAuthError};
use crate::oauth::scope::Scope;

/// The person behind the browser: a session that is alive, of somebody who counts.
#[derive(Clone, Debug)]
pub struct Person {
    /// The session.
    pub session: Session,
    /// Whether they may sign in to this app at this stage.
    pub may_sign_in: bool,
    /// What they agreed to before.
    pub consented: Scope,
}

/// What comes next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// A page asks who it is.
    Login,
    /// A page asks whether the app may know.
    Consent,
    /// The app is told that it does not get what it asked for.
    Refuse(OAuthError),
    /// The app gets its code.
    Issue,
}

/// Decides. `reached` is what was reached within this very attempt; a request that just came has reached nothing.
pub fn decide(request: &AuthorizationRequest, person: Option<&Person>, reached: &State, now: Timestamp) -> Decision {
    let refuse = |code, why: &str| Decision::Refuse(OAuthError::new(code, why));
    let login = |why: &str| if request.prompt.none { refuse(Code::LoginRequired, why) } else { Decision::Login };

    // Every sign-in here reaches the same: asking somebody for one would not help (OpenID Connect Core section 5.5.1.1).
    if request.claims.essential_acr.as_ref().is_some_and(|acr| !acr.contains(ACR_PASSWORD)) {
        return refuse(Code::UnmetAuthenticationRequirements, "no sign-in here reaches the acr that is asked for");
    }
    let Some(person) = person else { return login("nobody is signed in") };
    let is_somebody_else = {
        let subject = person.session.user_id.to_string();
        request.hint.as_ref().is_some_and(|hint| *hint != subject) || request.claims.subjects.as_ref().is_some_and(|subjects| !subjects.contains(&subject))
    };
    if is_somebody_else {
        // After a sign-in in this attempt it is somebody else for good: asking again would be asking for ever.
        return if reached.authenticated { refuse(Code::LoginRequired, "somebody else signed in") } else { login("somebody else is signed in") };
    }
    if request.prompt.login && !reached.authenticated {
        return Decision::Login;
    }
    let age = now.since(person.session.authenticated_at);
    if request.max_age.is_some_and(|longest| age.as_secs() > longest) && !reached.authenticated {
        return login("the sign-in is older than max_age");
    }
    if !person.may_sign_in {
        return refuse(Code::AccessDenied, "this person has no role in the app at this stage");
    }
    // Any program on the device may have asked: the person confirms every time (RFC 8252 section 8.6).
    if is_anybodys(request) && !reached.consented {
        return if request.prompt.none { refuse(Code::InteractionRequired, "the person must confirm an app on their device") } else { Decision::Consent };
    }
    let asks = request.client.party == Party::Third && !request.asked().is_within(&person.consented);
    if (asks || request.prompt.consent) && !reached.consented {
        return if request.prompt.none { refuse(Code::ConsentRequired, "the person has not agreed yet") } else { Decision::Consent };
    }
    Decision::Issue
}

/// Whether the answer stays on the person's device, where any program could pretend to be the client: a native app, or one without a
/// secret. What comes back to ourselves is nobody else's.
fn is_anybodys(request: &AuthorizationRequest) -> bool {
    let native = request.client.metadata.application_type == ApplicationType::Native;
    is_device_redirect(&request.redirect_uri) && (native || request.client.is_public()) && !request.comes_home
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::app::deployment::Deployment;
    use crate::access::app::{App, SignIn};
    use crate::access::stage::{Purpose, SessionPolicy, Stage};
    use crate::base::id::{AppId, ClientId, DeploymentId, StageId, UserId};
    use crate::base::text::{Description, DisplayName, Slug};
    use crate::login::session::Context;
    use crate::oauth::authorize::Placed;
    use crate::oauth::authorize::checks::Prompts;
    use crate::oauth::authorize::response::ResponseMode;
    use crate::oauth::claims::ClaimsRequest;
    use crate::oauth::client::{AuthMethod, Client, Kind, Metadata};

    fn request() -> AuthorizationRequest {
        let (app_id, stage_id, id) = (AppId::fresh(), StageId::fresh(), DeploymentId::fresh());
        let (key, name) = (Slug::parse("sales").unwrap(), DisplayName::parse("Sales").unwrap());
        let stage = Stage {
            id: stage_id,
            key: key.clone(),
            name: name.clone(),
            purpose: Purpose::Production,
            position: 1,
            sessions: SessionPolicy::STANDARD,
            version: 1,
        };
        AuthorizationRequest {
            context: Context::of(&stage),
            client: Client {
                id: ClientId::fresh(),
                client_id: "sales".into(),
                kind: Kind::App,
                deployment: Some(id),
                party: Party::First,
                name: name.clone(),
                metadata: Metadata::default(),
                claims_version: 1,
                suspended_at: None,
                access_version: 1,
                version: 1,
            },
            placed: Some(Placed {
                deployment: Deployment { id, app_id, stage_id, home_page: None, sign_in: SignIn::Assigned, resource: "urn:sales".into(), version: 1 },
                app: App { id: app_id, key, name, description: Description::default(), version: 1 },
                stage,
            }),
            redirect_uri: "https://app.example/cb".into(),
            redirect_uri_given: true,
            response_mode: ResponseMode::Query,
            state: None,
            scope: Scope::parse("openid profile").unwrap(),
            claims: ClaimsRequest::default(),
            nonce: None,
            code_challenge: None,
            prompt: Prompts::default(),
            max_age: None,
            hint: None,
            login_hint: None,
            resource: "urn:sales".into(),
            comes_home: false,
        }
    }

    fn person() -> Person {
        let session = Session {
            id: "sid".into(),
            context: "stage:sales".into(),
            user_id: UserId::fresh(),
            authenticated_at: Timestamp::from_seconds(0),
            acr: String::new(),
            amr: "pwd".into(),
            last_seen_at: Timestamp::from_seconds(0),
            ended_at: None,
        };
        Person { session, may_sign_in: true, consented: Scope::default() }
    }

    const NOW: Timestamp = Timestamp::from_seconds(100);

    fn code(decision: Decision) -> Code {
        match decision {
            Decision::Refuse(error) => error.code,
            other => panic!("expected a refusal, found {other:?}"),
        }
    }

    #[test]
    fn somebody_unknown_signs_in_and_a_silent_request_hears_so() {
        let mut request = request();
        assert_eq!(decide(&request, None, &State::default(), NOW), Decision::Login);
        request.prompt.none = true;
        assert_eq!(code(decide(&request, None, &State::default(), NOW)), Code::LoginRequired);
    }

    #[test]
    fn a_session_is_enough_for_a_first_party_app() {
        assert_eq!(decide(&request(), Some(&person()), &State::default(), NOW), Decision::Issue);
    }

    #[test]
    fn without_a_role_the_door_stays_closed() {
        let person = Person { may_sign_in: false, ..person() };
        assert_eq!(code(decide(&request(), Some(&person), &State::default(), NOW)), Code::AccessDenied);
    }

    #[test]
    fn prompt_login_and_max_age_ask_again_once() {
        let mut request = request();
        request.prompt.login = true;
        assert_eq!(decide(&request, Some(&person()), &State::default(), NOW), Decision::Login);
        let reached = State { authenticated: true, consented: false };
        assert_eq!(decide(&request, Some(&person()), &reached, NOW), Decision::Issue);
        request.prompt = Prompts::default();
        request.max_age = Some(99);
        assert_eq!(decide(&request, Some(&person()), &State::default(), NOW), Decision::Login);
        request.max_age = Some(100);
        assert_eq!(decide(&request, Some(&person()), &State::default(), NOW), Decision::Issue);
        request.max_age = Some(0);
        request.prompt.none = true;
        assert_eq!(code(decide(&request, Some(&person()), &State::default(), NOW)), Code::LoginRequired);
    }

    #[test]
    fn a_hint_binds_to_its_person() {
        let (mut request, person) = (request(), person());
        request.hint = Some(person.session.user_id.to_string());
        assert_eq!(decide(&request, Some(&person), &State::default(), NOW), Decision::Issue);
        request.hint = Some(UserId::fresh().to_string());
        assert_eq!(decide(&request, Some(&person), &State::default(), NOW), Decision::Login);
        let reached = State { authenticated: true, consented: false };
        assert_eq!(code(decide(&request, Some(&person), &reached, NOW)), Code::LoginRequired);
        request.prompt.none = true;
        assert_eq!(code(decide(&request, Some(&person), &State::default(), NOW)), Code::LoginRequired);
    }

    #[test]
    fn a_subject_asked_for_by_value_binds_as_a_hint_does() {
        let (mut request, person) = (request(), person());
        request.claims.subjects = Some([UserId::fresh().to_string(), person.session.user_id.to_string()].into());
        assert_eq!(decide(&request, Some(&person), &State::default(), NOW), Decision::Issue);
        request.claims.subjects = Some([UserId::fresh().to_string()].into());
        assert_eq!(decide(&request, Some(&person), &State::default(), NOW), Decision::Login);
        let reached = State { authenticated: true, consented: false };
        assert_eq!(code(decide(&request, Some(&person), &reached, NOW)), Code::LoginRequired);
    }

    #[test]
    fn an_essential_acr_is_met_or_refused_before_anybody_signs_in() {
        let mut request = request();
        request.claims.essential_acr = Some(["phr".to_owned(), ACR_PASSWORD.to_owned()].into());
        assert_eq!(decide(&request, Some(&person()), &State::default(), NOW), Decision::Issue);
        request.claims.essential_acr = Some(["phr".to_owned()].into());
        for person in [None, Some(person())] {
            assert_eq!(code(decide(&request, person.as_ref(), &State::default(), NOW)), Code::UnmetAuthenticationRequirements);
        }
    }

    #[test]
    fn a_third_party_asks_until_everything_was_agreed() {
        let mut request = request();
        request.client.party = Party::Third;
        let mut person = person();
        assert_eq!(decide(&request, Some(&person), &State::default(), NOW), Decision::Consent);
        person.consented = Scope::parse("openid").unwrap();
        assert_eq!(decide(&request, Some(&person), &State::default(), NOW), Decision::Consent);
        person.consented = Scope::parse("openid profile email").unwrap();
        assert_eq!(decide(&request, Some(&person), &State::default(), NOW), Decision::Issue);
        // What is asked for by name needs the same agreement as its scope.
        request.claims.named.userinfo.insert("groups".to_owned());
        assert_eq!(decide(&request, Some(&person), &State::default(), NOW), Decision::Consent);
        person.consented = Scope::parse("openid profile email groups").unwrap();
        assert_eq!(decide(&request, Some(&person), &State::default(), NOW), Decision::Issue);
        request.prompt.consent = true;
        assert_eq!(decide(&request, Some(&person), &State::default(), NOW), Decision::Consent);
        request.prompt = Prompts { none: true, ..Prompts::default() };
        person.consented = Scope::default();
        assert_eq!(code(decide(&request, Some(&person), &State::default(), NOW)), Code::ConsentRequired);
    }

    #[test]
    fn apps_on_a_device_are_confirmed_every_time() {
        let mut request = request();
        request.client.metadata.application_type = ApplicationType::Native;
        request.redirect_uri = "http://127.0.0.1:49152/cb".into();
        assert_eq!(decide(&request, Some(&person()), &State::default(), NOW), Decision::Consent);
        let reached = State { authenticated: false, consented: true };
        assert_eq!(decide(&request, Some(&person()), &reached, NOW), Decision::Issue);
        request.prompt.none = true;
        assert_eq!(code(decide(&request, Some(&person()), &State::default(), NOW)), Code::InteractionRequired);
    }

    #[test]
    fn what_has_no_secret_on_a_device_is_confirmed_as_well_but_not_what_comes_back_to_us() {
        let mut request = request();
        request.redirect_uri = "http://localhost:3000/cb".into();
        assert_eq!(decide(&request, Some(&person()), &State::default(), NOW), Decision::Issue, "whoever listens there lacks the secret");
        request.client.metadata.token_endpoint_auth_method = AuthMethod::None;
        assert_eq!(decide(&request, Some(&person()), &State::default(), NOW), Decision::Consent);
        request.comes_home = true;
        assert_eq!(decide(&request, Some(&person()), &State::default(), NOW), Decision::Issue);
        request.comes_home = false;
        request.redirect_uri = "https://app.example/cb".into();
        assert_eq!(decide(&request, Some(&person()), &State::default(), NOW), Decision::Issue);
    }
}
