"""Every SQL statement of accounts, one per decision."""

SESSION = """
SELECT s.account_id, s.sealed, s.seen_at < now() - interval '1 minute' AS is_stale,
       a.email, a.name, a.roles, a.locale
  FROM sessions s LEFT JOIN accounts a ON a.id = s.account_id
 WHERE s.id_hash = $1 AND s.expires_at > now() AND s.seen_at > now() - s.idle_limit
"""
"""The session with this hash and its person, unless it is past its idle or absolute limit."""

SESSION_SEEN = "UPDATE sessions SET seen_at = now() WHERE id_hash = $1"

NEW_SESSION = """
INSERT INTO sessions (id_hash, account_id, sealed, idle_limit, expires_at)
VALUES ($1, $2, $3, $4, now() + $5)
"""

SESSION_BELONGINGS = "UPDATE sessions SET sealed = $2, seen_at = now() WHERE id_hash = $1"

END_SESSION = "DELETE FROM sessions WHERE id_hash = $1"

END_OTHER_SESSIONS = "DELETE FROM sessions WHERE account_id = $1 AND id_hash <> $2"

FORGET_SESSIONS = """
DELETE FROM sessions WHERE id_hash IN (
  SELECT id_hash FROM sessions WHERE expires_at < now() OR seen_at < now() - idle_limit LIMIT 500)
"""

FORGET_FAILURES = """
DELETE FROM sign_in_failures WHERE key IN (
  SELECT key FROM sign_in_failures WHERE window_ends_at < now() LIMIT 500)
"""

COUNT_TRY = """
INSERT INTO sign_in_failures AS f (key, failures, window_ends_at) VALUES ($1, 1, now() + $2)
ON CONFLICT (key) DO UPDATE
   SET failures = CASE WHEN f.window_ends_at < now() THEN 1 ELSE f.failures + 1 END,
       window_ends_at = CASE WHEN f.window_ends_at < now() THEN now() + $2 ELSE f.window_ends_at END
RETURNING failures, ceil(extract(epoch FROM window_ends_at - now()))::int AS seconds_left
"""
"""Counts the try before the password is looked at, so that tries in parallel are counted too."""

FORGIVE = "DELETE FROM sign_in_failures WHERE key = $1"

UNCOUNT = "UPDATE sign_in_failures SET failures = failures - 1 WHERE key = $1 AND failures > 0"

ACCOUNT_BY_EMAIL = """
SELECT id, email, name, roles, locale, password_hash FROM accounts WHERE email = lower($1)
"""

ACCOUNT_BY_ID = "SELECT id, email, name, roles, locale, password_hash FROM accounts WHERE id = $1"

NEW_ACCOUNT = """
INSERT INTO accounts (email, name, password_hash, roles, locale) VALUES (lower($1), $2, $3, $4, $5)
ON CONFLICT (email) DO NOTHING
RETURNING id, email, name, roles, locale
"""
"""The new account's row, or none when the e-mail is taken."""

ADD_ROLES = """
UPDATE accounts SET roles = ARRAY(SELECT DISTINCT unnest(roles || $2::text[]) ORDER BY 1), updated_at = now()
 WHERE email = lower($1) AND NOT roles @> $2::text[] RETURNING id
"""
"""The account's id when it got a role it had not."""

END_ALL_SESSIONS = "DELETE FROM sessions WHERE account_id = $1"

SET_PASSWORD = "UPDATE accounts SET password_hash = $2, updated_at = now() WHERE id = $1"  # noqa: S105  # SQL

SET_PROFILE = "UPDATE accounts SET name = $2, locale = $3, updated_at = now() WHERE id = $1"

ADDRESSES = """
SELECT id, name, line1, line2, city, region, postal_code, country, phone
  FROM addresses WHERE account_id = $1 ORDER BY created_at DESC, id DESC LIMIT 50
"""

ADD_ADDRESS = """
INSERT INTO addresses (account_id, name, line1, line2, city, region, postal_code, country, phone)
SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9
 WHERE (SELECT count(*) FROM addresses WHERE account_id = $1) < 50
   AND NOT EXISTS (SELECT FROM addresses
                    WHERE (account_id, name, line1, line2, city, region, postal_code, country, phone)
                        = ($1, $2, $3, $4, $5, $6, $7, $8, $9))
"""
"""Adds the address unless the person has the very same one, or fifty already."""

CHANGE_ADDRESS = """
UPDATE addresses SET name = $3, line1 = $4, line2 = $5, city = $6, region = $7, postal_code = $8,
       country = $9, phone = $10
 WHERE account_id = $1 AND id = $2
"""

REMOVE_ADDRESS = "DELETE FROM addresses WHERE account_id = $1 AND id = $2"
