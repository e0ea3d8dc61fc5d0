//! Every path, and every link to ourselves. No link is built from a request's headers.

mod links;

pub use links::{
    access_at, app, app_stage, audit_event, client, client_access, client_period, client_revoke, deeds, given, group, group_period, group_remove, group_roles,
    history, holders_of_app_role, holders_of_permission, holders_of_platform_permission, invitations_sent, invite_all_to, invite_file, invite_to, letter,
    of_request, own_page, own_permission, period, revoke, role, sent_invitation, sign_in_as, sign_in_to, stage, try_it, user, user_access, user_holds,
    user_token, why,
};

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
/// The API clients.
pub const CLIENTS: &str = "/portal/clients";
/// The API clients as CSV.
pub const CLIENTS_CSV: &str = "/portal/clients.csv";
/// An API client.
pub const CLIENT: &str = "/portal/clients/{client_id}";
/// Suspending or resuming an API client.
pub const CLIENT_STATUS: &str = "/portal/clients/{client_id}/status";
/// Giving roles to an API client.
pub const CLIENT_GIVE: &str = "/portal/clients/{client_id}/give";
/// Changing when a role that an API client holds is in force.
pub const CLIENT_PERIOD: &str = "/portal/clients/{client_id}/period";
/// Taking a role away from an API client.
pub const CLIENT_REVOKE: &str = "/portal/clients/{client_id}/revoke";
/// A new secret for an API client.
pub const CLIENT_NEW_SECRET: &str = "/portal/clients/{client_id}/new-secret";
/// Ending a secret of an API client.
pub const CLIENT_END_SECRET: &str = "/portal/clients/{client_id}/end-secret";
/// Removing an API client.
pub const CLIENT_REMOVE: &str = "/portal/clients/{client_id}/remove";
/// What an API client may do, and why.
pub const CLIENT_ACCESS: &str = "/portal/clients/{client_id}/access";
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
/// Everything of one kind that a user holds.
pub const USER_HOLDS: &str = "/portal/users/{id}/holds/{kind}";
/// Editing the profile of a user.
pub const USER_EDIT: &str = "/portal/users/{id}/edit";
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
/// The organization roles as CSV.
pub const ROLES_CSV: &str = "/portal/roles.csv";
/// The form that makes one.
pub const NEW_ROLE: &str = "/portal/roles/new";
/// The organization's own permissions.
pub const OWN_PERMISSIONS: &str = "/portal/roles/permissions";
/// These as CSV.
pub const OWN_PERMISSIONS_CSV: &str = "/portal/roles/permissions.csv";
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
/// Its members as CSV.
pub const GROUP_MEMBERS_CSV: &str = "/portal/groups/{id}/members.csv";
/// Every role of a group, and giving it one.
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
/// The stages as CSV.
pub const STAGES_CSV: &str = "/portal/stages.csv";
/// The form that makes a stage.
pub const NEW_STAGE: &str = "/portal/stages/new";
/// A stage.
pub const STAGE: &str = "/portal/stages/{id}";
/// Moving a stage by one place.
pub const STAGE_MOVE: &str = "/portal/stages/{id}/move";
/// Deleting a stage.
pub const STAGE_DELETE: &str = "/portal/stages/{id}/delete";
/// The settings.
pub const SETTINGS: &str = "/portal/settings";
/// How long sessions of our own pages last.
pub const SETTINGS_SESSIONS: &str = "/portal/settings/sessions";
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

/// Name, language and the like of whoever looks.
pub const PROFILE: &str = "/account/profile";
/// Their password.
pub const PASSWORD: &str = "/account/password";
/// Their sessions.
pub const SESSIONS: &str = "/account/sessions";
/// What they hold, and why.
pub const ACCESS: &str = "/account/access";

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
/// Its permissions as CSV.
pub const APP_PERMISSIONS_CSV: &str = "/portal/apps/{app}/{stage}/permissions.csv";
/// The form that adds a permission.
pub const APP_NEW_PERMISSION: &str = "/portal/apps/{app}/{stage}/new-permission";
/// A permission.
pub const APP_PERMISSION: &str = "/portal/apps/{app}/{stage}/permissions/{of}";
/// Removing a permission.
pub const APP_PERMISSION_REMOVE: &str = "/portal/apps/{app}/{stage}/permissions/{of}/remove";
/// Its roles.
pub const APP_ROLES: &str = "/portal/apps/{app}/{stage}/roles";
/// Its roles as CSV.
pub const APP_ROLES_CSV: &str = "/portal/apps/{app}/{stage}/roles.csv";
/// The form that adds a role.
pub const APP_NEW_ROLE: &str = "/portal/apps/{app}/{stage}/new-role";
/// A role.
pub const APP_ROLE: &str = "/portal/apps/{app}/{stage}/roles/{of}";
/// Removing a role.
pub const APP_ROLE_REMOVE: &str = "/portal/apps/{app}/{stage}/roles/{of}/remove";
/// Its clients.
pub const APP_CLIENTS: &str = "/portal/apps/{app}/{stage}/clients";
/// Its clients as CSV.
pub const APP_CLIENTS_CSV: &str = "/portal/apps/{app}/{stage}/clients.csv";
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
/// These as CSV.
pub const APP_SHARED_ROLES_CSV: &str = "/portal/apps/{app}/{stage}/shared-roles.csv";
/// The form that lists shared roles.
pub const APP_LIST_ROLES: &str = "/portal/apps/{app}/{stage}/list-roles";
/// Listing a shared role no more.
pub const APP_SHARED_ROLE_REMOVE: &str = "/portal/apps/{app}/{stage}/shared-roles/{of}/remove";

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
