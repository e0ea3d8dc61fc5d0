//! Every path, and every link to ourselves. No link is built from a request's headers.

use crate::access::app::App;
use crate::access::explain::What;
use crate::access::stage::Stage;
use crate::base::id::{BulkInvitationId, EndUserRoleId, EventId, GroupId, InvitationId, LetterId, OrganizationRoleId, StageId, UserId};
use crate::base::text::EmailAddress;

/// The front page.
pub const HOME: &str = "/";
/// The authorization endpoint.
pub const AUTHORIZE: &str = "/oauth2/authorize";
/// The token endpoint.
pub const TOKEN: &str = "/oauth2/token";
/// Userinfo.
pub const USERINFO: &str = "/oauth2/userinfo";
/// The claims that did not fit into a token.
pub const CLAIMS: &str = crate::oauth::provider::CLAIMS_PATH;
/// Introspection (RFC 7662).
pub const INTROSPECT: &str = "/oauth2/introspect";
/// Revocation (RFC 7009).
pub const REVOKE_TOKEN: &str = "/oauth2/revoke";
/// RP-initiated logout.
pub const LOGOUT_ENDPOINT: &str = "/oauth2/logout";
/// The public keys.
pub const KEYS: &str = "/.well-known/jwks.json";
/// Discovery (OpenID Connect).
pub const DISCOVERY: &str = "/.well-known/openid-configuration";
/// Discovery (RFC 8414).
pub const SERVER_METADATA: &str = "/.well-known/oauth-authorization-server";
/// Signing in.
pub const LOGIN: &str = "/login";
/// Signing in to our own pages: the portal and the account.
pub const SIGN_IN: &str = "/sign-in";
/// Consent.
pub const CONSENT: &str = "/consent";
/// The question whether to sign out.
pub const LOGOUT: &str = "/logout";
/// After signing out.
pub const SIGNED_OUT: &str = "/signed-out";
/// An invitation, once its secret is in a cookie; also where accepting is posted.
pub const INVITATION: &str = "/invitations/accept";
/// Declining.
pub const DECLINE: &str = "/invitations/decline";
/// The code of an invitation.
pub const INVITATION_CODE: &str = "/invitations/code";
/// The link of an invitation.
pub const INVITATION_LINK: &str = "/invitations/{token}";
/// The process is alive.
pub const HEALTHZ: &str = "/healthz";
/// Requests can be answered.
pub const READYZ: &str = "/readyz";

/// The portal: its overview.
pub const PORTAL: &str = "/portal";
/// Signing out of our own pages.
pub const SIGN_OUT: &str = "/sign-out";
/// The users.
pub const USERS: &str = "/portal/users";
/// The users as CSV.
pub const USERS_CSV: &str = "/portal/users.csv";
/// A user.
pub const USER: &str = "/portal/users/{id}";
/// Deactivating or activating a user.
pub const USER_STATUS: &str = "/portal/users/{id}/status";
/// Ending sessions of a user.
pub const USER_SESSIONS: &str = "/portal/users/{id}/sessions";
/// The token that a user would get.
pub const USER_TOKEN: &str = "/portal/users/{id}/token";
/// What a user may do, and why.
pub const USER_ACCESS: &str = "/portal/users/{id}/access";
/// Who has a permission.
pub const ACCESS_PERMISSION: &str = "/portal/access/permission";
/// Who has a permission, as CSV.
pub const ACCESS_PERMISSION_CSV: &str = "/portal/access/permission.csv";
/// Who holds a role.
pub const ACCESS_ROLE: &str = "/portal/access/role";
/// Who holds a role, as CSV.
pub const ACCESS_ROLE_CSV: &str = "/portal/access/role.csv";
/// Who may sign in to an app at a stage.
pub const APP_PEOPLE: &str = "/portal/apps/{app}/{stage}/people";
/// Who may sign in to an app at a stage, as CSV.
pub const APP_PEOPLE_CSV: &str = "/portal/apps/{app}/{stage}/people.csv";
/// Taking something away from a user.
pub const USER_REVOKE: &str = "/portal/users/{id}/revoke";
/// Giving a user access.
pub const USER_GIVE: &str = "/portal/users/{id}/give";
/// Changing when something that a user holds is in force.
pub const USER_PERIOD: &str = "/portal/users/{id}/period";
/// Deleting a user.
pub const USER_DELETE: &str = "/portal/users/{id}/delete";
/// The invitations.
pub const INVITATIONS: &str = "/portal/invitations";
/// The invitations that were not accepted in time.
pub const INVITATIONS_EXPIRED: &str = "/portal/invitations?state=expired";
/// The form that invites people, or gives more to those who are here.
pub const NEW_INVITATION: &str = "/portal/invitations/new";
/// The invitations as CSV.
pub const INVITATIONS_CSV: &str = "/portal/invitations.csv";
/// What became of the form that invites people.
pub const INVITATIONS_SENT: &str = "/portal/invitations/sent";
/// The form that invites many people at once by a file, and the files before it.
pub const INVITE_MANY: &str = "/portal/invitations/many";
/// An example of such a file.
pub const INVITE_MANY_SAMPLE: &str = "/portal/invitations/many/sample.csv";
/// A file of invitations: what it would do, does, or did.
pub const INVITE_FILE: &str = "/portal/invitations/many/{id}";
/// Its rows with what became of them as CSV.
pub const INVITE_FILE_CSV: &str = "/portal/invitations/many/{id}/rows.csv";
/// Ending it before every row was carried out.
pub const INVITE_FILE_CANCEL: &str = "/portal/invitations/many/{id}/cancel";
/// An invitation that was sent.
pub const SENT_INVITATION: &str = "/portal/invitations/{id}";
/// Sending an invitation again.
pub const RESEND_INVITATION: &str = "/portal/invitations/{id}/resend";
/// Taking an invitation back.
pub const REVOKE_INVITATION: &str = "/portal/invitations/{id}/revoke";
/// Organization roles.
pub const ROLES: &str = "/portal/roles";
/// The form that makes one.
pub const NEW_ROLE: &str = "/portal/roles/new";
/// The organization's own permissions.
pub const OWN_PERMISSIONS: &str = "/portal/roles/permissions";
/// The form that makes one.
pub const NEW_OWN_PERMISSION: &str = "/portal/roles/permissions/new";
/// One of them.
pub const OWN_PERMISSION: &str = "/portal/roles/permissions/{key}";
/// The question whether it goes.
pub const OWN_PERMISSION_REMOVE: &str = "/portal/roles/permissions/{key}/remove";
/// One organization role.
pub const ROLE: &str = "/portal/roles/{id}";
/// The question whether it goes.
pub const ROLE_REMOVE: &str = "/portal/roles/{id}/remove";
/// The groups.
pub const GROUPS: &str = "/portal/groups";
/// The groups as CSV.
pub const GROUPS_CSV: &str = "/portal/groups.csv";
/// The form that makes a group.
pub const NEW_GROUP: &str = "/portal/groups/new";
/// A group.
pub const GROUP: &str = "/portal/groups/{id}";
/// The form that makes people members.
pub const GROUP_MEMBERS: &str = "/portal/groups/{id}/members";
/// Giving a role to a group.
pub const GROUP_ROLES: &str = "/portal/groups/{id}/roles";
/// Taking a member or a role out of a group.
pub const GROUP_REMOVE: &str = "/portal/groups/{id}/remove";
/// Changing when a membership or a role of a group is in force.
pub const GROUP_PERIOD: &str = "/portal/groups/{id}/period";
/// Deleting a group.
pub const GROUP_DELETE: &str = "/portal/groups/{id}/delete";
/// The apps.
pub const APPS: &str = "/portal/apps";
/// The form that makes an app.
pub const NEW_APP: &str = "/portal/apps/new";
/// The stages.
pub const STAGES: &str = "/portal/stages";
/// The form that makes a stage.
pub const NEW_STAGE: &str = "/portal/stages/new";
/// A stage.
pub const STAGE: &str = "/portal/stages/{id}";
/// Deleting a stage.
pub const STAGE_DELETE: &str = "/portal/stages/{id}/delete";
/// The settings.
pub const SETTINGS: &str = "/portal/settings";
/// The settings of the look.
pub const SETTINGS_APPEARANCE: &str = "/portal/settings/appearance";
/// Where a logo is uploaded.
pub const SETTINGS_LOGO: &str = "/portal/settings/logo";
/// The settings of mail.
pub const SETTINGS_MAIL: &str = "/portal/settings/mail";
/// The audit trail.
pub const AUDIT: &str = "/portal/audit";
/// The audit trail as CSV.
pub const AUDIT_CSV: &str = "/portal/audit.csv";
/// The audit trail as NDJSON: one JSON object in each line.
pub const AUDIT_NDJSON: &str = "/portal/audit.ndjson";
/// One event of the audit trail.
pub const AUDIT_EVENT: &str = "/portal/audit/{id}";
/// The built-in mailbox.
pub const MAILBOX: &str = "/portal/mailbox";
/// A letter in it.
pub const LETTER: &str = "/portal/mailbox/{id}";
/// Setup, once the token of the claim link is in a cookie.
pub const SETUP: &str = "/setup";
/// Setup: the name of the organization and its stages.
pub const SETUP_ORGANIZATION: &str = "/setup/organization";
/// Setup: the owner.
pub const SETUP_OWNER: &str = "/setup/owner";
/// Setup: mail.
pub const SETUP_MAIL: &str = "/setup/mail";
/// Setup: the first app.
pub const SETUP_APP: &str = "/setup/app";
/// The claim link.
pub const SETUP_LINK: &str = "/setup/{token}";
/// The demo app of an app at a stage.
pub const TRY: &str = "/try/{app}/{stage}";
/// Switching the demo app on.
pub const TRY_ENABLE: &str = "/try/{app}/{stage}/enable";
/// Where the demo app is called back.
pub const TRY_CALLBACK: &str = "/try/callback";
/// Every part of the design system on one page: in debug builds only.
#[cfg(any(test, debug_assertions))]
pub const DESIGN: &str = "/portal/design";
/// The account of whoever looks.
pub const ACCOUNT: &str = "/account";

/// The bundled demo, as an app at a stage.
pub fn try_it(app: impl std::fmt::Display, stage: impl std::fmt::Display) -> String {
    format!("/try/{app}/{stage}")
}

/// The page of a letter.
pub fn letter(id: LetterId) -> String {
    format!("{MAILBOX}/{id}")
}

/// Name, language and the like of whoever looks.
pub const PROFILE: &str = "/account/profile";
/// Their password.
pub const PASSWORD: &str = "/account/password";
/// Their sessions.
pub const SESSIONS: &str = "/account/sessions";
/// What they hold, and why.
pub const ACCESS: &str = "/account/access";

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

/// The page that shows what apps would be told of a user.
pub fn user_token(id: UserId) -> String {
    format!("{USERS}/{id}/token")
}

/// The apps as CSV.
pub const APPS_CSV: &str = "/portal/apps.csv";
/// An app.
pub const APP: &str = "/portal/apps/{app}";
/// An app at a stage.
pub const APP_STAGE: &str = "/portal/apps/{app}/{stage}";
/// Its settings; where it is not deployed yet, the form that does it.
pub const APP_SETTINGS: &str = "/portal/apps/{app}/{stage}/settings";
/// Its permissions.
pub const APP_PERMISSIONS: &str = "/portal/apps/{app}/{stage}/permissions";
/// The form that adds a permission.
pub const APP_NEW_PERMISSION: &str = "/portal/apps/{app}/{stage}/new-permission";
/// A permission.
pub const APP_PERMISSION: &str = "/portal/apps/{app}/{stage}/permissions/{of}";
/// Removing a permission.
pub const APP_PERMISSION_REMOVE: &str = "/portal/apps/{app}/{stage}/permissions/{of}/remove";
/// Its roles.
pub const APP_ROLES: &str = "/portal/apps/{app}/{stage}/roles";
/// The form that adds a role.
pub const APP_NEW_ROLE: &str = "/portal/apps/{app}/{stage}/new-role";
/// A role.
pub const APP_ROLE: &str = "/portal/apps/{app}/{stage}/roles/{of}";
/// Removing a role.
pub const APP_ROLE_REMOVE: &str = "/portal/apps/{app}/{stage}/roles/{of}/remove";
/// Its clients.
pub const APP_CLIENTS: &str = "/portal/apps/{app}/{stage}/clients";
/// The form that adds a client.
pub const APP_NEW_CLIENT: &str = "/portal/apps/{app}/{stage}/new-client";
/// A client.
pub const APP_CLIENT: &str = "/portal/apps/{app}/{stage}/clients/{of}";
/// Changing a client.
pub const APP_CLIENT_EDIT: &str = "/portal/apps/{app}/{stage}/clients/{of}/edit";
/// A new secret for a client.
pub const APP_CLIENT_NEW_SECRET: &str = "/portal/apps/{app}/{stage}/clients/{of}/new-secret";
/// Ending a secret of a client.
pub const APP_CLIENT_END_SECRET: &str = "/portal/apps/{app}/{stage}/clients/{of}/end-secret";
/// Suspending or resuming a client.
pub const APP_CLIENT_STATUS: &str = "/portal/apps/{app}/{stage}/clients/{of}/status";
/// Removing a client.
pub const APP_CLIENT_REMOVE: &str = "/portal/apps/{app}/{stage}/clients/{of}/remove";

/// Deleting an app. The part in the middle keeps it apart from a stage of that name.
pub const APP_DELETE: &str = "/portal/apps/{app}/-/delete";
/// Taking an app from a stage.
pub const APP_UNDEPLOY: &str = "/portal/apps/{app}/{stage}/undeploy";
/// Taking over to another stage what the app owns at this one.
pub const APP_PROMOTE: &str = "/portal/apps/{app}/{stage}/promote";
/// The shared roles of other apps that count in it.
pub const APP_SHARED_ROLES: &str = "/portal/apps/{app}/{stage}/shared-roles";
/// The form that lists shared roles.
pub const APP_LIST_ROLES: &str = "/portal/apps/{app}/{stage}/list-roles";
/// Listing a shared role no more.
pub const APP_SHARED_ROLE_REMOVE: &str = "/portal/apps/{app}/{stage}/shared-roles/{of}/remove";

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

/// Why a user has something at a place, which is `organization`, or an app and a stage.
pub fn why(id: UserId, at: &str, what: &What) -> String {
    let name = match what {
        What::Permission(_) => "permission",
        What::Role(_) => "role",
        What::OrganizationRole(_) => "org-role",
    };
    with_query(&format!("{USERS}/{id}/access"), &[("at", at), (name, what.key())])
}

/// What a user may do at an app and stage.
pub fn user_access(id: UserId, at: &str) -> String {
    with_query(&format!("{USERS}/{id}/access"), &[("at", at)])
}

/// Who holds an end-user role.
pub fn holders_of_app_role(id: EndUserRoleId) -> String {
    with_query(ACCESS_ROLE, &[("app-role", &id.to_string())])
}

/// Who has a permission at an app and stage.
pub fn holders_of_permission(key: &str, app: &str, stage: &str) -> String {
    with_query(ACCESS_PERMISSION, &[("key", key), ("app", app), ("stage", stage)])
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
    let most = super::portal::invitations::draft::MOST_ADDRESSES;
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

/// The page of a user, which says what was just given.
pub fn given(id: UserId, outcome: &str) -> String {
    with_query(&user(id), &[("given", outcome)])
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

/// The paths that the discovery document names.
pub const ENDPOINTS: crate::oauth::discovery::Endpoints<'static> = crate::oauth::discovery::Endpoints {
    authorize: AUTHORIZE,
    token: TOKEN,
    userinfo: USERINFO,
    introspection: INTROSPECT,
    revocation: REVOKE_TOKEN,
    keys: KEYS,
    logout: LOGOUT_ENDPOINT,
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_in_leads_to_our_own_pages_only() {
        for good in ["/portal", "/account", "/portal/users?q=a%20b&page=2", "/account/sessions"] {
            assert_eq!(own_page(good), Some(good));
        }
        for bad in [
            "",
            "/",
            "//evil.example",
            "/portalevil",
            "https://evil.example/portal",
            "/portal//evil.example",
            "/portal/../login",
            "/portal\\evil",
            "/portal\n",
            "/logout",
        ] {
            assert_eq!(own_page(bad), None, "{bad:?}");
        }
        assert_eq!(sign_in_to("/portal/users?q=a&b"), "/sign-in?to=%2Fportal%2Fusers%3Fq%3Da%26b");
    }
}
