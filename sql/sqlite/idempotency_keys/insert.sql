-- Stores a response under a key, and replaces one only if it has expired. Params: 1 principal, 2 endpoint, 3 key, 4
-- digest of target and body, 5 status, 6 language, 7 response body, 8 expiry, 9 now.
INSERT INTO idempotency_keys (principal, endpoint, key, request_digest, status, language, text, expires_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
ON CONFLICT (principal, endpoint, key) DO UPDATE SET
    request_digest = excluded.request_digest, status = excluded.status, language = excluded.language,
    text = excluded.text, expires_at = excluded.expires_at
WHERE idempotency_keys.expires_at <= ?9;
