"""The people of the staff as an admin sees them, and what would be left behind when one goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, Table, func, select
from sqlalchemy.orm import joinedload, selectinload

from booking import clock
from booking.errors import NotFound
from booking.extensions import db
from booking.models import Base, Duty, Event, Role, SignIn, Staff
from booking.rules.words import EventStatus, StaffRole

OWNS = ("organiser_id", "owner_id", "owner_staff_id")
"""How a column is called that says whose work something is; what only tells who did something stays as it was."""


@dataclass(frozen=True, kw_only=True)
class PersonRow:
    """One line of the list of people."""

    id: int
    name: str
    email: str
    roles: tuple[StaffRole, ...]
    all_sessions: bool
    has_password: bool
    has_code_app: bool
    last_sign_in_at: datetime | None


def list_people() -> list[PersonRow]:
    """Return who is active, by name."""
    latest = select(SignIn.staff_id, func.max(SignIn.created_at).label("at")).group_by(SignIn.staff_id).subquery()
    statement = select(Staff, latest.c.at).outerjoin(latest, latest.c.staff_id == Staff.id).where(Staff.active)
    rows = db.session.execute(statement.options(selectinload(Staff.roles))).all()
    return sorted((_row(member, at) for member, at in rows), key=lambda row: (row.name.casefold(), row.email))


def get_person(staff_id: int) -> Staff:
    """Return somebody who is active. Raise NotFound."""
    member = db.session.scalar(select(Staff).where(Staff.id == staff_id, Staff.active))
    if member is None:
        raise NotFound("There is no such person, or they have left.")
    return member


def admins() -> Sequence[int]:
    """Return the numbers of the admins."""
    is_admin = Staff.roles.any(Role.name == StaffRole.ADMIN.value)
    return db.session.scalars(select(Staff.id).where(Staff.active, is_admin).order_by(Staff.id)).all()


def duties_of(staff_id: int) -> frozenset[int]:
    """Return the sessions that somebody was given a duty at."""
    return frozenset(db.session.scalars(select(Duty.event_id).where(Duty.staff_id == staff_id)))


def sessions_to_give() -> Sequence[Event]:
    """Return the sessions that are not over and not called off, by start."""
    statement = (
        select(Event)
        .where(Event.ends_at > clock.now(), Event.status != EventStatus.CANCELLED)
        .options(joinedload(Event.venue))
        .order_by(Event.starts_at, Event.id)
        .limit(200)
    )
    return db.session.scalars(statement).all()


def coming_sessions_of(staff_id: int) -> Sequence[Event]:
    """Return the sessions to come that somebody organises."""
    statement = select(Event).where(Event.organiser_id == staff_id, Event.ends_at > clock.now())
    return db.session.scalars(statement.order_by(Event.starts_at, Event.id)).all()


def owned_columns() -> list[tuple[Table, str]]:
    """Return every column that says whose work a row is, found from the tables themselves."""
    return [
        (table, column.name)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if column.name in OWNS and any(_is_of_staff(key) for key in column.foreign_keys)
    ]


def count_owned(staff_id: int) -> dict[str, int]:
    """Return how many rows of which table are somebody's work."""
    counts: dict[str, int] = {}
    for table, name in owned_columns():
        statement = select(func.count()).select_from(table).where(table.c[name] == staff_id)
        counts[table.name] = counts.get(table.name, 0) + (db.session.scalar(statement) or 0)
    return counts


def _is_of_staff(key: ForeignKey) -> bool:
    return key.target_fullname == "staff.id"


def _row(member: Staff, at: datetime | None) -> PersonRow:
    names = {role.name for role in member.roles}
    return PersonRow(
        id=member.id,
        name=member.name,
        email=member.email,
        roles=tuple(role for role in StaffRole if role.value in names),
        all_sessions=member.all_sessions,
        has_password=member.password is not None,
        has_code_app=bool(member.tf_totp_secret and member.tf_primary_method),
        last_sign_in_at=at,
    )
