"""Join a booking to the family it belongs to, or begin a new one."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import func, or_, select, text

from booking.cipher import lookup_hash
from booking.extensions import db
from booking.models import Adult, Booking, Family
from booking.queries.remembered import root_of
from booking.rules.contact import normal_email, normal_phone
from booking.rules.words import PersonKind


def find_or_make_family(*, email: str | None, phone: str | None) -> Family:
    """Return the family with this e-mail address, else this phone number, else a new one, which has no id yet.

    If the two point to different families, begin a new one and let staff look. Joining shows nobody anything.
    """
    email_hash, phone_hash = _hashes(email, phone)
    _keep_others_out(email_hash, phone_hash)
    known = _known(email_hash, phone_hash)
    both = [each.itself for each in known if (each.email_hash, each.phone_hash) == (email_hash, phone_hash)]
    by_email = [each.itself for each in known if email_hash and each.email_hash == email_hash]
    by_phone = [each.itself for each in known if phone_hash and each.phone_hash == phone_hash]
    if both or not by_email or not by_phone or by_email[0] is by_phone[0]:
        family = next(iter([*both, *by_email, *by_phone]), None)
        return _learn(family, email_hash, phone_hash) if family else _make(email_hash, phone_hash)
    return _make(email_hash, phone_hash, ask_staff=True)


def know_family_by(booking: Booking, *, email: str | None, phone: str | None) -> None:
    """Let a booking's family be found by its new contact from now on; the booking stays with its family.

    Staff are asked to look, and nothing is joined, when the new contact is another family's, or when only one of
    several chains of bookings has it: whoever typed a family's address without its link must not move the family.
    The session is locked; families are locked here.
    """
    family = booking.family
    if family is None:
        return
    old_email, old_phone = _hashes(booking.email, booking.phone)
    hashes = _hashes(email, phone)
    _keep_others_out(*hashes)
    known = _known(*hashes)
    db.session.refresh(family, with_for_update=True)
    if any(other.itself is not family for other in known) or _has_other_chains(booking):
        family.merge_question = True
        return
    if family.email_hash in (None, old_email):
        family.email_hash = hashes[0]
    if family.phone_hash in (None, old_phone):
        family.phone_hash = hashes[1]


def _has_other_chains(booking: Booking) -> bool:
    root = root_of(booking)
    statement = select(Booking.id).where(
        Booking.family_id == booking.family_id, Booking.id != root, func.coalesce(Booking.root_id, Booking.id) != root
    )
    return db.session.scalar(statement.limit(1)) is not None


def adults_of(
    family: Family, people: Sequence[tuple[str | None, PersonKind]], *, besides: Collection[int | None] = ()
) -> list[Adult]:
    """Return one adult of the family for each person: known by name, else added; none of those in `besides`.

    People without a name are the family's first, second … adult without a name of that kind.
    """
    free = [adult for adult in family.adults if adult.id not in besides]
    return [_take(free, family, name, kind) for name, kind in people]


def _take(free: list[Adult], family: Family, name: str | None, kind: PersonKind) -> Adult:
    for adult in free:
        if adult.kind == kind and _plain(adult.name) == _plain(name):
            free.remove(adult)
            return adult
    adult = Adult(family=family, name=name or None, kind=kind)
    db.session.add(adult)
    return adult


def _plain(name: str | None) -> str:
    return " ".join((name or "").casefold().split())


def _hashes(email: str | None, phone: str | None) -> tuple[str | None, str | None]:
    number = normal_phone(phone) if phone else None
    return (
        lookup_hash("email", normal_email(email)) if email else None,
        lookup_hash("phone", number) if number else None,
    )


def _keep_others_out(*hashes: str | None) -> None:
    """On PostgreSQL two bookings of different sessions may look for one new family at once: one must wait."""
    if db.engine.dialect.name == "postgresql":
        for number in sorted(int(each[:15], 16) for each in hashes if each):
            db.session.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": number})


def _known(email_hash: str | None, phone_hash: str | None) -> Sequence[Family]:
    matches = [
        column == value
        for column, value in ((Family.email_hash, email_hash), (Family.phone_hash, phone_hash))
        if value is not None
    ]
    if not matches:
        return []
    return db.session.scalars(select(Family).where(or_(*matches)).order_by(Family.id).with_for_update()).all()


def _learn(family: Family, email_hash: str | None, phone_hash: str | None) -> Family:
    family.email_hash = family.email_hash or email_hash
    family.phone_hash = family.phone_hash or phone_hash
    return family


def _make(email_hash: str | None, phone_hash: str | None, *, ask_staff: bool = False) -> Family:
    family = Family(email_hash=email_hash, phone_hash=phone_hash, merge_question=ask_staff)
    db.session.add(family)
    return family
