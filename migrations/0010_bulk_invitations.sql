-- Letters of which there are many: whatever else waits leaves before them.
ALTER TABLE jobs ADD COLUMN bulk BOOLEAN NOT NULL DEFAULT FALSE;
DROP INDEX jobs_due;
CREATE INDEX jobs_due ON jobs (bulk, run_at) WHERE finished_at IS NULL AND dead_at IS NULL;

-- A file of invitations. It is kept when it was checked; nothing is sent before it is started. Whoever uploaded it invites, so the id is
-- that of a user, and it outlives them.
CREATE TABLE bulk_invitations (
    id UUID NOT NULL PRIMARY KEY,
    user_id UUID NOT NULL,
    user_label TEXT NOT NULL,
    proved_at BIGINT NOT NULL,
    file_name TEXT NOT NULL,
    line_count BIGINT NOT NULL,
    state TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    started_at BIGINT,
    worked_at BIGINT NOT NULL,
    finished_at BIGINT,
    lease BYTEA,
    leased_until BIGINT
);
CREATE INDEX bulk_invitations_user ON bulk_invitations (user_id, id);
CREATE INDEX bulk_invitations_running ON bulk_invitations (worked_at) WHERE state = 'running';

-- One row for each person: the lines of the file that name them, and what became of it.
CREATE TABLE bulk_invitation_rows (
    batch_id UUID NOT NULL REFERENCES bulk_invitations (id) ON DELETE CASCADE,
    number BIGINT NOT NULL,
    search_text TEXT NOT NULL,
    content TEXT NOT NULL,
    foresight TEXT,
    state TEXT NOT NULL,
    outcome TEXT,
    outcome_id UUID,
    problems TEXT,
    finished_at BIGINT,
    PRIMARY KEY (batch_id, number)
);
CREATE INDEX bulk_invitation_rows_state ON bulk_invitation_rows (batch_id, state, number);
