"""Tell us what would suit you: somebody who found nothing says what they looked for. Nobody is asked who they are."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from booking.extensions import limiter, transaction
from booking.formats.words_for import wording
from booking.rules.time_bands import TimeBand
from booking.rules.words import EventKind, WishReason
from booking.services.keep_wish import WishGiven, keep_wish
from booking.web.public.blueprint import public
from booking.web.public.booking_forms import TrapForm
from booking.web.public.draft_pages import slow_down
from booking.web.public.search_form import band_choice
from booking.web.public.typed_place import find_whereabouts, less_than_typed
from booking.web.shared.forms import AtMost, Needed
from booking.web.shared.settings import locality

TEXT = 500
HANDED_ON = ("place", "district", "kind")


class WishForm(TrapForm):
    """What was missing, and where and when it should be."""

    reason = RadioField(
        _l("What was missing?"),
        validators=[Needed(_l("Choose what was missing."))],
        validate_choice=False,
    )
    place = StringField(
        _l("Where should it be? (optional)"),
        description=_l("A town, a district, or the first part of your postcode. For example Ashford, or CT9."),
        validators=[AtMost(60)],
    )
    kind = SelectField(_l("What kind of session? (optional)"), validate_choice=False)
    time = SelectField(_l("What time suits you? (optional)"), validate_choice=False)
    text = TextAreaField(
        _l("Anything else? (optional)"),
        description=_l("Please do not write names. You do not need to say anything about your child."),
        validators=[AtMost(TEXT)],
    )

    @classmethod
    def of(cls, **values: Any) -> WishForm:
        """Return the form with its choices; `values` is what the search asked for."""
        form = cls(**values)
        form.reason.choices = [SelectChoice(each.value, wording(each)) for each in WishReason]
        form.kind.choices = [("", _("Any kind")), *((each.value, wording(each)) for each in EventKind)]
        form.time.choices = [("", _("Any time")), *((each.value, band_choice(each)) for each in TimeBand)]
        return form

    def validate_reason(self, field: Any) -> None:
        _must_be_offered(field, _("Choose what was missing."))

    def validate_kind(self, field: Any) -> None:
        _must_be_offered(field, _("Choose a kind of session from the list."))

    def validate_time(self, field: Any) -> None:
        _must_be_offered(field, _("Choose a time of day from the list."))

    def validate_place(self, field: Any) -> None:
        if find_whereabouts(field.data or "") is None:
            raise ValidationError(
                _("We cannot find that place. Check the spelling, try a town nearby, or leave this empty.")
            )

    @property
    def given(self) -> WishGiven:
        """The wish; of a postcode only its first part is kept."""
        where = find_whereabouts(self.place.data or "")
        return WishGiven(
            reason=WishReason(self.reason.data),
            outcode=where.outcode if where else "",
            district=where.district if where else "unknown",
            kind=EventKind(self.kind.data) if self.kind.data else None,
            band=TimeBand(self.time.data) if self.time.data else None,
            text=self.text.data or "",
        )

    @property
    def searched(self) -> dict[str, Any]:
        """What of the wish a search could ask for: a place, no closer than its outcode, and a kind."""
        given = self.given
        place = {"place": given.outcode} if given.outcode else {"district": given.district}
        kind = {"kind": given.kind.value} if given.kind else {}
        return {name: value for name, value in (place | kind).items() if value != "unknown"}


@public.route("/wish", methods=["GET", "POST"])
@limiter.limit("30 per hour", methods=["POST"], on_breach=slow_down)
def wish() -> ResponseReturnValue:
    """Ask what would suit; the address may carry what was searched for."""
    if request.method == "GET" and (shorter := less_than_typed(request.args.get("place", ""))):
        asked: dict[str, Any] = request.args.to_dict() | shorter
        return redirect(url_for("public.wish", **asked), 303)
    form = WishForm.of(data=_searched_for())
    if form.validate_on_submit():
        with transaction():
            keep_wish(form.given)
        return redirect(url_for("public.wish_thanks", **form.searched), 303)
    page = render_template("public/wish.html", form=form, action=request.path, has_errors=bool(form.errors))
    return page, 422 if form.errors else 200


@public.get("/wish/thanks")
def wish_thanks() -> ResponseReturnValue:
    """Say thank you and what happens with it, and offer to tell them when something like it appears.

    What they wished for goes with them in the address, as a place and a kind: nothing leads from who asks for news
    to the wish, which stays nobody's.
    """
    asked: dict[str, Any] = {name: request.args[name] for name in HANDED_ON if request.args.get(name)}
    return render_template("public/wish_thanks.html", news_link=url_for("public.news", **asked))


def _searched_for() -> dict[str, str | None]:
    asked = request.args
    district = locality().find_district(asked.get("district", ""))
    return {
        "place": asked.get("place") or (district.name if district and district.inside else ""),
        "kind": asked.get("kind"),
        "time": asked.get("time"),
        "reason": WishReason.ONLINE.value if "online" in asked else None,
    }


def _must_be_offered(field: Any, sentence: str) -> None:
    offered = {choice.value if isinstance(choice, SelectChoice) else choice[0] for choice in field.choices}
    if field.data and field.data not in offered:
        raise ValidationError(sentence)
