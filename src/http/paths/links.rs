//! Links to what has an id or a key.

use super::{
    ACCESS_PERMISSION, ACCESS_ROLE, ACCOUNT, APPS, AUDIT, CLIENTS, GROUPS, INVITATIONS, INVITATIONS_SENT, INVITE_MANY, MAILBOX, NEW_INVITATION,
    OWN_PERMISSIONS, PORTAL, ROLES, SIGN_IN, STAGES, USERS,
};
use crate::access::app::App;
use crate::access::explain::What;
use crate::access::stage::Stage;
use crate::base::id::{AppId, BulkInvitationId, EndUserRoleId, EventId, GroupId, InvitationId, LetterId, OrganizationRoleId, StageId, UserId};
use crate::base::text::EmailAddress;

/// The bundled demo, as an app at a stage.
pub fn try_it(app: impl std::fmt::Display, stage: impl std::fmt::Display) -> String {
    format!("/try/{app}/{stage}")
}

/// The page of a letter.
pub fn letter(id: LetterId) -> String {
    format!("{MAILBOX}/{id}")
}

/// The page of an invitation.
pub fn sent_invitation(id: InvitationId) -> String {
    format!("{INVITATIONS}/{id}")
}

/// The page of a file of invitations.
pub fn invite_file(id: BulkInvitationId) -> String {
    format!("{INVITE_MANY}/{id}")
}

/// The page that says what became of the form that invites people.
pub fn invitations_sent(outcome: &str) -> String {
    with_query(INVITATIONS_SENT, &[("of", outcome)])
}

/// The page of a user.
pub fn user(id: UserId) -> String {
    format!("{USERS}/{id}")
}

/// Everything of one kind that a user holds.
pub fn user_holds(id: UserId, kind: &str) -> String {
    format!("{USERS}/{id}/holds/{kind}")
}

/// The page that shows what apps would be told of a user.
pub fn user_token(id: UserId) -> String {
    format!("{USERS}/{id}/token")
}

/// The page of an app. An app may well be called `new`, where the form is: then its id stands for it.
pub fn app(app: &App) -> String {
    if app.key.as_str() == "new" { format!("{APPS}/{}", app.id) } else { format!("{APPS}/{}", app.key) }
}

/// The page of an app at a stage.
pub fn app_stage(of: &App, stage: &Stage) -> String {
    format!("{}/{}", app(of), stage.key)
}

/// The page of an organization role.
pub fn role(id: OrganizationRoleId) -> String {
    format!("{ROLES}/{id}")
}

/// The page of one of the organization's own permissions.
pub fn own_permission(key: &str) -> String {
    format!("{OWN_PERMISSIONS}/{key}")
}

/// The page of a group.
pub fn group(id: GroupId) -> String {
    format!("{GROUPS}/{id}")
}

/// Every role of a group.
pub fn group_roles(id: GroupId) -> String {
    format!("{GROUPS}/{id}/roles")
}

/// The page that takes somebody (`person`) or something (`role`) out of a group.
pub fn group_remove(id: GroupId, kind: &str, of: &str) -> String {
    with_query(&format!("{GROUPS}/{id}/remove"), &[(kind, of)])
}

/// The page that changes when a membership (`person`) or a role (`role`) of a group is in force.
pub fn group_period(id: GroupId, kind: &str, of: &str) -> String {
    with_query(&format!("{GROUPS}/{id}/period"), &[(kind, of)])
}

/// The page of a stage.
pub fn stage(id: StageId) -> String {
    format!("{STAGES}/{id}")
}

/// One event of the audit trail.
pub fn audit_event(id: EventId) -> String {
    format!("{AUDIT}/{id}")
}

/// Everything that the audit trail holds about something: a noun of its subjects (`user`, `app`, `end_user_role` ...) and an id.
pub fn history(kind: &str, id: impl std::fmt::Display) -> String {
    with_query(AUDIT, &[("about", &format!("{kind}:{id}"))])
}

/// Everything that somebody did.
pub fn deeds(id: impl std::fmt::Display) -> String {
    with_query(AUDIT, &[("who", &id.to_string())])
}

/// Everything that the audit trail holds about one request.
pub fn of_request(id: &str) -> String {
    with_query(AUDIT, &[("request", id)])
}

/// What a user may do, and why.
pub fn user_access(id: UserId) -> String {
    format!("{USERS}/{id}/access")
}

/// The page of an API client, by its public name.
pub fn client(client_id: &str) -> String {
    format!("{CLIENTS}/{client_id}")
}

/// What an API client may do, and why.
pub fn client_access(client_id: &str) -> String {
    format!("{CLIENTS}/{client_id}/access")
}

/// The page that takes a role, given at the organization or at an app, away from an API client.
pub fn client_revoke(client_id: &str, role: OrganizationRoleId, app: Option<AppId>) -> String {
    client_grant(client_id, "revoke", role, app)
}

/// The page that changes when a role of an API client is in force: named as in `client_revoke`.
pub fn client_period(client_id: &str, role: OrganizationRoleId, app: Option<AppId>) -> String {
    client_grant(client_id, "period", role, app)
}

fn client_grant(client_id: &str, page: &str, role: OrganizationRoleId, app: Option<AppId>) -> String {
    let (role, app) = (role.to_string(), app.map(|app| app.to_string()));
    let pairs = [("of", role.as_str())].into_iter().chain(app.as_deref().map(|app| ("app", app)));
    with_query(&format!("{CLIENTS}/{client_id}/{page}"), &pairs.collect::<Vec<_>>())
}

/// Such a page about a place, which is `organization`, or an app and a stage.
pub fn access_at(page: &str, at: &str) -> String {
    with_query(page, &[("at", at)])
}

/// Such a page about one thing at a place.
pub fn why(page: &str, at: &str, what: &What) -> String {
    let name = match what {
        What::Permission(_) => "permission",
        What::Role(_) => "role",
        What::OrganizationRole(_) => "org-role",
    };
    with_query(page, &[("at", at), (name, what.key())])
}

/// Who holds an end-user role.
pub fn holders_of_app_role(id: EndUserRoleId) -> String {
    with_query(ACCESS_ROLE, &[("app-role", &id.to_string())])
}

/// Who has a permission at an app and stage.
pub fn holders_of_permission(key: &str, app: &str, stage: &str) -> String {
    with_query(ACCESS_PERMISSION, &[("key", key), ("app", app), ("stage", stage)])
}

/// Who has a permission of the platform at the organization.
pub fn holders_of_platform_permission(key: &str) -> String {
    with_query(ACCESS_PERMISSION, &[("key", key)])
}

fn with_query(path: &str, pairs: &[(&str, &str)]) -> String {
    format!("{path}?{}", url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish())
}

/// The form that gives something to the person with this address.
pub fn invite_to(email: &EmailAddress) -> String {
    with_query(NEW_INVITATION, &[("email", email.as_str())])
}

/// The form that invites people to a group: as many of these addresses as it takes.
pub fn invite_all_to(emails: &[String], group: GroupId) -> String {
    let most = super::super::portal::invitations::draft::MOST_ADDRESSES;
    with_query(NEW_INVITATION, &[("email", &emails[..emails.len().min(most)].join("\n")), ("group", &group.to_string())])
}

/// The page that takes something away from a person: a `role` of the organization (at an app), an `app-role`, or a `group`.
pub fn revoke(id: UserId, kind: &str, of: &str, app: Option<&str>) -> String {
    let pairs = [("kind", kind), ("of", of)].into_iter().chain(app.map(|app| ("app", app)));
    with_query(&format!("{USERS}/{id}/revoke"), &pairs.collect::<Vec<_>>())
}

/// The page that changes when something that a person holds is in force: named as in `revoke`.
pub fn period(id: UserId, kind: &str, of: &str, app: Option<&str>) -> String {
    let pairs = [("kind", kind), ("of", of)].into_iter().chain(app.map(|app| ("app", app)));
    with_query(&format!("{USERS}/{id}/period"), &pairs.collect::<Vec<_>>())
}

/// The page of a user or an API client, which says what was just given.
pub fn given(page: &str, outcome: &str) -> String {
    with_query(page, &[("given", outcome)])
}

/// The sign-in page that leads on to one of our own pages.
pub fn sign_in_to(to: &str) -> String {
    with_query(SIGN_IN, &[("to", to)])
}

/// The same for the person with this address.
pub fn sign_in_as(email: &EmailAddress, to: &str) -> String {
    with_query(SIGN_IN, &[("to", to), ("as", email.as_str())])
}

/// A path of our own pages that a sign-in may lead to; anything else is `None`: nobody is sent to another site.
pub fn own_page(to: &str) -> Option<&str> {
    let path = to.split(['?', '#']).next().unwrap_or_default();
    let clean = to.len() <= 2_000 && to.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\') && !path.contains("//") && !path.contains("..");
    let ours = [PORTAL, ACCOUNT, "/try"].iter().any(|home| path == *home || path.strip_prefix(home).is_some_and(|rest| rest.starts_with('/')));
    (clean && ours).then_some(to)
}
