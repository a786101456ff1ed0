"""The form that asks for an attendance list of many sessions: which ones, which columns, and why."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from flask_babel import gettext as _
from wtforms import SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from booking.formats.attendance_list import HEADINGS
from booking.formats.words_for import wording
from booking.locality.kinds import Locality
from booking.models import AttendanceList
from booking.queries.venues import venue_choices
from booking.rules.attendance_lists import ON_REQUEST, ListColumn, Scope
from booking.rules.words import EventKind
from booking.services.give_attendance_list import scope_of
from booking.web.shared.date_fields import DatePartsField
from booking.web.shared.forms import AtMost, HouseForm, Needed

LONGEST_REASON = 160
MOST_DAYS = 366


class ListForm(HouseForm):
    """Which sessions, what is shown of whoever was there, and why."""

    first = DatePartsField("First day", missing="Write the first day.")
    last = DatePartsField("Last day", missing="Write the last day.")
    venue = SelectField("Venue")
    district = SelectField("District")
    kinds = SelectMultipleField("Kinds of session (no tick: all of them)")
    columns = SelectMultipleField("What shall stand in the list?")
    reason = StringField(
        "Why do you need it?",
        [Needed("Say in a few words why you need it."), AtMost(LONGEST_REASON)],
        description="It stands in every row, and we keep it. Name nobody here. For example: letters about the new term",
    )

    def validate_last(self, field: Any) -> None:
        """Refuse days in the wrong order, and more than a year."""
        if field.data is None or self.first.data is None:
            return
        if field.data < self.first.data:
            raise ValidationError("The last day is before the first.")
        if (field.data - self.first.data).days >= MOST_DAYS:
            raise ValidationError("Choose a year at most.")

    def validate_columns(self, field: Any) -> None:
        """Ask for a column: a list of nothing is none."""
        if not field.data:
            raise ValidationError("Tick at least one thing.")

    def validate_reason(self, field: Any) -> None:
        """Refuse a reason that says nothing."""
        if sum(letter.isalpha() for letter in field.data or "") < 3:
            raise ValidationError("Say in a few words why you need it.")

    @property
    def scope(self) -> Scope:
        """Return which sessions were chosen."""
        return Scope(
            first=self.first.data,
            last=self.last.data,
            venue_id=int(self.venue.data) if self.venue.data else None,
            district=self.district.data or "",
            kinds=tuple(EventKind(kind) for kind in self.kinds.data or ()),
        )


def list_form(locality: Locality, *, allowed: Collection[ListColumn], like: AttendanceList | None = None) -> ListForm:
    """Return the form with the columns that this person may see; what is seldom needed is not ticked.

    It begins with what was chosen for another list, if it is asked for again.
    """
    form = ListForm(data=_chosen_for(like, allowed) if like else None)
    form.venue.choices = [SelectChoice("", "All venues"), *(SelectChoice(*each) for each in venue_choices() if each[0])]
    form.district.choices = [SelectChoice("", "All districts")]
    form.district.choices += [SelectChoice(each.code, _(each.name)) for each in locality.inside_districts]
    form.kinds.choices = [SelectChoice(kind.value, wording(kind)) for kind in EventKind]
    form.columns.choices = [SelectChoice(column.value, HEADINGS[column]) for column in allowed]
    if not form.is_submitted() and not form.columns.data:
        form.columns.data = [column.value for column in allowed if column not in ON_REQUEST]
    return form


def _chosen_for(asked: AttendanceList, allowed: Collection[ListColumn]) -> dict[str, Any]:
    scope = scope_of(asked)
    return {
        "first": scope.first,
        "last": scope.last,
        "venue": str(scope.venue_id or ""),
        "district": scope.district,
        "kinds": [kind.value for kind in scope.kinds],
        "columns": [column.value for column in allowed if column.value in asked.columns],
        "reason": asked.reason,
    }
