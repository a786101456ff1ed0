"""Sign-in for staff with Flask-Security: e-mail, password and a code from an app. No registration.

The code is compulsory for whoever sees families (`rules/permissions.py`): the guard of the pages leads there.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from datetime import timedelta
from typing import Any

from flask import Flask, Response, abort, g, request, session
from flask_babel import lazy_gettext as _l
from flask_limiter.util import get_remote_address
from flask_security import LoginForm, SQLAlchemyUserDatastore, TwoFactorRescueForm, TwoFactorSetupForm, current_user
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from booking import clock
from booking.extensions import db, limiter, open_as_writer, security
from booking.locality import get_locality
from booking.models import Role, Staff
from booking.rules.permissions import needs_second_step
from booking.web.staff import signed_in
from booking.web.staff.code_app import UsedOnce

LIMITED = (
    "login",
    "verify",
    "change_password",
    "two_factor_token_validation",
    "two_factor_setup_validate",
    "mf_recovery",
)
"""The views on which something can be guessed."""

TRIES = "10 per 5 minutes; 40 per hour"
TRIES_FOR_ONE = "60 per hour"
"""For one person, wherever the tries come from."""
MESSAGES = {
    "GENERIC_AUTHN_FAILED": _l("The email or the password is not right. Check both and try again."),
    "PASSWORD_INVALID_LENGTH": _l("Use at least %(length)s characters."),
    "PASSWORD_NOT_PROVIDED": _l("Type your password."),
    "INVALID_PASSWORD": _l("That is not your password."),
    "PASSWORD_IS_THE_SAME": _l("The new password is the same as the old one. Choose another."),
    "RETYPE_PASSWORD_MISMATCH": _l("The two new passwords are not the same. Type them again."),
    "PASSWORD_CHANGE": _l("Your password is changed."),
    "REAUTHENTICATION_SUCCESSFUL": _l("Thank you. Please go on."),
    "TWO_FACTOR_INVALID_TOKEN": _l("That code is not right. Wait for the next one and try again."),
    "TWO_FACTOR_LOGIN_SUCCESSFUL": _l("You are signed in."),
    "TWO_FACTOR_CHANGE_METHOD_SUCCESSFUL": _l("Two-step sign-in is on. Now make codes for the day your phone is lost."),
    "TWO_FACTOR_DISABLED": _l("Two-step sign-in is off."),
    "TWO_FACTOR_PERMISSION_DENIED": _l("Please sign in first."),
    "TWO_FACTOR_METHOD_NOT_AVAILABLE": _l("Choose one of the answers."),
    "INVALID_RECOVERY_CODE": _l("That code is not right, or it was used before."),
}
CLOSED = ("security.two_factor_rescue",)
"""Views that come with Flask-Security and that we do not offer: they send mail past our own mail path."""


class SignInForm(LoginForm):
    """E-mail and password. Nobody is remembered: the computers in halls are shared."""

    remember = None


class TwoStepForm(TwoFactorSetupForm):
    """Turn two-step sign-in on or off. The choices are ours: theirs come in a shape that WTForms is about to drop."""

    setup = RadioField(choices=[SelectChoice("disable"), SelectChoice("authenticator")], validate_choice=False)

    def validate_setup(self, field: Any) -> None:
        """Let nobody turn it off who has to have it."""
        if field.data == "disable" and needs_second_step(role.name for role in current_user.roles):
            raise ValidationError(_l("You see families' data, so this stays on. You can set up another phone."))


class NoRescueForm(TwoFactorRescueForm):
    """Flask-Security makes this form beside that for the code; we never show it."""

    help_setup = RadioField(choices=[SelectChoice("help")])


def init_app(app: Flask) -> None:
    """Set up Flask-Security for staff, with limits on what can be guessed."""
    app.config.update(_settings(app))
    security._totp_cls = UsedOnce  # Flask-Security takes it in its constructor alone, which the edge does not call
    security.init_app(
        app,
        SQLAlchemyUserDatastore(db, Staff, Role),
        login_form=SignInForm,
        two_factor_setup_form=TwoStepForm,
        two_factor_rescue_form=NoRescueForm,
        datetime_factory=clock.now,
    )
    signed_in.init_app(app)
    for name in LIMITED:
        endpoint = f"security.{name}"
        view = app.view_functions[endpoint]
        for tries, key in ((TRIES, None), (TRIES_FOR_ONE, _whose)):
            limit: Any = limiter.limit(tries, key_func=key, methods=["POST"], deduct_when=_was_a_guess)
            view = limit(view)
        app.view_functions[endpoint] = view
    # First of all hooks: Flask-Principal's would read the person before we can ask for the writer's lock.
    app.before_request_funcs.setdefault(None, []).insert(0, _prepare)


def _was_a_guess(response: Response) -> bool:
    """Tell whether a try failed: who gets it right is led on, who does not sees the form (or its errors as JSON)."""
    return not 300 <= response.status_code < 400


def _whose() -> str:
    """Return whose account is tried: the address that was typed, or the person who is half or wholly signed in."""
    typed = request.form.get("email", "").strip().lower()
    return f"account {typed or session.get('tf_user_id') or session.get('_user_id') or get_remote_address()}"[:300]


def _prepare() -> None:
    if not (request.endpoint or "").startswith("security."):
        return
    if request.endpoint in CLOSED:
        abort(404)
    if request.is_json:
        abort(415)
    g.is_personal = True
    if request.method == "POST":
        db.session.rollback()
        open_as_writer()


def _settings(app: Flask) -> dict[str, Any]:
    config = app.extensions["config"]
    settings: dict[str, Any] = {
        "BLUEPRINT_NAME": "security",
        "URL_PREFIX": "/staff",
        "LOGIN_URL": "/sign-in",
        "LOGOUT_URL": "/sign-out",
        "VERIFY_URL": "/confirm-it-is-you",
        "CHANGE_URL": "/password",
        "TWO_FACTOR_SETUP_URL": "/two-step",
        "TWO_FACTOR_TOKEN_VALIDATION_URL": "/two-step/code",
        "TWO_FACTOR_RESCUE_URL": "/two-step/rescue",
        "TWO_FACTOR_SELECT_URL": "/two-step/select",
        "MULTI_FACTOR_RECOVERY_CODES_URL": "/recovery-codes",
        "MULTI_FACTOR_RECOVERY_URL": "/two-step/recovery-code",
        "POST_LOGIN_VIEW": "/staff/",
        "POST_LOGOUT_VIEW": "/staff/sign-in",
        "POST_CHANGE_VIEW": "/staff/account",
        "TWO_FACTOR_POST_SETUP_VIEW": "/staff/recovery-codes",
        "POST_VERIFY_VIEW": "/staff/account",
        "STATIC_FOLDER": None,
        "CLI_USERS_NAME": False,
        "CLI_ROLES_NAME": False,
        "API_ENABLED_METHODS": ["session"],
        "RETURN_GENERIC_RESPONSES": True,
        "PASSWORD_SCHEMES": ["argon2"],
        "PASSWORD_SINGLE_HASH": ["argon2"],
        "PASSWORD_LENGTH_MIN": 10,
        "CHANGEABLE": True,
        "SEND_PASSWORD_CHANGE_EMAIL": False,
        "TWO_FACTOR": True,
        "TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
        "TWO_FACTOR_RESCUE_EMAIL": False,
        "MULTI_FACTOR_RECOVERY_CODES": True,
        "TOTP_SECRETS": {key_id: _derived(key, b"staff totp").hex() for key_id, key in config.keys.data.items()},
        "TOTP_ISSUER": get_locality(config.locality).brand.name,
        "MULTI_FACTOR_RECOVERY_CODES_KEYS": [
            urlsafe_b64encode(_derived(key, b"staff recovery codes")) for key in config.keys.data.values()
        ],
        "FRESHNESS": timedelta(hours=1),
        "FRESHNESS_GRACE_PERIOD": timedelta(minutes=10),
        "SCRIPT_NONCE_KEY": "csp_nonce",
    }
    settings |= {f"MSG_{name}": (text, "info") for name, text in MESSAGES.items()}
    return {f"SECURITY_{name}": value for name, value in settings.items()}


def _derived(data_key: bytes, purpose: bytes) -> bytes:
    """Return a key made of a data key, which is not the data key."""
    return hmac.new(data_key, purpose, "sha256").digest()
