#!/bin/sh
# Writes the whole database of DATABASE_URL into a file, under a name that it has only when it is complete.
# The secrets are not in it: keep them elsewhere. `deploy/backup.sh gatehouse.dump`
set -eu
file=${1:?"which file? deploy/backup.sh gatehouse.dump"}
: "${DATABASE_URL:?"DATABASE_URL is missing: the database to back up"}"
umask 077
draft="$file.part.$$"
trap 'rm -f "$draft"' EXIT
pg_dump --format=custom --compress=6 --file="$draft" "$DATABASE_URL"
# What cannot be listed could not be restored either.
pg_restore --list "$draft" >/dev/null
mv "$draft" "$file"
