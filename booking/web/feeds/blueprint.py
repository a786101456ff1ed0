"""The one blueprint of what machines read; nothing here sets a cookie or depends on one."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, Flask, Response, request
from flask.blueprints import BlueprintSetupState
from flask.sessions import SecureCookieSessionInterface, SessionMixin

feeds = Blueprint("feeds", __name__)


class CookielessFeeds(SecureCookieSessionInterface):
    """Leave the session alone on these addresses: no cookie, and no `Vary: Cookie`, which would spoil every cache."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Save the session of people's pages only."""
        if request.blueprint != feeds.name:
            super().save_session(app, session, response)


@feeds.record_once
def _leave_cookies_to_people(state: BlueprintSetupState) -> None:
    cast("Flask", state.app).session_interface = CookielessFeeds()
