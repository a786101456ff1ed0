#!/bin/sh
# Run a script with the first Python here that is 3.11 or newer; say so in one sentence when there is none.
for python in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11 python; do
    if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
        exec "$python" "$@"
    fi
done
echo "Python 3.11 or newer is needed and was not found: install it (on Debian as root: apt-get install python3 python3-venv) and try again." >&2
exit 1
