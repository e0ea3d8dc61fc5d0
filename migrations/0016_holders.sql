-- What somebody holds, found by who they are. The unique indexes of organization grants are each for one shape of grant, so a question for all
-- that a person or a client holds walked through the whole table. With the periods: whether anything is in force is answered by the index alone.
CREATE INDEX organization_grants_holder ON organization_grants (user_id, starts_at, ends_at) WHERE user_id IS NOT NULL;
CREATE INDEX organization_grants_holding_client ON organization_grants (client_id) WHERE client_id IS NOT NULL;
CREATE INDEX end_user_grants_holder ON end_user_grants (user_id, role_id, starts_at, ends_at) WHERE user_id IS NOT NULL;
-- A preview reads the holders of a role from person to person: it sorted all of them for each few hundred.
DROP INDEX end_user_grants_role;
CREATE INDEX end_user_grants_role ON end_user_grants (role_id, user_id);
DROP INDEX memberships_user;
CREATE INDEX memberships_holder ON memberships (user_id, group_id, starts_at, ends_at);
-- Whose addresses are at the organization's own domains, and whose are not, without reading the rows of all the others. An address does not
-- change, nor does its domain. (What the trimming leaves is everything up to the @.)
ALTER TABLE users ADD COLUMN email_domain TEXT NOT NULL DEFAULT '';
UPDATE users SET email_domain = REPLACE(email_key, RTRIM(email_key, REPLACE(email_key, '@', '')), '');
CREATE INDEX users_domain ON users (email_domain, id);
