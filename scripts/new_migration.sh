#!/bin/sh
# Write a migration from what the models say and the migrations do not: scripts/new_migration.sh 0003 "what it adds"
set -eu
cd "$(dirname "$0")/.."
folder=$(mktemp -d)
key=$(head -c32 /dev/zero | base64)
export SECRET_KEY=only-for-trying-things-out LINK_KEY="$key" LOOKUP_KEY="$key" DATA_KEYS="1:$key" DATABASE_URL="sqlite:///$folder/empty.db"
.venv/bin/flask --app wsgi db upgrade
.venv/bin/flask --app wsgi db migrate -m "$2" --rev-id "$1"
rm -r "$folder"
