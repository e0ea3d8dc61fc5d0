-- Searching the audit trail, newest first: each index ends in the order of the pages (at, id), so that a page is read and nothing is sorted.
DROP INDEX audit_events_actor;
DROP INDEX audit_events_subject;
DROP INDEX audit_events_kind;
CREATE INDEX audit_events_by_actor ON audit_events (actor_id, at, id);
CREATE INDEX audit_events_by_subject ON audit_events (subject_id, at, id);
CREATE INDEX audit_events_by_kind ON audit_events (kind, at, id);

-- The id of the request, beside the payload that holds it too: it names nobody, stays when the payload is erased, and can be searched for.
-- Events written before have none here.
ALTER TABLE audit_events ADD COLUMN request_id TEXT;
CREATE INDEX audit_events_by_request ON audit_events (request_id) WHERE request_id IS NOT NULL;

-- Events of which a storm may bring any number: the first few in a window are written, the others are counted here and written as one
-- event when the window is over.
CREATE TABLE audit_tallies (
    key BYTEA NOT NULL PRIMARY KEY,
    since BIGINT NOT NULL,
    until BIGINT NOT NULL,
    written BIGINT NOT NULL,
    held BIGINT NOT NULL,
    event TEXT NOT NULL
);
CREATE INDEX audit_tallies_until ON audit_tallies (until);
