"""The time a family chose: one with a professional, or two in a row for who needs longer (J3)."""

from __future__ import annotations

from flask_babel import gettext as _

from booking import clock
from booking.errors import SessionFull
from booking.formats import refusals, words_for
from booking.models import Event
from booking.services.find_time import Appointment, appointments, free_starts, is_free
from booking.web.public.booking_forms import WhoAndWhenForm, WhoForm
from booking.web.public.draft_pages import DraftPage


def chosen_time(page: DraftPage) -> Appointment | None:
    """Return the time or the two times in a row that were chosen; None where no times are booked."""
    slot = next((slot for slot in page.event.slots if slot.id == page.answers.of("who").get("slot")), None)
    if slot is None:
        return None
    pairs = appointments(page.event, slot.role, longer=True) if page.answers.wants_longer else []
    return next((each for each in pairs if each.first.id == slot.id), Appointment(slot))


def words_of(time: Appointment) -> list[str]:
    """Say when it begins and ends, with whom, and that it is two times in a row."""
    words = [f"{words_for.time_span(time.slots[0].starts_at, time.slots[-1].ends_at)}, {time.first.role}"]
    return [*words, _("Two times in a row")] if time.second else words


def full_times(page: DraftPage, time: Appointment) -> SessionFull | None:
    """Return what is said when there is no such time left with this professional; None when there is one."""
    role = time.first.role
    longer = page.answers.wants_longer and bool(appointments(page.event, role, longer=True, after=clock.now()))
    if free_starts(page.event, role, longer=longer):
        return None
    return refusals.no_two_in_a_row() if longer else refusals.full(0)


def may_be_longer(form: WhoForm, event: Event) -> bool:
    """Tell whether no second time is asked for, or one is free, or none is anywhere; else say where one is."""
    if not isinstance(form, WhoAndWhenForm) or not form.longer.data:
        return True
    role = next(slot.role for slot in event.slots if str(slot.id) == form.slot.data)
    pairs = appointments(event, role, longer=True, after=clock.now())
    free = [each for each in pairs if is_free(event, each)]
    if pairs and (not free or any(str(each.first.id) == form.slot.data for each in free)):
        return True
    starts = [each.first.starts_at for each in free]
    refusal = refusals.take_another(starts) if pairs else refusals.never_two_in_a_row()
    form.refuse("slot", refusal.sentence)
    return False
