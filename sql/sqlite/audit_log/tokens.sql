-- Selects tokens with their audit entries, in order. Params: 1 exclusive lower bound of the id, 2 limit.
SELECT id, revoked_at IS NOT NULL,
    EXISTS (SELECT 1 FROM audit WHERE subject_kind = 'token' AND subject_id = tokens.id AND action = 'token.issued'),
    EXISTS (SELECT 1 FROM audit WHERE subject_kind = 'token' AND subject_id = tokens.id AND action = 'token.revoked')
FROM tokens
WHERE id > ?1
ORDER BY id
LIMIT ?2;
