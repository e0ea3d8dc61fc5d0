//! `/account/password`: a new password, for whoever knows the old one.

use super::Account;
use super::shell::{Section, Shell};
use crate::base::fault::Fault;
use crate::base::secret::Secret;
use crate::crypto::password::{MIN_CHARACTERS, PasswordError};
use crate::http::error::ErrorWords;
use crate::http::journey::with_cookie;
use crate::http::page::FieldError;
use crate::http::typed::password_error;
use crate::http::visit::Visit;
use crate::http::{cookies, paths};
use crate::lifecycle::invitation::Letters;
use crate::lifecycle::password::{self, ChangeError};
use crate::login::password::{Again, prove_again};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderValue, RETRY_AFTER};
use actix_web::web::Payload;
use askama::Template;

/// The form. It posts `current` and `new`.
#[derive(Template)]
#[template(path = "account/password.html")]
pub struct PasswordPage {
    /// The layout.
    pub shell: Shell,
    /// The length that a password must have.
    pub password_min: usize,
    /// What was wrong with the last try: fields `current` and `new`.
    pub errors: Vec<FieldError>,
}

/// `GET /account/password`.
pub async fn show(visit: Visit) -> HttpResponse {
    match Account::enter(visit).await {
        Ok(account) => page(&account, StatusCode::OK, Vec::new()).await,
        Err(answer) => answer,
    }
}

async fn page(account: &Account, status: StatusCode, errors: Vec<FieldError>) -> HttpResponse {
    Account::page(status, &PasswordPage { shell: account.shell(Section::Password).await, password_min: MIN_CHARACTERS, errors })
}

async fn busy(account: &Account) -> HttpResponse {
    account.visit.error_page(StatusCode::SERVICE_UNAVAILABLE, ErrorWords::Busy).await
}

/// `POST /account/password`. The new one is judged first: a mistake in it must not cost a try.
pub async fn change(visit: Visit, payload: Payload) -> HttpResponse {
    let account = match Account::enter(visit).await {
        Ok(account) => account,
        Err(answer) => return answer,
    };
    let fields = match account.form(payload).await {
        Ok(fields) => fields,
        Err(answer) => return answer,
    };
    let (words, user) = (account.words, &account.person.user);
    let server = account.visit.server.clone();
    let field = |name| Secret::new(fields.one(name).ok().flatten().unwrap_or_default().to_owned());
    let (current, new) = (field("current"), field("new"));
    let wrong = |field, message| vec![FieldError { field, message }];
    let unprocessable = StatusCode::UNPROCESSABLE_ENTITY;
    match server.passwords.judge(&new, vec![user.label().to_owned(), user.email.to_string()]).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => return page(&account, unprocessable, wrong("new", password_error(words, error))).await,
        Err(PasswordError::Busy) => return busy(&account).await,
        Err(error) => return account.fault(&Fault::new("judge a password", error)).await,
    }
    let old = match prove_again(&server.ground, &server.passwords, &account.visit.origin, user, &current).await {
        Ok(Again::Proved(old)) => old,
        Ok(Again::Wrong) => return page(&account, unprocessable, wrong("current", words.say("password-current-wrong"))).await,
        Ok(Again::Slow(slow)) => {
            let seconds = slow.seconds();
            let message = words.counted("sign-in-slow", "seconds", seconds);
            let mut answer = page(&account, StatusCode::TOO_MANY_REQUESTS, wrong("current", message)).await;
            answer.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
            return answer;
        }
        Ok(Again::Busy) => return busy(&account).await,
        Err(fault) => return account.fault(&fault).await,
    };
    if current.expose() == new.expose() {
        return page(&account, unprocessable, wrong("new", words.say("password-same"))).await;
    }
    let hash = match server.passwords.hash(&new).await {
        Ok(hash) => hash,
        Err(PasswordError::Busy) => return busy(&account).await,
        Err(error) => return account.fault(&Fault::new("hash a password", error)).await,
    };
    let organization = account.visit.frame().await.organization;
    let letters = Letters { issuer: server.issuer(), organization: &organization };
    let stays = (&account.person.session, &account.context);
    let changed =
        server.ground.work(&account.person.actor(), &account.visit.origin, async |work| password::change(work, user, stays, &old, &hash, &letters).await).await;
    match changed {
        Ok(started) => {
            let cookie = cookies::set(&server, &account.context.cookie(), started.secret.expose(), account.context.policy().maximum);
            with_cookie(Account::done(paths::PASSWORD, "password"), &cookie)
        }
        Err(ChangeError::Overtaken) => account.visit.error_page(StatusCode::CONFLICT, ErrorWords::Overtaken).await,
        Err(ChangeError::ShutOut) => account.visit.error_page(StatusCode::FORBIDDEN, ErrorWords::SignedOut).await,
        Err(ChangeError::Fault(fault)) => account.fault(&fault).await,
    }
}
