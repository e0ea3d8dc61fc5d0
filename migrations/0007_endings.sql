-- What ends soon is asked for on the overview: few rows have an end, and fewer a near one.
CREATE INDEX organization_grants_ending ON organization_grants (ends_at) WHERE ends_at IS NOT NULL AND user_id IS NOT NULL;
CREATE INDEX end_user_grants_ending ON end_user_grants (ends_at) WHERE ends_at IS NOT NULL AND user_id IS NOT NULL;
CREATE INDEX memberships_ending ON memberships (ends_at) WHERE ends_at IS NOT NULL;
