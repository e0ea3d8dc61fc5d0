-- One text for SQLite and PostgreSQL: UUID BYTEA BIGINT BOOLEAN TEXT and nothing else. Times are microseconds UTC.
-- Why each table looks as it does stands beside it; what rows mean stands in the noun's mod.rs.

-- Every work that changes the access model updates this row first, alone, before it reads: one writer on both databases.
CREATE TABLE access_lock (id BIGINT NOT NULL PRIMARY KEY, changes BIGINT NOT NULL);
INSERT INTO access_lock (id, changes) VALUES (1, 0);

-- Rises with every change of roles, permissions, stages, apps, deployments, clients, keys or settings: what caches ask.
CREATE TABLE configuration (id BIGINT NOT NULL PRIMARY KEY, counter BIGINT NOT NULL);
INSERT INTO configuration (id, counter) VALUES (1, 0);

-- Small facts about this database itself: the check value of the sealing key.
CREATE TABLE installation (name TEXT NOT NULL PRIMARY KEY, fact BYTEA NOT NULL);

CREATE TABLE organization (
    singleton BIGINT NOT NULL PRIMARY KEY CHECK (singleton = 1),
    id UUID NOT NULL UNIQUE,
    name TEXT NOT NULL,
    internal_domains TEXT NOT NULL,
    settings TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);

CREATE TABLE stages (
    id UUID NOT NULL PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    purpose TEXT NOT NULL,
    position BIGINT NOT NULL,
    session_maximum BIGINT NOT NULL,
    session_idle BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);

CREATE TABLE apps (
    id UUID NOT NULL PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    logo BYTEA,
    logo_type TEXT,
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);

CREATE TABLE deployments (
    id UUID NOT NULL PRIMARY KEY,
    app_id UUID NOT NULL REFERENCES apps (id),
    stage_id UUID NOT NULL REFERENCES stages (id),
    home_page TEXT,
    sign_in TEXT NOT NULL,
    resource TEXT NOT NULL UNIQUE,
    access_token_alg TEXT,
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE (app_id, stage_id),
    UNIQUE (id, stage_id)
);
CREATE INDEX deployments_stage ON deployments (stage_id);

-- A resource identifier belongs to one (app, stage) for ever, also after the deployment is gone.
CREATE TABLE resource_identifiers (
    identifier TEXT NOT NULL PRIMARY KEY,
    app_key TEXT NOT NULL,
    stage_key TEXT NOT NULL,
    claimed_at BIGINT NOT NULL
);

CREATE TABLE app_permissions (
    id UUID NOT NULL PRIMARY KEY,
    deployment_id UUID NOT NULL REFERENCES deployments (id) ON DELETE CASCADE,
    verb TEXT NOT NULL,
    description TEXT NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE (deployment_id, verb),
    UNIQUE (id, deployment_id)
);

CREATE TABLE app_implications (
    permission_id UUID NOT NULL,
    implied_id UUID NOT NULL,
    deployment_id UUID NOT NULL,
    PRIMARY KEY (permission_id, implied_id),
    FOREIGN KEY (permission_id, deployment_id) REFERENCES app_permissions (id, deployment_id) ON DELETE CASCADE,
    FOREIGN KEY (implied_id, deployment_id) REFERENCES app_permissions (id, deployment_id) ON DELETE CASCADE
);
CREATE INDEX app_implications_implied ON app_implications (implied_id, deployment_id);

-- The stage stands beside the deployment so that groups and shared roles can be tied to it by a composite key.
CREATE TABLE end_user_roles (
    id UUID NOT NULL PRIMARY KEY,
    deployment_id UUID NOT NULL,
    stage_id UUID NOT NULL,
    key TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    shared BOOLEAN NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE (deployment_id, key),
    UNIQUE (id, stage_id),
    UNIQUE (id, deployment_id),
    FOREIGN KEY (deployment_id, stage_id) REFERENCES deployments (id, stage_id) ON DELETE CASCADE
);

CREATE TABLE end_user_role_permissions (
    role_id UUID NOT NULL,
    permission_id UUID NOT NULL,
    deployment_id UUID NOT NULL,
    PRIMARY KEY (role_id, permission_id),
    FOREIGN KEY (role_id, deployment_id) REFERENCES end_user_roles (id, deployment_id) ON DELETE CASCADE,
    FOREIGN KEY (permission_id, deployment_id) REFERENCES app_permissions (id, deployment_id) ON DELETE CASCADE
);
CREATE INDEX end_user_role_permissions_permission ON end_user_role_permissions (permission_id, deployment_id);

CREATE TABLE listed_shared_roles (
    deployment_id UUID NOT NULL,
    role_id UUID NOT NULL,
    stage_id UUID NOT NULL,
    PRIMARY KEY (deployment_id, role_id),
    FOREIGN KEY (deployment_id, stage_id) REFERENCES deployments (id, stage_id) ON DELETE CASCADE,
    FOREIGN KEY (role_id, stage_id) REFERENCES end_user_roles (id, stage_id) ON DELETE CASCADE
);
CREATE INDEX listed_shared_roles_role ON listed_shared_roles (role_id, stage_id);

-- Only the organization's own permissions (x-...): the built-in ones live in the binary.
CREATE TABLE organization_permissions (
    key TEXT NOT NULL PRIMARY KEY,
    definition TEXT NOT NULL,
    version BIGINT NOT NULL
);

CREATE TABLE clients (
    id UUID NOT NULL PRIMARY KEY,
    client_id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    deployment_id UUID REFERENCES deployments (id) ON DELETE CASCADE,
    party TEXT NOT NULL,
    name TEXT NOT NULL,
    metadata TEXT NOT NULL,
    claims_version BIGINT NOT NULL,
    suspended_at BIGINT,
    access_version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX clients_deployment ON clients (deployment_id);

CREATE TABLE client_secrets (
    id UUID NOT NULL PRIMARY KEY,
    client_id UUID NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    hash BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    reminded_at BIGINT,
    UNIQUE (client_id, hash)
);

-- Resources that a client may ask for beside those of its own deployment (RFC 8707).
CREATE TABLE client_resources (
    client_id UUID NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    deployment_id UUID NOT NULL REFERENCES deployments (id) ON DELETE CASCADE,
    PRIMARY KEY (client_id, deployment_id)
);
CREATE INDEX client_resources_deployment ON client_resources (deployment_id);

-- Built-in roles have a row so that grants can refer to it; what they hold stands in the binary.
-- An API client whose permissions were picked directly owns a private role.
CREATE TABLE organization_roles (
    id UUID NOT NULL PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    built_in BOOLEAN NOT NULL,
    owner_client_id UUID REFERENCES clients (id) ON DELETE CASCADE,
    version BIGINT NOT NULL
);

-- counts: every_stage, a purpose, or stage (then stage_id names it). Rows of one permission add up.
CREATE TABLE organization_role_entries (
    id UUID NOT NULL PRIMARY KEY,
    role_id UUID NOT NULL REFERENCES organization_roles (id) ON DELETE CASCADE,
    permission TEXT NOT NULL,
    counts TEXT NOT NULL,
    stage_id UUID REFERENCES stages (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX organization_role_entries_wide ON organization_role_entries (role_id, permission, counts) WHERE stage_id IS NULL;
CREATE UNIQUE INDEX organization_role_entries_stage ON organization_role_entries (role_id, permission, stage_id) WHERE stage_id IS NOT NULL;

CREATE TABLE users (
    id UUID NOT NULL PRIMARY KEY,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL UNIQUE,
    pending_email TEXT,
    name TEXT,
    given_name TEXT,
    family_name TEXT,
    middle_name TEXT,
    nickname TEXT,
    preferred_username TEXT,
    profile TEXT,
    website TEXT,
    gender TEXT,
    birthdate TEXT,
    locale TEXT,
    zoneinfo TEXT,
    picture TEXT,
    address TEXT,
    phone_number TEXT,
    phone_number_verified BOOLEAN NOT NULL,
    email_verified_at BIGINT,
    terms_version TEXT,
    terms_accepted_at BIGINT,
    status TEXT NOT NULL,
    last_login_at BIGINT,
    access_version BIGINT NOT NULL,
    sort_key BYTEA NOT NULL,
    search_text TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX users_sort ON users (sort_key, id);

-- Another issuer is another provider. The built-in provider's identity holds the password.
CREATE TABLE identities (
    id UUID NOT NULL PRIMARY KEY,
    user_id UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    username TEXT,
    name TEXT,
    email TEXT,
    picture TEXT,
    password_hash TEXT,
    password_changed_at BIGINT,
    first_login_at BIGINT,
    last_login_at BIGINT,
    created_at BIGINT NOT NULL,
    UNIQUE (issuer, subject)
);
CREATE INDEX identities_user ON identities (user_id);

CREATE TABLE groups (
    id UUID NOT NULL PRIMARY KEY,
    stage_id UUID NOT NULL REFERENCES stages (id),
    key TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE (stage_id, key),
    UNIQUE (id, stage_id)
);

-- source: assigned, or the identity provider that maps the group.
CREATE TABLE memberships (
    id UUID NOT NULL PRIMARY KEY,
    group_id UUID NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
    user_id UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    source TEXT NOT NULL,
    starts_at BIGINT,
    ends_at BIGINT,
    reason TEXT,
    granted_by_kind TEXT NOT NULL,
    granted_by_id UUID,
    granted_by_label TEXT NOT NULL,
    granted_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE (group_id, user_id, source)
);
CREATE INDEX memberships_user ON memberships (user_id);

CREATE TABLE organization_grants (
    id UUID NOT NULL PRIMARY KEY,
    user_id UUID REFERENCES users (id) ON DELETE CASCADE,
    client_id UUID REFERENCES clients (id) ON DELETE CASCADE,
    role_id UUID NOT NULL REFERENCES organization_roles (id),
    app_id UUID REFERENCES apps (id) ON DELETE CASCADE,
    starts_at BIGINT,
    ends_at BIGINT,
    reason TEXT,
    granted_by_kind TEXT NOT NULL,
    granted_by_id UUID,
    granted_by_label TEXT NOT NULL,
    granted_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    CHECK ((user_id IS NULL) <> (client_id IS NULL))
);
-- NULLs do not collide, so each shape of grant has its own index.
CREATE UNIQUE INDEX organization_grants_user ON organization_grants (user_id, role_id) WHERE user_id IS NOT NULL AND app_id IS NULL;
CREATE UNIQUE INDEX organization_grants_user_app ON organization_grants (user_id, role_id, app_id) WHERE user_id IS NOT NULL AND app_id IS NOT NULL;
CREATE UNIQUE INDEX organization_grants_client ON organization_grants (client_id, role_id) WHERE client_id IS NOT NULL AND app_id IS NULL;
CREATE UNIQUE INDEX organization_grants_client_app ON organization_grants (client_id, role_id, app_id) WHERE client_id IS NOT NULL AND app_id IS NOT NULL;
CREATE INDEX organization_grants_role ON organization_grants (role_id);

-- A group's grant carries its stage, so that the database itself refuses a role of another stage.
CREATE TABLE end_user_grants (
    id UUID NOT NULL PRIMARY KEY,
    user_id UUID REFERENCES users (id) ON DELETE CASCADE,
    group_id UUID,
    role_id UUID NOT NULL,
    stage_id UUID NOT NULL,
    starts_at BIGINT,
    ends_at BIGINT,
    reason TEXT,
    granted_by_kind TEXT NOT NULL,
    granted_by_id UUID,
    granted_by_label TEXT NOT NULL,
    granted_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    CHECK ((user_id IS NULL) <> (group_id IS NULL)),
    FOREIGN KEY (role_id, stage_id) REFERENCES end_user_roles (id, stage_id) ON DELETE CASCADE,
    FOREIGN KEY (group_id, stage_id) REFERENCES groups (id, stage_id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX end_user_grants_user ON end_user_grants (user_id, role_id) WHERE user_id IS NOT NULL;
CREATE UNIQUE INDEX end_user_grants_group ON end_user_grants (group_id, role_id) WHERE group_id IS NOT NULL;
CREATE INDEX end_user_grants_role ON end_user_grants (role_id);

CREATE TABLE sign_ins (
    user_id UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    deployment_id UUID NOT NULL REFERENCES deployments (id) ON DELETE CASCADE,
    last_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, deployment_id)
);
CREATE INDEX sign_ins_deployment ON sign_ins (deployment_id, last_at);

-- id is the public sid; the cookie's value is another secret, kept as a hash. No stored expiry: today's policy decides.
CREATE TABLE sessions (
    id TEXT NOT NULL PRIMARY KEY,
    secret_hash BYTEA NOT NULL UNIQUE,
    context TEXT NOT NULL,
    stage_id UUID REFERENCES stages (id) ON DELETE CASCADE,
    user_id UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    authenticated_at BIGINT NOT NULL,
    acr TEXT NOT NULL,
    amr TEXT NOT NULL,
    user_agent TEXT,
    address TEXT,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    ended_at BIGINT,
    ended_because TEXT
);
CREATE INDEX sessions_user ON sessions (user_id);

CREATE TABLE session_clients (
    session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    client_id UUID NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    first_at BIGINT NOT NULL,
    PRIMARY KEY (session_id, client_id)
);
CREATE INDEX session_clients_client ON session_clients (client_id);

-- A request to the authorization endpoint that waits for a person (or, with PAR, for its browser).
CREATE TABLE authorization_requests (
    id TEXT NOT NULL PRIMARY KEY,
    client_id UUID NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    parameters TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX authorization_requests_expiry ON authorization_requests (expires_at);

CREATE TABLE attempts (
    secret_hash BYTEA NOT NULL PRIMARY KEY,
    request_id TEXT REFERENCES authorization_requests (id) ON DELETE CASCADE,
    context TEXT NOT NULL,
    user_id UUID REFERENCES users (id) ON DELETE CASCADE,
    session_id TEXT REFERENCES sessions (id) ON DELETE CASCADE,
    state TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    completed_at BIGINT
);
CREATE INDEX attempts_expiry ON attempts (expires_at);
CREATE INDEX attempts_request ON attempts (request_id);
CREATE INDEX attempts_user ON attempts (user_id);

CREATE TABLE consents (
    user_id UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    client_id UUID NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    scope TEXT NOT NULL,
    granted_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, client_id)
);
CREATE INDEX consents_client ON consents (client_id);

-- user x client x session (or none: it survives the sign-out). One live authorization for each.
CREATE TABLE authorizations (
    id UUID NOT NULL PRIMARY KEY,
    user_id UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    client_id UUID NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    session_id TEXT REFERENCES sessions (id) ON DELETE CASCADE,
    scope TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    ended_at BIGINT,
    ended_because TEXT
);
CREATE UNIQUE INDEX authorizations_session ON authorizations (user_id, client_id, session_id) WHERE session_id IS NOT NULL AND ended_at IS NULL;
CREATE UNIQUE INDEX authorizations_offline ON authorizations (user_id, client_id) WHERE session_id IS NULL AND ended_at IS NULL;
CREATE INDEX authorizations_of_session ON authorizations (session_id);
CREATE INDEX authorizations_client ON authorizations (client_id);

CREATE TABLE codes (
    hash BYTEA NOT NULL PRIMARY KEY,
    authorization_id UUID NOT NULL REFERENCES authorizations (id) ON DELETE CASCADE,
    client_id UUID NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    user_id UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    redirect_uri TEXT NOT NULL,
    redirect_uri_given BOOLEAN NOT NULL,
    scope TEXT NOT NULL,
    resource TEXT NOT NULL,
    nonce TEXT,
    code_challenge TEXT,
    dpop_jkt TEXT,
    claims TEXT,
    auth_time BIGINT NOT NULL,
    acr TEXT NOT NULL,
    amr TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX codes_expiry ON codes (expires_at);
CREATE INDEX codes_authorization ON codes (authorization_id);
CREATE INDEX codes_user ON codes (user_id);
CREATE INDEX codes_session ON codes (session_id);
CREATE INDEX codes_client ON codes (client_id);

-- No row per refresh token: a token is family, generation and a MAC over both.
CREATE TABLE refresh_families (
    id UUID NOT NULL PRIMARY KEY,
    authorization_id UUID NOT NULL REFERENCES authorizations (id) ON DELETE CASCADE,
    client_id UUID NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    user_id UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    session_id TEXT NOT NULL,
    offline BOOLEAN NOT NULL,
    scope TEXT NOT NULL,
    resource TEXT NOT NULL,
    claims TEXT,
    dpop_jkt TEXT,
    auth_time BIGINT NOT NULL,
    acr TEXT NOT NULL,
    amr TEXT NOT NULL,
    generation BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    rotated_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT,
    ended_because TEXT
);
CREATE INDEX refresh_families_authorization ON refresh_families (authorization_id);
CREATE INDEX refresh_families_user ON refresh_families (user_id);
CREATE INDEX refresh_families_client ON refresh_families (client_id);
CREATE INDEX refresh_families_expiry ON refresh_families (expires_at);

-- A stateless access token needs a row only when it alone is revoked.
CREATE TABLE revoked_tokens (jti TEXT NOT NULL PRIMARY KEY, expires_at BIGINT NOT NULL);

-- Published from its creation, signs from signs_from until a younger key does, unpublished after retired_at.
CREATE TABLE signing_keys (
    id UUID NOT NULL PRIMARY KEY,
    kid TEXT NOT NULL UNIQUE,
    algorithm TEXT NOT NULL,
    public_jwk TEXT NOT NULL,
    private_sealed BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    signs_from BIGINT NOT NULL,
    retired_at BIGINT,
    compromised BOOLEAN NOT NULL
);

CREATE TABLE invitations (
    id UUID NOT NULL PRIMARY KEY,
    user_id UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    locale TEXT NOT NULL,
    token_hash BYTEA NOT NULL UNIQUE,
    code_hash BYTEA NOT NULL,
    invited_by_kind TEXT NOT NULL,
    invited_by_id UUID,
    invited_by_label TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    sent_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    closed_at BIGINT,
    outcome TEXT,
    version BIGINT NOT NULL
);
CREATE UNIQUE INDEX invitations_open ON invitations (user_id) WHERE closed_at IS NULL;
CREATE INDEX invitations_user ON invitations (user_id);

-- One row is one grant or membership that accepting makes. Exactly one of the three is offered.
CREATE TABLE invitation_offers (
    id UUID NOT NULL PRIMARY KEY,
    invitation_id UUID NOT NULL REFERENCES invitations (id) ON DELETE CASCADE,
    organization_role_id UUID REFERENCES organization_roles (id) ON DELETE CASCADE,
    app_id UUID REFERENCES apps (id) ON DELETE CASCADE,
    end_user_role_id UUID REFERENCES end_user_roles (id) ON DELETE CASCADE,
    group_id UUID REFERENCES groups (id) ON DELETE CASCADE,
    starts_at BIGINT,
    ends_at BIGINT,
    reason TEXT,
    offered_by_kind TEXT NOT NULL,
    offered_by_id UUID,
    offered_by_label TEXT NOT NULL,
    offered_at BIGINT NOT NULL
);
CREATE INDEX invitation_offers_invitation ON invitation_offers (invitation_id);

-- Wrong passwords, codes and links: counted per subject, in the database so that every node counts alike.
CREATE TABLE throttles (
    key BYTEA NOT NULL PRIMARY KEY,
    failures BIGINT NOT NULL,
    last_failure_at BIGINT NOT NULL,
    blocked_until BIGINT NOT NULL
);
CREATE INDEX throttles_last ON throttles (last_failure_at);

-- The outbox. The payload may hold links and codes, so it is sealed. finished_at and dead_at end a job.
CREATE TABLE jobs (
    id UUID NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    payload_sealed BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    run_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    lease BYTEA,
    leased_until BIGINT,
    finished_at BIGINT,
    dead_at BIGINT,
    last_error TEXT
);
CREATE INDEX jobs_due ON jobs (run_at) WHERE finished_at IS NULL AND dead_at IS NULL;
CREATE INDEX jobs_finished ON jobs (finished_at) WHERE finished_at IS NOT NULL;

-- The built-in mailbox, for places without SMTP. Letters hold links and codes, so they are sealed.
CREATE TABLE letters (
    id UUID NOT NULL PRIMARY KEY,
    message_id TEXT NOT NULL UNIQUE,
    recipient TEXT NOT NULL,
    subject TEXT NOT NULL,
    content_sealed BYTEA NOT NULL,
    arrived_at BIGINT NOT NULL
);
CREATE INDEX letters_arrived ON letters (arrived_at);

-- Insert-only. The payload's salted digest is what the seal covers, so that a payload can be erased and the chain still verifies.
CREATE TABLE audit_events (
    id UUID NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id UUID,
    subject_kind TEXT NOT NULL,
    subject_id TEXT,
    payload TEXT,
    salt BYTEA,
    payload_digest BYTEA NOT NULL,
    digest BYTEA NOT NULL
);
CREATE INDEX audit_events_at ON audit_events (at, id);
CREATE INDEX audit_events_actor ON audit_events (actor_id, at);
CREATE INDEX audit_events_subject ON audit_events (subject_id, at);
CREATE INDEX audit_events_kind ON audit_events (kind, at);

CREATE TABLE audit_seals (
    position BIGINT NOT NULL PRIMARY KEY,
    event_id UUID NOT NULL UNIQUE,
    hash BYTEA NOT NULL
);

CREATE TABLE audit_heads (
    position BIGINT NOT NULL PRIMARY KEY,
    hash BYTEA NOT NULL,
    signed_at BIGINT NOT NULL,
    signature TEXT NOT NULL
);

-- The keys that sign heads of the chain.
CREATE TABLE audit_keys (
    id UUID NOT NULL PRIMARY KEY,
    kid TEXT NOT NULL UNIQUE,
    public_jwk TEXT NOT NULL,
    private_sealed BYTEA NOT NULL,
    created_at BIGINT NOT NULL
);
