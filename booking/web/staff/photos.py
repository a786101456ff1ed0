"""Pictures of a venue: add, say what each shows, put them in order, take one away. No dragging."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from booking.errors import NotFound, Refusal
from booking.extensions import transaction
from booking.formats.pictures import MOST_BYTES, make_picture
from booking.queries.photos import ShownPhoto, find_picture_of, photos_of
from booking.queries.venues import get_venue
from booking.services.save_photo import add_photo, describe_photo
from booking.services.save_photo import move_photo as move
from booking.services.save_photo import remove_photo as remove
from booking.web.shared.photos import is_digest, send_picture
from booking.web.shared.settings import locality
from booking.web.staff.blueprint import staff
from booking.web.staff.photo_forms import NewPhotoForm, PhotoWordsForm

UPLOAD = "staff.venue_photos"


@staff.route("/venues/<int:venue_id>/photos", methods=["GET", "POST"])
def venue_photos(venue_id: int) -> ResponseReturnValue:
    """Show the pictures in their order; add one."""
    venue, form = get_venue(venue_id), NewPhotoForm(fact_code=request.args.get("fact", ""))
    if form.validate_on_submit() and _add(venue_id, form):
        flash(_("The picture is added. It is the last one."))
        return redirect(url_for(UPLOAD, venue_id=venue_id), 303)
    status = 422 if form.errors else 200
    page = render_template(
        "staff/venue_photos.html",
        venue=venue,
        photos=photos_of(venue_id),
        form=form,
        label_of={kind.code: kind.label for kind in locality().facts},
        has_errors=status == 422,
    )
    return page, status


@staff.route("/venues/<int:venue_id>/photos/<int:photo_id>", methods=["GET", "POST"])
def venue_photo(venue_id: int, photo_id: int) -> ResponseReturnValue:
    """Say anew what one picture shows."""
    venue, photo = get_venue(venue_id), _photo_of(venue_id, photo_id)
    form = PhotoWordsForm(obj=photo)
    if form.validate_on_submit():
        with transaction():
            describe_photo(venue_id, photo_id, alt=form.alt.data, fact_code=form.fact_code.data)
        flash(_("The words are saved."))
        return redirect(url_for(UPLOAD, venue_id=venue_id), 303)
    status = 422 if form.errors else 200
    page = render_template("staff/venue_photo.html", venue=venue, photo=photo, form=form, has_errors=status == 422)
    return page, status


@staff.post("/venues/<int:venue_id>/photos/<int:photo_id>/move")
def move_photo(venue_id: int, photo_id: int) -> ResponseReturnValue:
    """Put a picture one place earlier or later."""
    is_earlier = request.form.get("to") == "earlier"
    with transaction():
        photo = move(venue_id, photo_id, by=-1 if is_earlier else 1)
    flash(_("This picture is number %(number)d now: %(words)s", number=photo.position + 1, words=photo.alt))
    return redirect(url_for(UPLOAD, venue_id=venue_id), 303)


@staff.post("/venues/<int:venue_id>/photos/<int:photo_id>/remove")
def remove_photo(venue_id: int, photo_id: int) -> ResponseReturnValue:
    """Take a picture away."""
    with transaction():
        remove(venue_id, photo_id)
    flash(_("The picture is removed."))
    return redirect(url_for(UPLOAD, venue_id=venue_id), 303)


@staff.get("/venues/<int:venue_id>/photos/<digest>.jpg")
def photo_file(venue_id: int, digest: str) -> ResponseReturnValue:
    """Give a picture to staff, also that of a place kept private."""
    return send_picture(find_picture_of(venue_id, digest) if is_digest(digest) else None)


def _add(venue_id: int, form: NewPhotoForm) -> bool:
    """Make the picture before the database is locked: it takes longer than all else. Keep what was typed."""
    try:
        picture = make_picture(_bytes_of(form.photo.data))
        with transaction():
            add_photo(venue_id, picture, alt=form.alt.data, fact_code=form.fact_code.data)
    except Refusal as refusal:
        if isinstance(refusal, NotFound):
            raise
        form.refuse(refusal.field, refusal.sentence)
        return False
    return True


def _bytes_of(upload: FileStorage) -> bytes:
    return upload.stream.read(MOST_BYTES + 1)


def _photo_of(venue_id: int, photo_id: int) -> ShownPhoto:
    for photo in photos_of(venue_id):
        if photo.id == photo_id:
            return photo
    raise NotFound(_("That picture is not there any more."))
