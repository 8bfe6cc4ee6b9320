-- Takes a token back. Params: 1 id, 2 at.
UPDATE tokens SET revoked_at = ?2 WHERE id = ?1 AND revoked_at IS NULL;
