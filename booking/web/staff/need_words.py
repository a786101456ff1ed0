"""How staff say what a place offers for a request, and how far a request has got."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from booking.rules.access_needs import NeedAnswer
from booking.rules.need_states import Task
from booking.rules.words import Alternative, CannotReason, FamilyChoice, ForWhom, NeedState, StaffRole, ToldHow

NEED_ANSWERS = {
    NeedAnswer.THERE: _l("The place has it"),
    NeedAnswer.PARTLY: _l("The place has it in part: talk to the family"),
    NeedAnswer.NOT_THERE: _l("The place does not have it: talk to the family"),
    NeedAnswer.NOT_CHECKED: _l("Nobody has checked whether the place has it"),
    NeedAnswer.WE_ARRANGE: _l("We arrange it"),
}

NEED_STATES = {
    NeedState.REQUESTED: _l("Asked for"),
    NeedState.PLANNING: _l("Being arranged"),
    NeedState.ARRANGED: _l("Arranged"),
    NeedState.CONFIRMED_TO_FAMILY: _l("Arranged, family told"),
    NeedState.MET: _l("It was there"),
    NeedState.PARTLY_MET: _l("It was partly there"),
    NeedState.NOT_MET: _l("It was not there"),
    NeedState.NO_LONGER_NEEDED: _l("Not needed any more"),
    NeedState.CANNOT_MEET: _l("We cannot do it"),
}

FOR_WHOM = {
    ForWhom.ME: _l("for who booked"),
    ForWhom.OTHER_ADULT: _l("for another adult"),
    ForWhom.CHILD: _l("for a child they bring"),
}

NEED_TASKS = {
    Task.ARRANGE: _l("Arrange it"),
    Task.TELL_ARRANGED: _l("Tell the family it is arranged"),
    Task.TELL_CANNOT: _l("Tell the family we cannot do it"),
    Task.SAY_OUTCOME: _l("Say whether it was there"),
}

STEPS = {
    NeedState.REQUESTED: _l("Put it back to “asked for”"),
    NeedState.PLANNING: _l("Being arranged"),
    NeedState.ARRANGED: _l("It is arranged"),
    NeedState.NO_LONGER_NEEDED: _l("Not needed any more"),
    NeedState.MET: _l("It was there"),
    NeedState.PARTLY_MET: _l("It was partly there"),
    NeedState.NOT_MET: _l("It was not there"),
}
"""The steps that need no more than a button."""

TOLD_HOW = {ToldHow.MESSAGE: _l("By message"), ToldHow.CALL: _l("By phone")}

REASONS = {
    CannotReason.NOBODY_FREE: _l("We asked, and nobody is free that day"),
    CannotReason.PLACE_HAS_NOT: _l("The place does not have it"),
    CannotReason.TOO_LATE: _l("There is too little time to get it ready"),
    CannotReason.OTHER: _l("Another reason: write it below"),
}

ALTERNATIVES = {
    Alternative.OTHER_SESSION: _l("Another session"),
    Alternative.ONLINE: _l("Joining online"),
    Alternative.CALL: _l("A call, one to one"),
}

CHOICES = {
    FamilyChoice.TAKES: _l("They take it"),
    FamilyChoice.DECLINES: _l("They do not want it"),
}

OWNER_ROLES = {
    StaffRole.ORGANISER: _l("Any organiser"),
    StaffRole.ACCESS_LEAD: _l("Any access lead"),
}
"""The roles that may see to a request; others say their own name."""
