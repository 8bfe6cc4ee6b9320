-- Revokes a token. Params: 1 id, 2 time.
UPDATE tokens SET revoked_at = ?2 WHERE id = ?1 AND revoked_at IS NULL;
