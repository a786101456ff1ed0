"""The pages that explain: help, whom to ring, privacy, accessibility, cookies, security."""

from __future__ import annotations

from datetime import timedelta

from flask import Response, current_app, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking import clock
from booking.locality.kinds import HelpFor
from booking.rules.words import FactAnswer
from booking.web.public.blueprint import public
from booking.web.shared.kept import headings, kept
from booking.web.shared.settings import locality, settings


@public.get("/help")
def help() -> ResponseReturnValue:
    """Answer what parents ask most."""
    return render_template(
        "public/help.html",
        answers=FactAnswer,
        abbreviations=locality().abbreviations,
        **_who_to_ring(),
    )


@public.get("/worried")
def worried() -> ResponseReturnValue:
    """Say whom to ring about a child or an adult. Nothing is asked here and nothing is kept, not even a count."""
    return render_template("public/worried.html", lead_phone=settings().safeguarding_phone, **_who_to_ring())


@public.get("/privacy")
def privacy() -> ResponseReturnValue:
    """Say what is kept, why, for how long, who sees it, and how to complain."""
    return render_template("public/privacy.html", headings=headings(), kept=kept())


@public.get("/accessibility")
def accessibility() -> ResponseReturnValue:
    """Give the accessibility statement in the form the regulations ask for."""
    return render_template("public/accessibility.html")


@public.get("/cookies")
def cookies() -> ResponseReturnValue:
    """Name the one cookie and say what it does."""
    return render_template(
        "public/cookies.html",
        cookie_name=current_app.config["SESSION_COOKIE_NAME"],
        headings=[_("Name"), _("What it does"), _("Who sets it"), _("How long it stays")],
        cells=[_("It keeps our forms safe, and yours."), _("This site"), _("Until you close your browser")],
    )


def _who_to_ring() -> dict[str, object]:
    lines = locality().help_lines
    return {
        "for_others": [line for line in lines if line.whom != HelpFor.SELF],
        "for_oneself": [line for line in lines if line.whom == HelpFor.SELF],
        "advice": locality().advice,
    }


@public.get("/security")
def security_page() -> ResponseReturnValue:
    """Say how to report a hole."""
    return render_template("public/security.html")


@public.get("/.well-known/security.txt")
def security_txt() -> Response:
    """Give machines the way to report a hole (RFC 9116)."""
    expires = (clock.now() + timedelta(days=180)).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [
        f"Contact: mailto:{settings().help_email}",
        f"Expires: {expires.isoformat().replace('+00:00', 'Z')}",
        "Preferred-Languages: en",
        f"Canonical: {settings().public_url}/.well-known/security.txt",
        f"Policy: {settings().public_url}{url_for('public.security_page')}",
    ]
    return Response("\n".join(lines) + "\n", mimetype="text/plain")
