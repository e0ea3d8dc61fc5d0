//! The authorization endpoint (RFC 6749 section 3.1, OpenID Connect Core section 3.1.2).
//!
//! `open` makes a request out of parameters: client and redirect URI first (a failure before this is a page, after it a
//! redirect), then the ordered list of `checks`. `decide` says purely what comes next; `pending` keeps a request while a
//! person signs in; `response` is how answers travel.

pub mod checks;
pub mod decide;
pub mod pending;
pub mod refused;
pub mod response;

pub use decide::{Decision, Person, decide};
pub use response::{Back, ResponseMode};

use super::claims::ClaimsRequest;
use super::client::{self, Client, GrantType, Kind};
use super::error::{Code, OAuthError};
use super::parameters::Parameters;
use super::provider::Provider;
use super::scope::Scope;
use crate::access::app::App;
use crate::access::app::deployment::Deployment;
use crate::access::effective;
use crate::access::load::Snapshot;
use crate::access::stage::Stage;
use crate::base::fault::Fault;
use crate::base::time::Timestamp;
use crate::crypto::seal::Sealer;
use crate::db::Tx;
use crate::login::session::Context;
use std::sync::Arc;

/// An app at its stage.
#[derive(Clone, Debug)]
pub struct Placed {
    /// The app at its stage.
    pub deployment: Deployment,
    /// The app.
    pub app: App,
    /// The stage: its context is where the person signs in.
    pub stage: Stage,
}

/// A request that passed every check.
#[derive(Clone, Debug)]
pub struct AuthorizationRequest {
    /// Who asks.
    pub client: Client,
    /// The app that the client is the face of; `None`: it is a tool for many apps, and people come with the session of our own pages.
    pub placed: Option<Placed>,
    /// The context in which the person signs in.
    pub context: Context,
    /// Where the answer goes.
    pub redirect_uri: String,
    /// Whether the request named it.
    pub redirect_uri_given: bool,
    /// How the answer travels.
    pub response_mode: ResponseMode,
    /// Returned byte by byte.
    pub state: Option<String>,
    /// What is asked for, of what is registered.
    pub scope: Scope,
    /// The claims that are asked for by name, and who it must be.
    pub claims: ClaimsRequest,
    /// Echoed in the ID token.
    pub nonce: Option<String>,
    /// S256 of the verifier (RFC 7636).
    pub code_challenge: Option<String>,
    /// What the person must be shown.
    pub prompt: checks::Prompts,
    /// The longest time since sign-in, in seconds.
    pub max_age: Option<u64>,
    /// Who it must be, by `id_token_hint`.
    pub hint: Option<String>,
    /// Who it may be, to fill in the form.
    pub login_hint: Option<String>,
    /// The resource of the access token.
    pub resource: String,
    /// Whether the answer comes back to our own origin: the demo app.
    pub comes_home: bool,
}

impl AuthorizationRequest {
    /// Where the person needs access to come in.
    pub fn place(&self) -> effective::Place {
        self.client.home()
    }

    /// What a person who is asked agrees to: the scopes, and those of the claims that are asked for by name.
    pub fn asked(&self) -> Scope {
        self.scope.with(&self.claims.named.scopes())
    }

    /// Who asks, as people know it: the app, or the tool itself.
    pub fn asker(&self) -> String {
        self.placed.as_ref().map_or_else(|| self.client.name.to_string(), |placed| placed.app.name.to_string())
    }

    /// Where and how to answer.
    pub fn back(&self) -> Back {
        Back { redirect_uri: self.redirect_uri.clone(), mode: self.response_mode, state: self.state.clone() }
    }
}

/// Why a request was not opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// It must not be answered by a redirect: a page names the parameter.
    #[error("{error}")]
    Page {
        /// The parameter at fault.
        parameter: &'static str,
        /// What is wrong with it.
        error: OAuthError,
    },
    /// The client is told.
    #[error("{error}")]
    Redirect {
        /// Where and how.
        back: Box<Back>,
        /// What.
        error: OAuthError,
    },
    /// Unexpected.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// What the checks look at beside the request itself.
#[derive(Debug)]
pub struct Surroundings<'a> {
    /// The provider.
    pub provider: &'a Provider,
    /// The configuration now.
    pub snapshot: Arc<Snapshot>,
    /// Verifies what we sealed.
    pub sealer: &'a Sealer,
    /// Now.
    pub now: Timestamp,
}

/// Opens a request.
pub async fn open(tx: &mut Tx, around: &Surroundings<'_>, parameters: &Parameters) -> Result<AuthorizationRequest, OpenError> {
    let page = |parameter| move |error| OpenError::Page { parameter, error };
    let client_id = parameters.required("client_id").map_err(page("client_id"))?;
    let unknown = || OpenError::Page { parameter: "client_id", error: OAuthError::new(Code::UnauthorizedClient, "there is no such app") };
    let client = client::by_client_id(tx, client_id).await?.filter(|client| client.suspended_at.is_none()).ok_or_else(unknown)?;
    let given = parameters.one("redirect_uri").map_err(page("redirect_uri"))?;
    let redirect_uri = redirect_uri(&client, given).map_err(page("redirect_uri"))?;
    let state = parameters.one("state").unwrap_or_default().map(ToOwned::to_owned);
    let back = Back { redirect_uri: redirect_uri.clone(), mode: checks::response_mode(parameters).unwrap_or_default(), state };
    let refused = |error| OpenError::Redirect { back: Box::new(back.clone()), error };

    let no_people =
        || OpenError::Redirect { back: Box::new(back.clone()), error: OAuthError::new(Code::UnauthorizedClient, "this client does not sign people in") };
    if !client.metadata.may(GrantType::AuthorizationCode) {
        return Err(no_people());
    }
    let placed = match client.kind {
        Kind::App => {
            let placed = client.deployment.and_then(|id| around.snapshot.placed(id));
            let (deployment, app, stage) = placed.ok_or_else(no_people)?;
            Some(Placed { deployment: deployment.clone(), app: app.clone(), stage: stage.clone() })
        }
        Kind::Platform => None,
        Kind::Api => return Err(no_people()),
    };
    let resource = around.provider.resource_of(&around.snapshot, client.home()).ok_or_else(no_people)?;
    let comes_home = redirect_uri.strip_prefix(&around.provider.issuer).is_some_and(|path| path.starts_with('/'));
    let context = placed.as_ref().map_or_else(|| Context::portal(&around.snapshot), |placed| Context::of(&placed.stage));
    let mut request = AuthorizationRequest {
        placed,
        context,
        redirect_uri,
        redirect_uri_given: given.is_some(),
        response_mode: back.mode,
        state: back.state.clone(),
        scope: Scope::default(),
        claims: ClaimsRequest::default(),
        nonce: None,
        code_challenge: None,
        prompt: checks::Prompts::default(),
        max_age: None,
        hint: None,
        login_hint: None,
        resource,
        comes_home,
        client,
    };
    for check in checks::IN_ORDER {
        check(&mut request, parameters).map_err(refused)?;
    }
    if let Some(token) = parameters.one("id_token_hint").map_err(refused)? {
        let ring = around.provider.keys.ring(tx, around.sealer, around.snapshot.counter).await?;
        request.hint = Some(checks::hint(token, &ring, &around.provider.issuer, around.now).map_err(refused)?.sub);
    }
    if let Some(resource) = checks::resource(parameters).map_err(refused)?
        && resource != request.resource
    {
        let target = client::may_use_resource(tx, request.client.id, resource).await?.and_then(|id| around.snapshot.deployments.get(&id));
        match (target, &request.placed) {
            (Some(target), Some(placed)) if target.stage_id == placed.stage.id => request.resource = resource.to_owned(),
            // The session of our own pages opens no app: a tool for many apps gets no token for one.
            _ => return Err(refused(OAuthError::new(Code::InvalidTarget, "this client may not ask for that resource at this stage"))),
        }
    }
    Ok(request)
}

/// The redirect URI: exactly a registered one; left out only where one is registered.
fn redirect_uri(client: &Client, given: Option<&str>) -> Result<String, OAuthError> {
    match (given, client.metadata.redirect_uris.as_slice()) {
        (Some(given), _) if client.metadata.allows_redirect(given) => Ok(given.to_owned()),
        (Some(_), _) => Err(OAuthError::invalid_request("this redirect_uri is not registered for the app, character by character")),
        (None, [only]) => Ok(only.clone()),
        (None, _) => Err(OAuthError::invalid_request("redirect_uri is missing, and the app has none or several of them")),
    }
}
