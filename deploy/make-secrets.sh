#!/bin/sh
# Makes the secrets that compose.yaml mounts, where they are missing: ./secrets, or the folder that is named.
set -eu
dir=${1:-secrets}
umask 077
mkdir -p "$dir"
make() {
	[ -s "$dir/$1" ] || openssl rand -base64 33 | tr -d '\n' | tr '+/' '-_' >"$dir/$1"
}
for name in auth_secret data_encryption_keys database_password postgres_password redis_password; do make "$name"; done
printf 'postgresql://gatehouse:%s@postgres:5432/gatehouse' "$(cat "$dir/database_password")" >"$dir/database_url"
printf 'redis://:%s@redis:6379' "$(cat "$dir/redis_password")" >"$dir/redis_url"
# The program's user in the container reads them as others do; the folder keeps everybody else out.
chmod 644 "$dir"/*
