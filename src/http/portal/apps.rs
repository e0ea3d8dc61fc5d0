//! `/portal/apps`: apps, where they are deployed, and what they own there: permissions, roles and clients.

pub mod app;
pub mod client;
pub mod deployment;
pub mod end;
mod export;
pub mod form;
pub mod index;
pub mod new;
pub mod parts;
pub mod permission;
pub(in crate::http::portal) mod place;
pub mod promote;
pub mod role;
pub mod shared;

use super::Portal;
use crate::base::fault::Fault;
use crate::http::paths;
use crate::http::visit::Visit;
use actix_web::HttpResponse;
use actix_web::web::{ServiceConfig, get, post, resource};

/// Every route of the section.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(resource(paths::APPS).route(get().to(index::show)))
        .service(resource(paths::APPS_CSV).route(get().to(index::csv)))
        .service(resource(paths::NEW_APP).route(get().to(new::show)).route(post().to(new::create)))
        .service(resource(paths::APP).route(get().to(app::show)).route(post().to(app::change)))
        .service(resource(paths::APP_STAGE).route(get().to(deployment::show)))
        .service(resource(paths::APP_SETTINGS).route(get().to(deployment::form)).route(post().to(deployment::save)))
        .service(resource(paths::APP_PERMISSIONS).route(get().to(permission::list)))
        .service(resource(paths::APP_PERMISSIONS_CSV).route(get().to(export::permissions)))
        .service(resource(paths::APP_NEW_PERMISSION).route(get().to(permission::new)).route(post().to(permission::add)))
        .service(resource(paths::APP_PERMISSION_REMOVE).route(get().to(permission::ask)).route(post().to(permission::remove)))
        .service(resource(paths::APP_PERMISSION).route(get().to(permission::show)).route(post().to(permission::change)))
        .service(resource(paths::APP_ROLES).route(get().to(role::list)))
        .service(resource(paths::APP_ROLES_CSV).route(get().to(export::roles)))
        .service(resource(paths::APP_NEW_ROLE).route(get().to(role::new)).route(post().to(role::add)))
        .service(resource(paths::APP_ROLE_REMOVE).route(get().to(role::ask)).route(post().to(role::remove)))
        .service(resource(paths::APP_ROLE).route(get().to(role::show)).route(post().to(role::change)))
        .service(resource(paths::APP_CLIENTS).route(get().to(client::list)))
        .service(resource(paths::APP_CLIENTS_CSV).route(get().to(export::clients)))
        .service(resource(paths::APP_NEW_CLIENT).route(get().to(client::new::show)).route(post().to(client::new::create)))
        .service(resource(paths::APP_CLIENT_EDIT).route(get().to(client::edit::show)).route(post().to(client::edit::save)))
        .service(resource(paths::APP_CLIENT_NEW_SECRET).route(post().to(client::secret::add)))
        .service(resource(paths::APP_CLIENT_END_SECRET).route(post().to(client::secret::end)))
        .service(resource(paths::APP_CLIENT_STATUS).route(post().to(client::set_status)))
        .service(resource(paths::APP_CLIENT_REMOVE).route(get().to(client::ask)).route(post().to(client::remove)))
        .service(resource(paths::APP_CLIENT).route(get().to(client::show)))
        .configure(life);
}

/// The routes of what becomes of an app as a whole.
fn life(config: &mut ServiceConfig) {
    config
        .service(resource(paths::APP_PROMOTE).route(get().to(promote::show)).route(post().to(promote::apply)))
        .service(resource(paths::APP_UNDEPLOY).route(get().to(end::ask_undeploy)).route(post().to(end::undeploy)))
        .service(resource(paths::APP_DELETE).route(get().to(end::ask_delete)).route(post().to(end::delete)))
        .service(resource(paths::APP_SHARED_ROLES).route(get().to(shared::list)))
        .service(resource(paths::APP_SHARED_ROLES_CSV).route(get().to(export::shared_roles)))
        .service(resource(paths::APP_LIST_ROLES).route(get().to(shared::form)).route(post().to(shared::add)))
        .service(resource(paths::APP_SHARED_ROLE_REMOVE).route(get().to(shared::ask)).route(post().to(shared::remove)));
}

/// What a page answers: itself, or what stands in its way.
type Answer = Result<HttpResponse, HttpResponse>;

/// One or the other: both are answers.
async fn either(answer: impl Future<Output = Answer>) -> HttpResponse {
    answer.await.unwrap_or_else(|answer| answer)
}

/// Lets in whoever may see an app somewhere.
async fn enter(visit: Visit) -> Result<Portal, HttpResponse> {
    Portal::enter(visit, &["app.view"]).await
}

impl Portal {
    /// What was read, or the answer to a fault.
    async fn good<T>(&self, read: Result<T, Fault>) -> Result<T, HttpResponse> {
        match read {
            Ok(read) => Ok(read),
            Err(fault) => Err(self.fault(&fault).await),
        }
    }
}
