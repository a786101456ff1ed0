"""The door for servers and for `flask --app wsgi`: reads `.env`, then the environment, and builds the app."""

import os
import sys

from dotenv import load_dotenv

from booking import create_app
from config import ROOT, Config, ConfigError

load_dotenv(ROOT / ".env", override=False)

try:
    app = create_app(Config.from_env(os.environ))
except ConfigError as error:
    sys.exit(f"Cannot start: {error}")
