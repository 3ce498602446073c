#!/bin/sh
# Makes the program's own user: no superuser, so that not even it can change the audit log. Run once by the image of PostgreSQL.
set -eu
password=$(cat "$GATEHOUSE_PASSWORD_FILE")
psql --set=ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --set=password="$password" <<'SQL'
CREATE ROLE gatehouse LOGIN CREATEROLE PASSWORD :'password';
CREATE DATABASE gatehouse OWNER gatehouse ENCODING 'UTF8' TEMPLATE template0;
SQL
