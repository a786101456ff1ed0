"""The rooms of a venue: how many people we book for each, and how many may be inside."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField

from booking.errors import NotFound, Refusal
from booking.extensions import transaction
from booking.models import Room, Venue
from booking.queries.venues import get_venue
from booking.services.require_seen import EditedMeanwhile, version_of_room
from booking.services.save_room import RoomDetails
from booking.services.save_room import remove_room as remove
from booking.services.save_room import save_room as save
from booking.web.shared.forms import AtMost, HouseForm, Needed
from booking.web.shared.number_field import NumberField
from booking.web.staff.blueprint import staff
from booking.web.staff.edit_conflict import differences


class RoomForm(HouseForm):
    """One room."""

    seen = HiddenField()
    name = StringField(_l("Name of the room"), [Needed(_l("Write the name of the room.")), AtMost(80)])
    capacity = NumberField(
        _l("How many people we book at most (optional)"),
        description=_l("As many as are comfortable, with buggies and wheelchairs."),
    )
    fire_limit = NumberField(
        _l("Fire limit of the room (optional)"),
        description=_l("The most people who may be in it, helpers and children too. It stands beside the door."),
    )

    def details(self) -> RoomDetails:
        """Return what was typed."""
        return RoomDetails(name=self.name.data, capacity=self.capacity.data, fire_limit=self.fire_limit.data)


@staff.route("/venues/<int:venue_id>/rooms", methods=["GET", "POST"])
def venue_rooms(venue_id: int) -> ResponseReturnValue:
    """List the rooms; add one."""
    venue, form = get_venue(venue_id), RoomForm()
    if form.validate_on_submit() and _save(venue_id, form):
        flash(_("The room is added. Sessions can be in it now."))
        return redirect(url_for("staff.venue_rooms", venue_id=venue_id), 303)
    return _show("staff/venue_rooms.html", venue, form)


@staff.route("/venues/<int:venue_id>/rooms/<int:room_id>", methods=["GET", "POST"])
def venue_room(venue_id: int, room_id: int) -> ResponseReturnValue:
    """Change a room."""
    venue = get_venue(venue_id)
    room = _room_of(venue, room_id)
    form = _room_form(room)
    try:
        if form.validate_on_submit() and _save(venue_id, form, room_id=room_id):
            flash(_("The room is saved."))
            return redirect(url_for("staff.venue_rooms", venue_id=venue_id), 303)
    except EditedMeanwhile as conflict:
        room = _room_of(get_venue(venue_id), room_id)
        form.refuse(None, conflict.sentence)
        form.seen.data, form.seen.raw_data = version_of_room(room), None
        changed = differences(form, _room_form(room, formdata=None))
        page = render_template(
            "staff/venue_room.html", venue=room.venue, form=form, room=room, changed=changed, has_errors=True
        )
        return page, 409
    venue = get_venue(venue_id)
    return _show("staff/venue_room.html", venue, form, room=_room_of(venue, room_id))


@staff.post("/venues/<int:venue_id>/rooms/<int:room_id>/remove")
def remove_room(venue_id: int, room_id: int) -> ResponseReturnValue:
    """Take a room away; say which session is in the way of that."""
    try:
        with transaction():
            remove(venue_id, room_id)
    except NotFound:
        raise
    except Refusal as refusal:
        venue = get_venue(venue_id)
        room = _room_of(venue, room_id)
        form = _room_form(room, formdata=None)
        form.refuse(None, refusal.sentence)
        return _show("staff/venue_room.html", venue, form, room=room)
    flash(_("The room is removed."))
    return redirect(url_for("staff.venue_rooms", venue_id=venue_id), 303)


def _room_form(room: Room, **kwargs: Any) -> RoomForm:
    values = {"name": room.name, "capacity": room.capacity, "fire_limit": room.fire_limit}
    return RoomForm(data={"seen": version_of_room(room)} | values, **kwargs)


def _save(venue_id: int, form: RoomForm, *, room_id: int | None = None) -> bool:
    try:
        with transaction():
            save(venue_id, form.details(), room_id=room_id, seen=form.seen.data or "" if room_id else None)
    except (NotFound, EditedMeanwhile):
        raise
    except Refusal as refusal:
        form.refuse(refusal.field, refusal.sentence)
        return False
    return True


def _show(template: str, venue: Venue, form: RoomForm, **values: object) -> ResponseReturnValue:
    status = 422 if form.errors else 200
    return render_template(template, venue=venue, form=form, has_errors=status == 422, **values), status


def _room_of(venue: Venue, room_id: int) -> Room:
    for room in venue.rooms:
        if room.id == room_id:
            return room
    raise NotFound("That room is not there any more.")
