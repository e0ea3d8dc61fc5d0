-- The list of users in the order of their standing: whoever has not come yet first, whoever is shut out last. An expression, not the column:
-- who asks for one standing in another order is led along that order as before, not by this index.
CREATE INDEX users_standing ON users ((CASE status WHEN 'invited' THEN 0 WHEN 'pending_registration' THEN 1 WHEN 'active' THEN 2 ELSE 3 END), sort_key, id);
