"""The door for servers and for `flask --app wsgi`: reads `.env`, then the environment, and builds the app."""

import gc
import os
import sys

import click
from dotenv import load_dotenv

from booking import create_app
from config import ROOT, Config, ConfigError

load_dotenv(ROOT / ".env", override=False)

gc.disable()  # What is loaded now stays: to look through it for waste again and again would cost a tenth of the start.
try:
    # Under `flask` there is a click context; a web server has none, and needs no commands.
    app = create_app(Config.from_env(os.environ), commands=click.get_current_context(silent=True) is not None)
except ConfigError as error:
    sys.exit(f"Cannot start: {error}")
gc.freeze()
gc.enable()
