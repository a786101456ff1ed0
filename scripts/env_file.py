"""Write the first .env of a checkout, with fresh secrets that nobody else has."""

from __future__ import annotations

import base64
import os
import secrets
from pathlib import Path

KEY_BYTES = 32


def write_env_once(path: Path) -> bool:
    """Create `path`, readable by its owner alone, unless it is there already. Return whether it was made."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(descriptor, "w", encoding="utf-8") as env_file:
        env_file.write(fresh_env())
    print("Wrote .env with fresh secrets.")
    return True


def fresh_env() -> str:
    """Return the text of a new .env: a different secret in every place, every time."""
    return "\n".join(
        [
            "# Secrets of this checkout alone, made by `make run`. Never commit or share this file; keep a safe copy:",
            "# without DATA_KEYS and LOOKUP_KEY, the names and contacts in the database cannot be read again.",
            "# docs/settings.md explains every setting. A variable of the environment wins over a line here.",
            f"SECRET_KEY={_key()}",
            f"LINK_KEY={_key()}",
            f"LOOKUP_KEY={_key()}",
            f"DATA_KEYS=1:{_key()}",
            "",
        ]
    )


def _key() -> str:
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode("ascii")
