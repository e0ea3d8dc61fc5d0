-- From when on tokens count that a client gets for itself. They hang on nothing that could be ended: those from before a suspension, or from
-- before a client of the same name was made anew, say by their age that they are over (rule 5). For clients of before the moment is unknown.
ALTER TABLE clients ADD COLUMN tokens_from BIGINT NOT NULL DEFAULT 0;
