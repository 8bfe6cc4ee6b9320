-- Selects the hash of a subject's last audit entry. Params: 1 subject's kind, 2 subject's id.
SELECT hash
FROM audit
WHERE subject_kind = ?1 AND subject_id = ?2
ORDER BY id DESC
LIMIT 1;
