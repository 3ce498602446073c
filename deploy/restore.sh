#!/bin/sh
# Restores a file of deploy/backup.sh into the empty database of DATABASE_URL, whose user has the roles that
# docs/runbook.md names, and ends what an older state would revive: sessions, links, grants of apps, mails that wait.
# KEEP_SESSIONS=1 leaves these as they are, for a move of a database that nobody used in between.
set -eu
file=${1:?"which file? deploy/restore.sh gatehouse.dump"}
: "${DATABASE_URL:?"DATABASE_URL is missing: the empty database to restore into"}"
tables=$(psql --no-psqlrc --tuples-only --no-align --command "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'" "$DATABASE_URL")
if [ "$tables" != 0 ]; then
	echo "The database is not empty: it has $tables tables. Restore into a new one." >&2
	exit 1
fi
pg_restore --no-owner --exit-on-error --single-transaction --dbname="$DATABASE_URL" "$file"
[ "${KEEP_SESSIONS:-0}" = 1 ] || psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --single-transaction "$DATABASE_URL" <<'SQL'
UPDATE sessions SET revoked_at = now(), revoked_reason = 'restored' WHERE revoked_at IS NULL;
UPDATE verification_tokens SET consumed_at = now() WHERE consumed_at IS NULL;
UPDATE registrations SET consumed_at = now() WHERE consumed_at IS NULL;
DELETE FROM oidc_artifacts;
DELETE FROM outbox WHERE sent_at IS NULL;
SQL
