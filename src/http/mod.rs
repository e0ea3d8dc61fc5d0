//! Floor 6: the pages and endpoints. Parse, one rule, commit, render. Every route stands on this screen, or in
//! the `routes` of its folder.

pub mod account;
pub mod brand;
pub mod claims;
pub mod cookies;
pub mod csv;
pub mod demo;
pub mod device;
pub mod error;
pub mod guard;
pub mod health;
pub mod home;
pub mod journey;
pub mod listing;
pub mod login;
pub mod mail_form;
pub mod middleware;
pub mod oidc;
pub mod onward;
pub mod page;
pub mod paths;
pub mod permission_words;
pub mod person;
pub mod portal;
pub mod profile_form;
#[cfg(test)]
mod samples;
pub mod setup;
pub mod sign_out;
pub mod statics;
pub mod top;
pub mod typed;
pub mod upload;
pub mod visit;

use crate::base::fault::Fault;
use crate::server::Server;
use actix_cors::Cors;
use actix_web::dev;
use actix_web::http::header::{AUTHORIZATION, CONTENT_TYPE, WWW_AUTHENTICATE};
use actix_web::middleware::{Compress, from_fn};
use actix_web::web::{Data, ServiceConfig, get, post, resource, to};
use actix_web::{App, HttpServer};
use oidc::discovery::Discovery;
use std::net::TcpListener;
use std::sync::Arc;

/// Every route.
fn routes(config: &mut ServiceConfig) {
    config
        .service(resource(paths::DISCOVERY).wrap(open_to_scripts()).route(get().to(oidc::discovery::get)))
        .service(resource(paths::SERVER_METADATA).wrap(open_to_scripts()).route(get().to(oidc::discovery::get)))
        .service(resource(paths::KEYS).wrap(open_to_scripts()).route(get().to(oidc::keys::get)))
        .service(resource(paths::AUTHORIZE).route(get().to(oidc::authorize::get)).route(post().to(oidc::authorize::post)))
        .service(resource(paths::TOKEN).wrap(open_to_scripts()).route(post().to(oidc::token::post)))
        .service(resource(paths::USERINFO).wrap(open_to_scripts()).route(get().to(oidc::userinfo::get)).route(post().to(oidc::userinfo::post)))
        .service(resource(paths::CLAIMS).wrap(open_to_scripts()).route(get().to(oidc::claims::get)).route(post().to(oidc::claims::post)))
        .service(resource(paths::INTROSPECT).route(post().to(oidc::introspect::post)))
        .service(resource(paths::REVOKE_TOKEN).wrap(open_to_scripts()).route(post().to(oidc::revoke::post)))
        .service(resource(paths::LOGOUT_ENDPOINT).route(get().to(oidc::logout::get)).route(post().to(oidc::logout::post)))
        .service(resource(paths::LOGIN).route(get().to(login::sign_in::show)).route(post().to(login::sign_in::submit)))
        .service(resource(paths::SIGN_IN).route(get().to(login::own::show)).route(post().to(login::own::submit)))
        .service(resource(paths::SIGN_OUT).route(post().to(login::own::sign_out)))
        .service(resource(paths::CONSENT).route(get().to(login::consent::show)).route(post().to(login::consent::submit)))
        .service(resource(paths::LOGOUT).route(get().to(login::logout::show)).route(post().to(login::logout::submit)))
        .service(resource(paths::SIGNED_OUT).route(get().to(login::logout::signed_out)))
        .service(resource(paths::INVITATION).route(get().to(login::accept::show)).route(post().to(login::accept::accept)))
        .service(resource(paths::DECLINE).route(post().to(login::accept::decline)))
        .service(resource(paths::INVITATION_CODE).route(get().to(login::invitation_code::show)).route(post().to(login::invitation_code::submit)))
        .service(resource(paths::INVITATION_LINK).route(get().to(login::accept::open)))
        .service(resource(paths::HOME).route(get().to(home::show)))
        .configure(setup::routes)
        .configure(portal::routes)
        .configure(account::routes)
        .configure(demo::routes)
        .service(resource(brand::ACCENT).route(get().to(brand::accent)))
        .service(resource(brand::LOGO).route(get().to(brand::logo)))
        .service(resource(statics::ROUTE).route(get().to(statics::serve)))
        .service(resource(paths::HEALTHZ).route(get().to(health::alive)))
        .service(resource(paths::READYZ).route(get().to(health::ready)))
        .default_service(to(home::nothing_here));
}

/// CORS for what the scripts of registered apps call. These endpoints read no cookie, so any origin may call them and none
/// may send credentials.
fn open_to_scripts() -> Cors {
    Cors::default()
        .allow_any_origin()
        .send_wildcard()
        .allowed_methods(["GET", "POST"])
        .allowed_headers([AUTHORIZATION.as_str(), CONTENT_TYPE.as_str(), "DPoP"])
        .expose_headers([WWW_AUTHENTICATE.as_str(), "DPoP-Nonce"])
        .max_age(3_600)
}

/// Begins to answer on a listener. The server ends when its handle is told to, after the requests in flight.
pub fn serve(server: Arc<Server>, listener: TcpListener) -> Result<dev::Server, Fault> {
    let discovery = Data::new(Discovery::of(server.issuer())?);
    let itself = Data::new(demo::loopback::Itself::new(&server, listener.local_addr().map_err(|error| Fault::new("listen", error))?)?);
    let settings = &server.config.server;
    let (workers, patience) = (settings.workers, settings.shutdown_seconds.as_secs());
    let data = Data::from(server);
    let factory = move || {
        App::new()
            .app_data(data.clone())
            .app_data(discovery.clone())
            .app_data(itself.clone())
            .wrap(Compress::default())
            .wrap(from_fn(middleware::around))
            .configure(routes)
    };
    let fault = |error| Fault::new("listen", error);
    let running = HttpServer::new(factory)
        .workers(usize::try_from(workers).unwrap_or(1))
        .shutdown_timeout(patience)
        .disable_signals()
        .listen(listener)
        .map_err(fault)?
        .run();
    Ok(running)
}
