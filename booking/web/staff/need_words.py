"""How staff say what a place offers for a request, and how far a request has got."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from booking.rules.access_needs import NeedAnswer
from booking.rules.words import ForWhom, NeedState

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
