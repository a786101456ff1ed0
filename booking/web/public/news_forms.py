"""The form of who wants to be told about new sessions: where, which kinds, and what a place should have."""

from __future__ import annotations

from email.utils import parseaddr
from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.validators import ValidationError

from booking.formats.words_for import miles, wording
from booking.locality.kinds import Fulfil, Need, Point
from booking.locality.postcodes import split_postcode
from booking.models import Subscription
from booking.queries.districts import district_today
from booking.rules.contact import normal_email
from booking.rules.news import MILES, ONLINE
from booking.rules.words import EventKind
from booking.services.ask_for_news import NewsWanted
from booking.web.public.booking_forms import TrapForm
from booking.web.shared.forms import AtMost, Needed
from booking.web.shared.settings import locality, postcodes, settings

DISTRICT, NEAR, ANYWHERE = "district", "near", "anywhere"
MOST_NEEDS = 20


class WantedForm(TrapForm):
    """What somebody wants to be told about."""

    where = RadioField(_l("Where?"), validators=[Needed(_l("Choose where."))], validate_choice=False)
    district = SelectField(_l("Which district?"), validate_choice=False)
    place = StringField(
        _l("Near which town or postcode?"),
        description=_l(
            "If you chose “Near a town or postcode”. For example Ashford, or CT9. "
            "We only keep the first part of a postcode."
        ),
        validators=[AtMost(60)],
    )
    miles = SelectField(_l("How far away?"), validate_choice=False)
    kinds = SelectMultipleField(
        _l("Which kinds of sessions? (optional)"),
        description=_l("Tick none if you want to hear about all of them."),
        validate_choice=False,
    )
    needs = SelectMultipleField(
        _l("What should the place have? (optional)"),
        description=_l("We leave out places where it is missing, and places that nobody has checked yet."),
        validate_choice=False,
    )
    consent_needs = BooleanField()

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        here = locality()
        self.where.choices = [
            (DISTRICT, _("In one district")),
            (NEAR, _("Near a town or postcode")),
            (ANYWHERE, _("Anywhere in %(area)s, and online", area=here.name)),
            (ONLINE, _("Only online")),
        ]
        self.district.choices = [("", _("Choose a district")), *((d.code, d.name) for d in here.inside_districts)]
        self.miles.choices = [(str(number), miles(number)) for number in MILES]
        self.kinds.choices = [(kind.value, wording(kind)) for kind in EventKind]
        self.needs.choices = [(need.code, _(need.label)) for need in needs_of_places()]
        self.consent_needs.label.text = _(
            "I agree that %(name)s keeps these ticks to choose what to tell me. I can change my mind at any time.",
            name=here.brand.name,
        )

    def validate_where(self, field: Any) -> None:
        if field.data not in {code for code, _label in field.choices}:
            raise ValidationError(_("Choose where."))

    def validate_district(self, field: Any) -> None:
        if self.where.data == DISTRICT and field.data not in {d.code for d in locality().inside_districts}:
            raise ValidationError(_("Choose a district from the list."))

    def validate_place(self, field: Any) -> None:
        if self.where.data == NEAR and self._spot() is None:
            raise ValidationError(_("We cannot find that place. Check the spelling, or try a town nearby."))

    def validate_miles(self, field: Any) -> None:
        if self.where.data == NEAR and field.data not in {str(number) for number in MILES}:
            raise ValidationError(_("Choose how far away from the list."))

    def validate_kinds(self, field: Any) -> None:
        _all_offered(field, _("Choose kinds of sessions from the list."))

    def validate_needs(self, field: Any) -> None:
        _all_offered(field, _("Choose what a place should have from the list."))

    def validate_consent_needs(self, field: Any) -> None:
        if self.needs.data and not field.data:
            raise ValidationError(_("Tick that you agree, or take out the ticks about what a place should have."))

    @property
    def wanted(self) -> NewsWanted:
        """Return what was chosen; what belongs to another choice is left out, and of a postcode its second part."""
        kinds = tuple(EventKind(code) for code in self.kinds.data or ())
        needs = tuple(self.needs.data or ())
        spot = self._spot() if self.where.data == NEAR else None
        if spot is not None:
            return NewsWanted(
                place=spot.label,
                easting=spot.easting,
                northing=spot.northing,
                miles=int(self.miles.data),
                kinds=kinds,
                needs=needs,
            )
        district = {DISTRICT: self.district.data, ONLINE: ONLINE}.get(self.where.data, "")
        return NewsWanted(district=district, kinds=kinds, needs=needs)

    def _spot(self) -> Point | None:
        """Find the middle of the town or of the first part of the postcode: no home's own spot is kept."""
        typed = (self.place.data or "").strip()
        outcode, _inward = split_postcode(typed)
        town = postcodes().find_place(typed) if typed else None
        if town is not None and town.found_by == "town":
            return town
        return postcodes().find_place(outcode) if outcode else None


class NewsForm(WantedForm):
    """The same with the address that news goes to."""

    email = StringField(
        _l("Your email address"),
        description=_l("We write once to ask whether it is yours. News comes only after you say yes."),
        validators=[Needed(_l("Enter your email address.")), AtMost(254)],
    )

    def validate_email(self, field: Any) -> None:
        try:
            validate_email(field.data, check_deliverability=False, test_environment=True)
        except EmailNotValidError as error:
            raise ValidationError(_("Enter an email address like name@example.com.")) from error
        if normal_email(field.data) == normal_email(parseaddr(settings().mail_sender)[1]):
            raise ValidationError(_("This is our own address. Enter yours."))


def needs_of_places() -> tuple[Need, ...]:
    """Return the needs that depend on what a place has: the others can be arranged anywhere."""
    return tuple(need for need in locality().needs if need.facts and Fulfil.VENUE in need.fulfil)


def as_chosen(subscription: Subscription) -> dict[str, Any]:
    """Return what a form begins with that changes a subscription."""
    needs = [str(code) for code in subscription.needs or ()]
    where = ANYWHERE
    if subscription.easting is not None:
        where = NEAR
    elif subscription.district:
        where = ONLINE if subscription.district == ONLINE else DISTRICT
    return {
        "where": where,
        "district": district_today(subscription.district),
        "place": subscription.place,
        "miles": str(subscription.miles or MILES[1]),
        "kinds": subscription.kinds,
        "needs": needs,
        "consent_needs": bool(needs),
    }


def _all_offered(field: Any, sentence: str) -> None:
    offered = {code for code, _label in field.choices}
    if not set(field.data or ()) <= offered:
        field.data = [code for code in field.data if code in offered]
        raise ValidationError(sentence)
