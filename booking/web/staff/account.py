"""One's own account, where one is signed in, and the one-time link that sets a password."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_security import current_user
from flask_wtf import FlaskForm
from wtforms import PasswordField

from booking.cipher import token_digest
from booking.extensions import limiter, security, transaction
from booking.queries.sign_ins import list_sign_ins
from booking.services.set_staff_password import find_invited, set_staff_password
from booking.services.sign_ins import end_one_sign_in
from booking.services.sign_ins import end_other_sign_ins as end_others
from booking.web.shared.forms import Needed
from booking.web.staff.blueprint import staff
from booking.web.staff.signed_in import this_secret


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
    """Show what one can change about one's own sign-in, and where one is signed in."""
    return render_template(
        "staff/account.html",
        sign_ins=list_sign_ins(current_user.id),
        this_digest=token_digest(this_secret()),
    )


@staff.post("/account/sign-ins/<int:sign_in_id>/end")
def end_sign_in(sign_in_id: int) -> ResponseReturnValue:
    """Sign oneself out in another browser."""
    with transaction():
        is_ended = end_one_sign_in(sign_in_id, staff_id=current_user.id)
    flash(_("You are signed out there.") if is_ended else _("You were not signed in there any more."))
    return redirect(url_for("staff.account", _anchor="signed-in"), 303)


@staff.post("/account/sign-ins/end-others")
def end_other_sign_ins() -> ResponseReturnValue:
    """Sign oneself out everywhere else."""
    with transaction():
        end_others(current_user.id, but=this_secret())
    flash(_("You are signed out everywhere but here."))
    return redirect(url_for("staff.account", _anchor="signed-in"), 303)


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
