-- From where a file of invitations was started: what its works give as their own address and request. Kept while it runs, and no longer.
ALTER TABLE bulk_invitations ADD COLUMN origin_address TEXT;
ALTER TABLE bulk_invitations ADD COLUMN origin_request_id TEXT;
