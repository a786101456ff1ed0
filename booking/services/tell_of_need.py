"""Write down that a family was told how something it asked for stands, how and when."""

from __future__ import annotations

from booking import clock
from booking.errors import Conflict
from booking.models import NeedRequest
from booking.rules.need_states import refuse_step
from booking.rules.words import NeedState, ToldHow
from booking.services.change_need_state import has_begun, record_step
from booking.services.locks import lock_need


def tell_of_need(need_id: int, how: ToldHow) -> NeedRequest:
    """Note that the family knows now: that it is arranged, or that we cannot do it.

    Raise NotFound, Conflict when they were told already, Refusal when there is nothing to tell yet.
    """
    need = lock_need(need_id)
    was = need.state
    if was == NeedState.CANNOT_MEET:
        if need.told_at is not None:
            raise Conflict("Somebody has told them already. Nothing is left to do.")
    else:
        refuse_step(was, NeedState.CONFIRMED_TO_FAMILY, has_begun=has_begun(need.booking.event))
        need.state = NeedState.CONFIRMED_TO_FAMILY
    need.told_at, need.told_how = clock.now(), how
    record_step(need, was=was, facts={"told": how.value})
    return need
