#!/bin/sh
# Until the first release there is one migration: write it anew from the models.
set -eu
cd "$(dirname "$0")/.."
folder=$(mktemp -d)
key=$(head -c32 /dev/zero | base64)
rm -f migrations/versions/*.py
SECRET_KEY=only-for-trying-things-out LINK_KEY=$key LOOKUP_KEY=$key DATA_KEYS=1:$key DATABASE_URL=sqlite:///$folder/empty.db \
    .venv/bin/flask --app wsgi db migrate -m "first tables" --rev-id 0001
rm -r "$folder"
