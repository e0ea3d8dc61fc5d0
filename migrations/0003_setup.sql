-- The links with which somebody at the server claims a new organization. Several may live at once, one for each start of a node.
CREATE TABLE claim_links (
    hash BYTEA NOT NULL PRIMARY KEY,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);

-- The mail server that an Administrator chose; no host: letters stay in the mailbox. The row is always there, so that the
-- mailbox can be held open by it, and its version only rises: nodes ask it before they deliver.
CREATE TABLE mail_settings (
    singleton BIGINT NOT NULL PRIMARY KEY CHECK (singleton = 1),
    host TEXT,
    port BIGINT NOT NULL,
    security TEXT NOT NULL,
    username TEXT,
    password_sealed BYTEA,
    sender_name TEXT,
    sender_address TEXT NOT NULL,
    version BIGINT NOT NULL
);
INSERT INTO mail_settings (singleton, host, port, security, username, password_sealed, sender_name, sender_address, version)
VALUES (1, NULL, 587, 'starttls', NULL, NULL, NULL, '', 0);
