//! What there is, in the words of events: each row as the rules read it, with what events tell beside it.

use super::replay::end;
use super::things::Things;
use gatehouse::access::app::{self, deployment, listed, permission};
use gatehouse::access::grant::{EndUserGrant, OrganizationGrant};
use gatehouse::access::role::end_user;
use gatehouse::access::role::organization::OrganizationRole;
use gatehouse::access::stage;
use gatehouse::all;
use gatehouse::base::id::{AppId, ClientId, EndUserRoleId, GroupId, InvitationId, OfferId, OrganizationRoleId, StageId, UserId};
use gatehouse::base::time::Timestamp;
use gatehouse::db::{PeriodColumns, Tx};
use gatehouse::identity::group::{Group, Membership};
use gatehouse::identity::organization::{self, brand};
use gatehouse::identity::user;
use gatehouse::oauth::client;
use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

/// A grant of an organization role, with whoever holds it.
#[derive(sqlx::FromRow)]
struct Organizational {
    user_id: Option<UserId>,
    client_id: Option<ClientId>,
    #[sqlx(flatten)]
    grant: OrganizationGrant,
}

/// A grant of an end-user role, with whoever holds it.
#[derive(sqlx::FromRow)]
struct EndUsers {
    user_id: Option<UserId>,
    group_id: Option<GroupId>,
    #[sqlx(flatten)]
    grant: EndUserGrant,
}

/// A membership, with whose it is.
#[derive(sqlx::FromRow)]
struct Of {
    user_id: UserId,
    #[sqlx(flatten)]
    membership: Membership,
}

/// An invitation, its secrets left out.
#[derive(Serialize, sqlx::FromRow)]
struct Invitation {
    id: InvitationId,
    user_id: UserId,
    locale: String,
    invited_by_kind: String,
    invited_by_id: Option<Uuid>,
    invited_by_label: String,
    created_at: Timestamp,
    sent_at: Timestamp,
    expires_at: Timestamp,
    closed_at: Option<Timestamp>,
    outcome: Option<String>,
    version: i64,
}

/// What an open invitation offers.
#[derive(Serialize, sqlx::FromRow)]
struct Offer {
    id: OfferId,
    invitation_id: InvitationId,
    organization_role_id: Option<OrganizationRoleId>,
    app_id: Option<AppId>,
    end_user_role_id: Option<EndUserRoleId>,
    group_id: Option<GroupId>,
    #[sqlx(flatten)]
    period: PeriodColumns,
    reason: Option<String>,
    offered_by_kind: String,
    offered_by_id: Option<Uuid>,
    offered_by_label: String,
    offered_at: Timestamp,
}

/// A row with something beside it.
fn with(row: &impl Serialize, name: &str, value: Value) -> Value {
    let mut row = serde_json::to_value(row).expect("JSON");
    row[name] = value;
    row
}

/// Everything of the model.
pub async fn read(tx: &mut Tx) -> Things {
    let mut there = Things::default();
    if let Some(organization) = organization::load(tx).await.expect("rows") {
        there.put("organization", &organization.id.to_string(), &organization);
    }
    there.put("brand", "1", &brand::load(tx).await.expect("rows"));
    for stage in stage::all(tx).await.expect("rows") {
        there.put("stage", &stage.id.to_string(), &stage);
    }
    for (key, definition) in all!(tx, (String, String), "SELECT key, definition FROM organization_permissions").expect("rows") {
        let definition: Value = serde_json::from_str(&definition).expect("JSON");
        there.put("organization_permission", &key, &definition);
    }
    organization_roles(tx, &mut there).await;
    apps(tx, &mut there).await;
    clients(tx, &mut there).await;
    people(tx, &mut there).await;
    given(tx, &mut there).await;
    invitations(tx, &mut there).await;
    there
}

async fn organization_roles(tx: &mut Tx, there: &mut Things) {
    // Those that are built in come with the first start, which is no change of anybody's and writes no event.
    let roles = all!(tx, OrganizationRole, "SELECT id, key, name, description, built_in, version FROM organization_roles WHERE NOT built_in").expect("rows");
    for role in roles {
        let entries =
            all!(tx, (String, String, Option<StageId>), "SELECT permission, counts, stage_id FROM organization_role_entries WHERE role_id = $1", role.id)
                .expect("rows");
        let permissions: Value = entries.iter().map(|(permission, ..)| permission.as_str()).collect();
        let entries: Value =
            entries.iter().map(|(permission, counts, stage)| json!({ "permission": permission, "counts": counts, "stage_id": stage })).collect();
        there.put("organization_role", &role.id.to_string(), &with(&with(&role, "entries", entries), "permissions", permissions));
    }
}

async fn apps(tx: &mut Tx, there: &mut Things) {
    for app in app::all(tx).await.expect("rows") {
        there.put("app", &app.id.to_string(), &app);
    }
    for home in deployment::all(tx).await.expect("rows") {
        let id = home.id.to_string();
        there.put("deployment", &id, &home);
        for whole in permission::of_deployment(tx, home.id).await.expect("rows") {
            there.put("app_permission", &whole.permission.id.to_string(), &with(&whole, "deployment_id", json!(id)));
        }
        let held = end_user::permissions_of(tx, home.id).await.expect("rows");
        for role in end_user::of_deployment(tx, home.id).await.expect("rows") {
            let permissions = json!(held.get(&role.id).cloned().unwrap_or_default());
            there.put("end_user_role", &role.id.to_string(), &with(&role, "permissions", permissions));
        }
        let claims: Vec<String> = listed::of_deployment(tx, home.id).await.expect("rows").iter().map(listed::SharedRole::claim).collect();
        if !claims.is_empty() {
            there.put("listed_roles", &id, &json!({ "claims": claims }));
        }
    }
}

async fn clients(tx: &mut Tx, there: &mut Things) {
    for (id,) in all!(tx, (ClientId,), "SELECT id FROM clients").expect("rows") {
        let client = client::by_id(tx, id).await.expect("rows").expect("a client");
        there.put("client", &id.to_string(), &client);
        let secrets = client::stored_secrets(tx, id).await.expect("rows").len();
        if secrets > 0 {
            there.put("client_secrets", &id.to_string(), &json!({ "count": secrets }));
        }
    }
}

async fn people(tx: &mut Tx, there: &mut Things) {
    for (id,) in all!(tx, (UserId,), "SELECT id FROM users").expect("rows") {
        let user = user::by_id(tx, id).await.expect("rows").expect("a user");
        there.put("user", &id.to_string(), &user);
    }
    for group in all!(tx, Group, "SELECT id, stage_id, key, name, description, version FROM groups").expect("rows") {
        there.put("group", &group.id.to_string(), &group);
    }
}

async fn given(tx: &mut Tx, there: &mut Things) {
    let grants = all!(
        tx,
        Organizational,
        "SELECT user_id, client_id, id, role_id, app_id, starts_at, ends_at, reason, granted_by_kind, granted_by_id, granted_by_label, granted_at
         FROM organization_grants"
    );
    for Organizational { user_id, client_id, grant } in grants.expect("rows") {
        let holder = user_id.map(|id| format!("user:{id}")).or_else(|| client_id.map(|id| format!("client:{id}")));
        there.put("organization_grant", &grant.id.to_string(), &with(&grant, "holder", json!(holder)));
    }
    let grants = all!(
        tx,
        EndUsers,
        "SELECT user_id, group_id, id, role_id, starts_at, ends_at, reason, granted_by_kind, granted_by_id, granted_by_label, granted_at
         FROM end_user_grants"
    );
    for EndUsers { user_id, group_id, grant } in grants.expect("rows") {
        let holder = user_id.map(|id| format!("user:{id}")).or_else(|| group_id.map(|id| format!("group:{id}")));
        there.put("end_user_grant", &grant.id.to_string(), &with(&grant, "holder", json!(holder)));
    }
    let memberships =
        all!(tx, Of, "SELECT user_id, id, group_id, starts_at, ends_at, reason, granted_by_kind, granted_by_id, granted_by_label, granted_at FROM memberships");
    for Of { user_id, membership } in memberships.expect("rows") {
        there.put("membership", &membership.id.to_string(), &with(&membership, "holder", json!(format!("user:{user_id}"))));
    }
}

async fn invitations(tx: &mut Tx, there: &mut Things) {
    let rows = all!(
        tx,
        Invitation,
        "SELECT id, user_id, locale, invited_by_kind, invited_by_id, invited_by_label, created_at, sent_at, expires_at, closed_at, outcome, version
         FROM invitations"
    );
    for invitation in rows.expect("rows") {
        let mut row = serde_json::to_value(&invitation).expect("JSON");
        if let (Some(outcome), Some(fields)) = (invitation.outcome.as_deref(), row.as_object_mut()) {
            end(fields, outcome);
        }
        there.put("invitation", &invitation.id.to_string(), &row);
    }
    // What those that ended offered is history: it goes with the roles and groups.
    let rows = all!(
        tx,
        Offer,
        "SELECT o.id, o.invitation_id, o.organization_role_id, o.app_id, o.end_user_role_id, o.group_id, o.starts_at, o.ends_at, o.reason,
         o.offered_by_kind, o.offered_by_id, o.offered_by_label, o.offered_at
         FROM invitation_offers o JOIN invitations i ON i.id = o.invitation_id WHERE i.closed_at IS NULL"
    );
    for offer in rows.expect("rows") {
        there.put("offer", &offer.id.to_string(), &offer);
    }
}
