"""What families wrote of sessions, for who may read it; and what an editor shows of it to everybody."""

from __future__ import annotations

from functools import partial

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import NotFound
from wtforms import BooleanField, TextAreaField

from booking import clock
from booking.errors import Refusal
from booking.extensions import transaction
from booking.queries.figure_trend import quarters_until
from booking.queries.quotes import WordsShown, get_words, words_of
from booking.rules.calendar_periods import Period, parse_period, period_of
from booking.rules.feedback import LONGEST_QUOTE
from booking.services.quote_feedback import publish_quote, withdraw_quote
from booking.services.record_audit import record_view
from booking.web.shared.forms import AtMost, HouseForm
from booking.web.shared.pages import page_asked, pages_of
from booking.web.staff.blueprint import staff

ON_ONE_PAGE = 50
SCREEN = "staff.feedback_words"


class QuoteForm(HouseForm):
    """The words that everybody reads, and that somebody has found them fit."""

    text = TextAreaField(
        _l("What may everybody read?"),
        description=_l(
            "In their own words as far as can be. Leave out names, places and all that could point to them."
        ),
        validators=[AtMost(LONGEST_QUOTE)],
    )
    is_fit = BooleanField(
        _l("I have read it, and it is fit to show"),
        description=_l(
            "It names nobody, and nobody would know a family or a child by it. Your name is kept with this."
        ),
    )


@staff.get("/figures/words")
def feedback_words() -> ResponseReturnValue:
    """List what was written of the sessions of a quarter; the look is kept, and not whose words they are."""
    period, shown = _period(), _shown()
    with transaction():
        record_view(screen=SCREEN, subject_type="period")
    found = words_of(period, shown, start=(page_asked() - 1) * ON_ONE_PAGE, limit=ON_ONE_PAGE)
    return render_template(
        "staff/feedback_words.html",
        period=period,
        periods=quarters_until(period_of(clock.today()))[::-1],
        shown=shown.value,
        choices=[
            (WordsShown.ALL.value, _("All")),
            (WordsShown.MAY_QUOTE.value, _("May be quoted")),
            (WordsShown.QUOTED.value, _("Shown to everybody")),
        ],
        rows=found.rows,
        total=found.total,
        cut=pages_of(found.total, on_each=ON_ONE_PAGE, page=page_asked()),
        page_link=partial(url_for, SCREEN, period=period.code, shown=shown.value),
    )


@staff.route("/figures/words/<int:feedback_id>", methods=["GET", "POST"])
def quote(feedback_id: int) -> ResponseReturnValue:
    """Show some words to everybody, as an editor writes them."""
    row = get_words(feedback_id)
    form, status = QuoteForm(data={"text": row.quote or row.change or ""}), 0
    if form.validate_on_submit():
        try:
            with transaction():
                publish_quote(feedback_id, text=form.text.data or "", is_fit=bool(form.is_fit.data))
        except Refusal as refusal:
            form.refuse(refusal.field, refusal.sentence)
            status = refusal.status
        else:
            flash(_("Saved. Everybody can read it now."))
            return _back(feedback_id)
    with transaction():
        record_view(screen="staff.quote", subject_type="event", subject_id=get_words(feedback_id).event_id)
    row = get_words(feedback_id)
    page = render_template(
        "staff/quote.html",
        row=row,
        form=form,
        period=period_of(clock.in_london(row.event.starts_at).date()),
        has_errors=bool(form.errors),
    )
    return page, status or (422 if form.errors else 200)


@staff.post("/figures/words/<int:feedback_id>/withdraw")
def remove_quote(feedback_id: int) -> ResponseReturnValue:
    """Take a quote back."""
    with transaction():
        withdraw_quote(feedback_id)
    flash(_("Taken off the public page."))
    return _back(feedback_id)


def _back(feedback_id: int) -> ResponseReturnValue:
    period = period_of(clock.in_london(get_words(feedback_id).event.starts_at).date())
    return redirect(url_for(SCREEN, period=period.code), 303)


def _period() -> Period:
    text = request.args.get("period", "")
    try:
        return parse_period(text) if text else period_of(clock.today())
    except ValueError as error:
        raise NotFound from error


def _shown() -> WordsShown:
    text = request.args.get("shown", "")
    return WordsShown(text) if text in set(WordsShown) else WordsShown.ALL
