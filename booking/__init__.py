"""The booking system: `create_app` is the one place where the parts meet."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask

if TYPE_CHECKING:
    from config import Config

ROOT = Path(__file__).resolve().parent.parent


def create_app(config: Config, *, commands: bool = True) -> Flask:
    """Build the application from its settings; a web process starts faster without the commands."""
    from booking import cipher, jobs, web  # noqa: PLC0415 (config.py imports booking.cipher while this module loads)
    from booking.extensions import init_extensions  # noqa: PLC0415
    from booking.web.shared.languages import Site  # noqa: PLC0415

    config.instance_path.mkdir(parents=True, exist_ok=True)
    cipher.use_keys(config.keys)
    app = Site(
        "booking",
        root_path=str(ROOT / "booking"),
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "static"),
        instance_path=str(config.instance_path),
    )
    app.config.from_mapping(config.for_flask())
    app.extensions["config"] = config
    init_extensions(app)
    web.init_app(app)
    jobs.init_app(app)
    if commands:
        from booking import cli  # noqa: PLC0415

        cli.init_app(app)
    return app
