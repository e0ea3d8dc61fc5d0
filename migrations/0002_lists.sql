-- What the lists of the portal sort by. Whoever never signed in stands at the end, so nothing counts as never.
CREATE INDEX users_last_login ON users ((COALESCE(last_login_at, 0)), id);
CREATE INDEX invitations_sent ON invitations (sent_at, id);
