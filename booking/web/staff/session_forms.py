"""The forms about a session: its plan (what a move changes), its details, its timed slots."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from booking import clock
from booking.formats.words_for import wording
from booking.locality.kinds import Locality
from booking.models import Event
from booking.queries.venues import room_choices, venue_choices
from booking.rules.delivery import REMINDERS
from booking.rules.session_times import BadTimes, SessionTimes, session_times
from booking.rules.words import BookingMode, CoProduction, Delivery, EventCancelReason, EventKind, Participation
from booking.services.require_seen import version_of
from booking.services.save_session import SessionDetails, SessionPlan
from booking.web.shared.date_fields import DatePartsField, TimeField, write_time
from booking.web.shared.forms import AtMost, HouseForm, Needed
from booking.web.shared.number_field import NumberField

_AGENDA_LINE = re.compile(r"(\d{1,3})\s*(?:min(?:ute)?s?\.?)?[\s:–-]+(\S.*)", flags=re.ASCII | re.IGNORECASE)


def clash_field() -> TextAreaField:
    """Return the field that is shown once the venue turned out to be taken."""
    return TextAreaField(
        _l("Why may both be there at that time?"),
        [AtMost(500)],
        description=_l("Only if it is meant so. For example: two groups in one hall, agreed. This is kept."),
    )


class PlanForm(HouseForm):
    """Title, time and place: once published, changing these moves the session and tells everybody."""

    seen = HiddenField()
    title = StringField(_l("Title"), [Needed(_l("Write a title.")), AtMost(140)])
    delivery = RadioField(_l("How do people meet?"), default=Delivery.IN_PERSON.value)
    date = DatePartsField(_l("Date"), missing=_l("Write the date."))
    starts = TimeField(_l("Starts at"), missing=_l("Write when it starts."))
    ends = TimeField(_l("Ends at"), missing=_l("Write when it ends."))
    venue_id = SelectField(_l("Venue"), description=_l("Not needed for an online session."))
    room = StringField(
        _l("Room (optional)"),
        [AtMost(80)],
        description=_l("Choose one of the venue's rooms, or type a name. Without one the session takes all of it."),
    )
    join_url = StringField(
        _l("Link to join online (optional)"),
        [AtMost(500)],
        description=_l("Only families who have booked get it, by mail and on their own page."),
    )
    dial_in = StringField(_l("Telephone number and code to join (optional)"), [AtMost(200)])
    clash_reason = clash_field()

    times: SessionTimes | None = None
    rooms: Sequence[tuple[str, str]] = ()

    def validate_join_url(self, field: Any) -> None:
        """Refuse what is not a link."""
        if field.data and not (urlsplit(field.data).scheme in ("https", "http") and urlsplit(field.data).netloc):
            raise ValidationError(_("Write the whole link. It begins with https://"))

    def check_times(self) -> bool:
        """Find the moments that date and times mean; say beside the field what is wrong."""
        if self.date.data is None or self.starts.time is None or self.ends.time is None:
            return False
        try:
            self.times = session_times(self.date.data, self.starts.time, self.ends.time, now=clock.now())
        except BadTimes as bad:
            self.refuse(bad.field, bad.sentence)
            return False
        return True

    def plan(self) -> SessionPlan:
        """Return what was typed, once `check_times` is content."""
        assert self.times is not None
        return SessionPlan(
            title=self.title.data,
            delivery=Delivery(self.delivery.data),
            starts_at=self.times.starts_at,
            ends_at=self.times.ends_at,
            venue_id=int(self.venue_id.data) if self.venue_id.data else None,
            room=self.room.data or "",
            join_url=self.join_url.data or None,
            dial_in=self.dial_in.data or None,
        )


class DetailsForm(HouseForm):
    """What else there is to say about a session."""

    seen = HiddenField()
    kind = SelectField(_l("Kind of session"))
    summary = TextAreaField(
        _l("One or two sentences for the list (optional)"), [AtMost(300)], description=_l("Short words. Who is it for?")
    )
    description = TextAreaField(_l("More about it (optional)"), [AtMost(4000)])
    capacity = NumberField(
        _l("How many places? (optional)"), description=_l("Leave it empty for no limit. Timed slots count themselves.")
    )
    walk_ins_allowed = BooleanField(_l("People may come without booking"), default=True)
    audience = StringField(
        _l("Whom is it for? (optional)"),
        [AtMost(120)],
        description=_l("Only if it is not for all parents and carers. For example: dads and male carers"),
    )
    host = StringField(_l("Who runs it (optional)"), [AtMost(80)])
    greeter = StringField(
        _l("Who greets families at the door (optional)"),
        [AtMost(200)],
        description=_l("A first name or a role, and how to know them. For example: Jo, in a yellow scarf"),
    )
    people = TextAreaField(
        _l("Who will be there (optional)"), [AtMost(600)], description=_l("Roles, not names. One a line.")
    )
    agenda = TextAreaField(
        _l("What happens, in order (optional)"),
        [AtMost(2000)],
        description=_l("Minutes and what, one a line. For example: 10 Welcome and names"),
    )
    busiest = StringField(
        _l("When is it busiest? (optional)"),
        [AtMost(120)],
        description=_l("Only for a session without booking. For example: 10am to 10:30am, people then wait 10 minutes"),
    )
    opens_days_before = NumberField(
        _l("Booking opens so many days before (optional)"),
        least=1,
        most=365,
        description=_l("Leave it empty, and families can book as soon as it is published."),
    )
    ends_hours_before = NumberField(
        _l("Booking ends so many hours before (optional)"),
        least=1,
        most=336,
        description=_l("Leave it empty, and families can book until it begins. You can always book by phone."),
    )
    reminders = SelectMultipleField(
        _l("Remind families"), description=_l("Without a tick, that reminder is not sent for this session.")
    )
    topics = SelectMultipleField(_l("Topics (optional)"))
    participation = SelectField(_l("What part do families have in it?"), default=Participation.CONSULT.value)
    co_production = SelectMultipleField(
        _l("What makes it co-production"),
        description=_l("It counts as co-production only with all four. The last is ticked afterwards."),
    )
    workstreams = SelectMultipleField(_l("Workstreams (optional)"), coerce=int)

    def validate_agenda(self, field: Any) -> None:
        """Refuse a line that does not begin with minutes."""
        for line in _lines(field.data):
            if not _AGENDA_LINE.fullmatch(line):
                raise ValidationError(
                    _("Begin each line with minutes, for example: 10 Welcome. Look at: %(line)s", line=line)
                )

    def details(self) -> SessionDetails:
        """Return what was typed."""
        steps = [match for line in _lines(self.agenda.data) if (match := _AGENDA_LINE.fullmatch(line))]
        return SessionDetails(
            kind=EventKind(self.kind.data),
            summary=self.summary.data or "",
            description=self.description.data or "",
            walk_ins_allowed=self.walk_ins_allowed.data,
            capacity=self.capacity.data,
            audience=self.audience.data or "",
            host=self.host.data or "",
            greeter=self.greeter.data or "",
            people=tuple(_lines(self.people.data)),
            agenda=tuple({"minutes": int(step[1]), "what": step[2]} for step in steps),
            participation=Participation(self.participation.data),
            co_production=tuple(self.co_production.data or ()),
            workstreams=tuple(self.workstreams.data or ()),
            topics=tuple(self.topics.data or ()),
            busiest=self.busiest.data or "",
            opens_days_before=self.opens_days_before.data,
            ends_hours_before=self.ends_hours_before.data,
            reminders_off=tuple(kind for kind in REMINDERS if kind.value not in (self.reminders.data or ())),
        )


class SessionForm(PlanForm, DetailsForm):
    """All of a session that nobody has been told about yet."""

    booking_mode = RadioField(_l("How do people get a place?"), default=BookingMode.PLACES.value)

    @property
    def mode(self) -> BookingMode:
        """Return how places are had."""
        return BookingMode(self.booking_mode.data)


class SlotsForm(HouseForm):
    """A row of times with one professional."""

    role = StringField(
        _l("Who is it with?"),
        [Needed(_l("Write the role.")), AtMost(80)],
        description=_l("A role, not a name: EHC plan officer"),
    )
    first = TimeField(_l("First time"), missing=_l("Write the first time."))
    minutes = NumberField(
        _l("How many minutes each?"), least=5, most=240, default=20, missing=_l("Write how many minutes.")
    )
    number = NumberField(
        _l("How many times, one after the other?"), least=1, most=60, missing=_l("Write how many times.")
    )
    desks = NumberField(
        _l("How many at the same time?"), least=1, most=20, default=1, missing=_l("Write how many at the same time.")
    )
    break_at = TimeField(_l("A break at (optional)"))
    break_minutes = NumberField(_l("How long is the break, in minutes?"), least=5, most=120, default=10)


class PublishForm(HouseForm):
    """Why a session may go out although a basic fact about its place is missing."""

    reason = TextAreaField(_l("Why may it go out all the same?"), [AtMost(500)])
    clash_reason = clash_field()


class CopyForm(HouseForm):
    """On which day a copy takes place, asked when its venue is taken on the usual one."""

    date = DatePartsField(_l("Date of the copy"), missing=_l("Write the date."))
    clash_reason = clash_field()


class CancelForm(HouseForm):
    """Why a session is cancelled."""

    seen = HiddenField()
    reason = RadioField(_l("Why is it cancelled?"), [Needed(_l("Choose why."))])


class SeenForm(HouseForm):
    """Only what the page was opened on."""

    seen = HiddenField()


def session_form(locality: Locality, event: Event | None = None, **kwargs: Any) -> SessionForm:
    """Return the form for a new session or a draft; `formdata=None` leaves out what was typed."""
    form = SessionForm(data=plan_values(event) | details_values(event), **kwargs)
    form.booking_mode.choices = _choices(BookingMode)
    return ready(form, locality, event)


def details_form(locality: Locality, event: Event, **kwargs: Any) -> DetailsForm:
    """Return the form for a session that is published."""
    return ready(DetailsForm(data=details_values(event), **kwargs), locality, event)


def plan_form(locality: Locality, event: Event, **kwargs: Any) -> PlanForm:
    """Return the form of a move."""
    return ready(PlanForm(data=plan_values(event), **kwargs), locality, event)


def cancel_form(event: Event) -> CancelForm:
    """Return the form of a cancellation."""
    form = CancelForm(data={"seen": version_of(event)})
    form.reason.choices = _choices(EventCancelReason)
    return form


def ready(form: Any, locality: Locality, event: Event | None) -> Any:
    """Give a form its choices."""
    if "delivery" in form:
        form.delivery.choices = _choices(Delivery)
        venues = venue_choices(keep=event.venue_id if event else None)
        form.rooms = room_choices([int(number) for number, _name in venues])
        form.venue_id.choices = [SelectChoice("", _("Choose a venue")), *(SelectChoice(*each) for each in venues)]
    if "kind" in form:
        form.kind.choices = _choices(EventKind)
        form.participation.choices = _choices(Participation)
        form.co_production.choices = _choices(CoProduction)
        form.reminders.choices = _choices(REMINDERS)
        form.topics.choices = [SelectChoice(each.code, _(each.label)) for each in locality.topics]
        form.workstreams.choices = [
            SelectChoice(str(each.number), f"{each.number}. {_(each.name)}") for each in locality.workstreams
        ]
    return form


def plan_values(event: Event | None) -> dict[str, Any]:
    """Return what the fields of a plan hold for a session."""
    if event is None:
        return {}
    starts, ends = clock.in_london(event.starts_at), clock.in_london(event.ends_at)
    return {
        "seen": version_of(event),
        "title": event.title,
        "delivery": event.delivery.value,
        "date": starts.date(),
        "starts": write_time(starts.time()),
        "ends": write_time(ends.time()),
        "venue_id": str(event.venue_id or ""),
        "room": event.room,
        "join_url": event.join_url or "",
        "dial_in": event.dial_in or "",
    }


def details_values(event: Event | None) -> dict[str, Any]:
    """Return what the fields of the details hold for a session."""
    if event is None:
        return {"reminders": [kind.value for kind in REMINDERS]}
    return {
        "seen": version_of(event),
        "kind": event.kind.value,
        "booking_mode": event.booking_mode.value,
        "summary": event.summary,
        "description": event.description,
        "capacity": None if event.booking_mode == BookingMode.SLOTS else event.capacity,
        "walk_ins_allowed": event.walk_ins_allowed,
        "audience": event.audience,
        "host": event.host,
        "greeter": event.greeter,
        "people": "\n".join(event.people),
        "agenda": "\n".join(f"{step['minutes']} {step['what']}" for step in event.agenda),
        "participation": event.participation.value,
        "co_production": list(event.co_production),
        "workstreams": list(event.workstreams),
        "topics": list(event.topics),
        "busiest": event.busiest,
        "opens_days_before": event.opens_days_before,
        "ends_hours_before": event.ends_hours_before,
        "reminders": [kind.value for kind in REMINDERS if kind.value not in event.reminders_off],
    }


def _choices(codes: Any) -> list[SelectChoice]:
    return [SelectChoice(code.value, wording(code)) for code in codes]


def _lines(text: str | None) -> list[str]:
    return [line.strip() for line in (text or "").splitlines() if line.strip()]
