"""Be told about new sessions: ask, say yes, change, stop. Opening a link changes nothing."""

from __future__ import annotations

import time
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking.errors import NotFound
from booking.extensions import csrf, current_lang, limiter, transaction
from booking.formats.news_words import wanted_in_words
from booking.formats.tokens import subscription_token
from booking.models import Subscription
from booking.queries.subscriptions import active_of, find_subscription_by_token
from booking.rules.news import ONLINE
from booking.rules.words import EventKind, SubscriptionStatus
from booking.services.ask_for_news import ask_for_news
from booking.services.confirm_news import change_news, confirm_news
from booking.services.stop_subscription import stop_one, stop_subscription
from booking.web.public.blueprint import public
from booking.web.public.draft_pages import slow_down
from booking.web.public.my_booking import limit_guesses
from booking.web.public.news_forms import DISTRICT, NEAR, NewsForm, WantedForm, as_chosen
from booking.web.public.typed_place import less_than_typed
from booking.web.shared.forms import HouseForm
from booking.web.shared.languages import this_address
from booking.web.shared.settings import locality

TAKES = 0.3
"""Seconds that an answer takes, whether or not the address is known."""


class NewsUnknown(NotFound):
    """No wish for news has this link (any more)."""


@public.route("/news", methods=["GET", "POST"])
@limiter.limit("30 per hour", methods=["POST"], on_breach=slow_down)
def news() -> ResponseReturnValue:
    """Ask where to write and about what; the answer is the same for every address."""
    if request.method == "GET" and (shorter := less_than_typed(request.args.get("place", ""))):
        asked: dict[str, Any] = request.args.to_dict() | shorter
        return redirect(url_for("public.news", **asked), 303)
    form = NewsForm(data=_asked_for())
    if not form.validate_on_submit():
        return _show("public/news.html", form)
    began = time.monotonic()
    with transaction():
        ask_for_news(form.email.data, form.wanted, lang=current_lang())
    time.sleep(max(0.0, TAKES - (time.monotonic() - began)))
    return redirect(url_for("public.news_sent"), 303)


@public.get("/news/sent")
def news_sent() -> ResponseReturnValue:
    """Say: check your e-mail. The same for everyone."""
    return render_template("public/news_sent.html")


@public.get("/news/<token>")
@limit_guesses
def my_news(token: str) -> ResponseReturnValue:
    """Show what they asked for: with the button that says yes, or, after that, with the form that changes it."""
    subscription = _subscription_of(token)
    if subscription.status == SubscriptionStatus.ASKED:
        wanted = wanted_in_words(subscription, locality())
        return render_template("public/news_confirm.html", token=token, wanted=wanted, form=HouseForm())
    return _show_mine(subscription, token, WantedForm(formdata=None, data=as_chosen(subscription)))


@public.post("/news/<token>/confirm")
@limit_guesses
def confirm_my_news(token: str) -> ResponseReturnValue:
    """Take the yes."""
    subscription = _subscription_of(token)
    with transaction():
        confirm_news(subscription.id)
    flash(_("Thank you. We will write to you when there is something new."))
    return redirect(url_for("public.my_news", token=token), 303)


@public.post("/news/<token>")
@limit_guesses
def change_my_news(token: str) -> ResponseReturnValue:
    """Tell about other sessions from now on."""
    subscription = _subscription_of(token)
    form = WantedForm()
    if not form.validate_on_submit():
        return _show_mine(subscription, token, form)
    with transaction():
        change_news(subscription.id, form.wanted)
    flash(_("Saved. From now on we tell you about these."))
    return redirect(url_for("public.my_news", token=token), 303)


@public.post("/news/<token>/drop")
@limit_guesses
def drop_my_news(token: str) -> ResponseReturnValue:
    """Stop this one wish; the others of the address go on."""
    subscription = _subscription_of(token)
    others = [each for each in active_of(subscription.email_hash) if each.id != subscription.id]
    back = url_for("public.my_news", token=subscription_token(others[0])) if others else ""
    with transaction():
        stop_one(subscription)
    return redirect(back, 303) if back else render_template("public/news_stopped.html")


@public.get("/news/<token>/stop")
@limit_guesses
def ask_to_stop_my_news(token: str) -> ResponseReturnValue:
    """Show the button that stops all news; a mail scanner that opens the link stops nothing."""
    _subscription_of(token)
    return render_template("public/news_stop.html", token=token)


@public.post("/news/<token>/stop")
def stop_my_news(token: str) -> ResponseReturnValue:
    """Stop all news to the address, at once: also when a mail program asks, without cookie and form (RFC 8058).

    The secret in the link is all it needs. A link that opens nothing has nothing to stop: the answer is the same.
    """
    g.is_personal = True
    subscription = find_subscription_by_token(token)
    if subscription is not None:
        with transaction():
            stop_subscription(subscription)
    return render_template("public/news_stopped.html")


csrf.exempt(stop_my_news)


@public.errorhandler(NewsUnknown)
def _news_unknown(_error: NewsUnknown) -> ResponseReturnValue:
    return render_template("public/news_unknown.html"), 404


def _subscription_of(token: str) -> Subscription:
    g.is_personal = True
    subscription = find_subscription_by_token(token)
    if subscription is None:
        raise NewsUnknown(_("This link is not in use."))
    return subscription


def _show(template: str, form: HouseForm, **values: Any) -> ResponseReturnValue:
    page = render_template(template, form=form, action=this_address(), has_errors=bool(form.errors), **values)
    return page, 422 if form.errors else 200


def _show_mine(subscription: Subscription, token: str, form: WantedForm) -> ResponseReturnValue:
    others = [each for each in active_of(subscription.email_hash) if each.id != subscription.id]
    return _show(
        "public/news_mine.html",
        form,
        token=token,
        wanted=wanted_in_words(subscription, locality()),
        others=[(wanted_in_words(each, locality()), subscription_token(each)) for each in others],
    )


def _asked_for() -> dict[str, Any]:
    """Return what the search before it asked for."""
    asked = request.args
    district = locality().find_district(asked.get("district", ""))
    is_ours = district is not None and district.inside
    place = asked.get("place", "")
    kind = asked.get("kind", "")
    where = NEAR if place else DISTRICT if is_ours else ONLINE if "online" in asked else None
    return {
        "where": where,
        "place": place,
        "district": district.code if district is not None and is_ours else "",
        "miles": "10",
        "kinds": [kind] if kind in {each.value for each in EventKind} else [],
    }
