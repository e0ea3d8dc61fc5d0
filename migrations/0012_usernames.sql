-- People are found by their usernames too. What is searched is folded by the program, which the database cannot do: those whose row is to be
-- folded again stand here until a start has done it.
CREATE TABLE user_search_stale (
    user_id UUID NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE
);
INSERT INTO user_search_stale (user_id) SELECT id FROM users WHERE preferred_username IS NOT NULL;
