-- How our pages look: one row. The fingerprint is that of accent and logo together: it stands in their addresses, which browsers keep for ever.
CREATE TABLE brand (
    singleton BIGINT NOT NULL PRIMARY KEY CHECK (singleton = 1),
    accent TEXT,
    logo BYTEA,
    logo_type TEXT,
    fingerprint TEXT NOT NULL,
    version BIGINT NOT NULL
);
INSERT INTO brand (singleton, accent, logo, logo_type, fingerprint, version) VALUES (1, NULL, NULL, NULL, '', 0);
