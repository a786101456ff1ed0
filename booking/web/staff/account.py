"""One's own account, and the one-time link that sets a password."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import PasswordField

from booking.extensions import limiter, security, transaction
from booking.services.set_staff_password import find_invited, set_staff_password
from booking.web.shared.forms import Needed
from booking.web.staff.blueprint import staff


class NewPasswordForm(FlaskForm):
    """A new password, typed once. Not a HouseForm: nothing of a password is trimmed."""

    password = PasswordField(
        _l("Your new password"),
        [Needed(_l("Type a password"))],
        description=_l("At least 10 characters. Three words that do not belong together work well."),
        render_kw={"autocomplete": "new-password"},
    )


@staff.get("/account")
def account() -> ResponseReturnValue:
    """Show what one can change about one's own sign-in."""
    return render_template("staff/account.html")


@staff.route("/set-password/<token>", methods=["GET", "POST"])
@limiter.limit("20 per 5 minutes")
def set_password(token: str) -> ResponseReturnValue:
    """Show the form behind the one-time link, and set the password."""
    member = find_invited(token)
    if member is None:
        return render_template("staff/link_gone.html"), 404
    form = NewPasswordForm()
    if form.validate_on_submit():
        problems, password = security.password_util.validate(form.password.data, True)
        if not problems:
            with transaction():
                set_staff_password(token, password)
            flash(_("Your password is set. Please sign in with it."))
            return redirect(url_for("security.login"), 303)
        form.password.errors = [str(problems[0])]
    status = 422 if form.errors else 200
    return render_template("staff/set_password.html", form=form, email=member.email, has_errors=status == 422), status
