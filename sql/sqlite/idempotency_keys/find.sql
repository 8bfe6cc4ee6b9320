-- Selects the unexpired response stored under a key. Params: 1 principal, 2 endpoint, 3 key, 4 now.
SELECT request_digest, status, language, text
FROM idempotency_keys
WHERE principal = ?1 AND endpoint = ?2 AND key = ?3 AND expires_at > ?4;
