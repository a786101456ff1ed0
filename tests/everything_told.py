"""A busy day: rows in every table, with everything that can be told, by people whose words turn up nowhere else."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta

from sqlalchemy import select

from booking import clock
from booking.extensions import db, transaction
from booking.formats.figures_file import figures_csv
from booking.models import (
    AttendanceImport,
    Booking,
    Call,
    DoorDevice,
    DoorEvent,
    Draft,
    Event,
    Feedback,
    HeadCount,
    Heard,
    HeardFile,
    HeldForm,
    Issue,
    IssueUpdate,
    Message,
    NeedRequest,
    Note,
    PlaceReport,
    Snapshot,
    SnapshotBundle,
    Supplier,
    VenueHire,
    Wish,
)
from booking.rules.disclosure import Profile
from booking.rules.engagement.counting import Counted
from booking.rules.frozen_figures import canonical, sha256, written
from booking.rules.words import (
    Alternative,
    CallOutcome,
    CallReason,
    CannotReason,
    ConsentSubject,
    FeedbackMethod,
    FeedbackOrigin,
    HeldReason,
    HelperKind,
    NeedState,
    TapState,
    WishReason,
)
from booking.services.answer_complaint import note_complaint
from booking.services.ask_for_news import NewsWanted, ask_for_news
from booking.services.ask_needs import Need
from booking.services.book_places import Helper
from booking.services.take_complaint import ComplaintGiven, take_complaint
from tests.cast import a_booking, a_mail_from, a_member_of_staff, an_event

WORDS = {
    "email": "zebedee.quillfeather@somewhere.example",
    "phone": "07700 900614",
    "name": "Zebedee Quillfeather",
    "helper": "Wilhelmina Oxbowhurst",
    "question": "who mends the weathercock of the orangery",
    "detail": "a marmalade-coloured chair",
    "reason": "the marmalade upholsterer has vanished",
    "call": "rang about the hippocampus fountain",
    "note": "sits best beside the astrolabe",
    "mail": "we arrive by velocipede and tandem",
    "mail_subject": "velocipede parking",
    "draft": "Ottoline Halfwayfinished",
    "typed": "a half-typed note about Peregrine",
    "file_given": "family of the bathysphere",
    "wish": "sessions on the houseboat of Persephone",
    "place_report": "the drawbridge is up since Michaelmas",
    "feedback": "play the glockenspiel less loudly",
    "heard": "the carousel of the conservatory squeaks",
    "frozen": "forty-four families of the lighthouse",
    "frozen_zip": "a zip of the sea wall at Whitstable",
    "frozen_hidden": "three at the smuggler’s cove",
    "heard_nothing": "the ferret ate the flip chart",
    "heard_file": "zither-lessons-of-Peregrine",
    "heard_content": "the zeppelin is moored at the orangery",
    "issue": "nobody oils the portcullis of the nursery",
    "keyholder": "Cornelius Padlockington",
    "keyholder_phone": "01632 960719",
    "hire": "forty-one doubloons an hour",
    "way_in": "through the buttery hatch",
    "supplier": "Euphemia Signlanguage-Smythe",
    "join_url": "https://video.example.org/marmalade-room",
    "dial_in": "0330 900 4711, code 90210",
    "letter": "Dear Zebedee, the bytes of a letter",
    "complaint": "you told Bartholomew of my booking",
    "complainant": "Hyacinth Grumbleworthy",
    "complaint_mail": "hyacinth@grumbles.example",
    "complaint_phone": "01632 960842",
    "walked_in": "Marmaduke Doorstepper",
    "door_key": "a private key of phone seventeen",
    "complaint_note": "spoke with Bartholomew on the stairs",
}
"""Each is sealed wherever it is kept."""


def everything_told() -> Booking:
    """Fill every sealed column; return the family's booking."""
    member = a_member_of_staff()
    event = an_event(join_url=WORDS["join_url"], dial_in=WORDS["dial_in"])
    booking = a_booking(
        event,
        email=WORDS["email"],
        phone=WORDS["phone"],
        outcode="ME13",
        district="swale",
        question=WORDS["question"],
        helper=Helper(WORDS["helper"], HelperKind.SENCO),
        profile={"age_phase": ["primary"], "support": ["ehcp"], "need_area": ["asd"]},
        needs=(Need("something_else", WORDS["detail"]),),
        consents=(ConsentSubject.NEEDS, ConsentSubject.PROFILE, ConsentSubject.REMEMBER_NEEDS),
        remember_needs=True,
    )
    a_mail_from(booking, text=WORDS["mail"], subject=WORDS["mail_subject"])
    quiet_event_id = an_event().id
    with transaction():
        _write_by_hand(booking.id, event, member.id, quiet_event_id=quiet_event_id)
    with transaction():
        wanted = NewsWanted(district="swale", needs=("quiet_space",))
        ask_for_news(WORDS["email"], wanted, lang="en")
        given = ComplaintGiven(
            text=WORDS["complaint"],
            name=WORDS["complainant"],
            email=WORDS["complaint_mail"],
            phone=WORDS["complaint_phone"],
            about_booking=booking.reference,
        )
        note_complaint(take_complaint(given, lang="en").id, WORDS["complaint_note"])
    return db.session.get_one(Booking, booking.id, populate_existing=True)


def _a_frozen_return() -> Snapshot:
    """A quarter with a word in each of its parts, as real ones hold numbers."""
    figures = canonical(written(Counted({})) | {"open_registers": [], "said": [[WORDS["frozen"]]]})
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("metrics.csv", figures_csv([]))
        archive.writestr("summary.html", WORDS["frozen_zip"])
    content = file.getvalue()
    return Snapshot(
        period="2025-26-Q4",
        version=1,
        figures=figures,
        sha256=sha256(figures),
        frozen_at=clock.now(),
        frozen_role="organiser",
        reason="",
        open_registers=[],
        app_version="1",
        bundles=[
            SnapshotBundle(
                profile=profile,
                name=f"return-{profile.value}.zip",
                size=len(content),
                sha256=sha256(content),
                content=content,
                hidden={"cells": [[WORDS["frozen_hidden"], "all", "all"]]},
            )
            for profile in Profile
        ],
    )


def _write_by_hand(booking_id: int, event: Event, staff_id: int, *, quiet_event_id: int) -> None:
    """Put down what services write at other moments."""
    row = db.session.get_one(Booking, booking_id)
    row.places[0].adult.name = WORDS["name"]
    need = db.session.scalars(select(NeedRequest).where(NeedRequest.booking_id == booking_id)).one()
    need.state, need.reason, need.alternative = NeedState.CANNOT_MEET, CannotReason.OTHER, Alternative.CALL
    need.reason_words = WORDS["reason"]
    message = db.session.scalars(select(Message).where(Message.booking_id == booking_id)).first()
    assert message
    message.rendered = WORDS["letter"].encode()
    message.facts = {**(message.facts or {}), "told": WORDS["way_in"]}
    ends = clock.now() + timedelta(hours=24)
    asked, spoke = CallReason.ASKED, CallOutcome.SPOKE
    answers, fields = {"full_name": WORDS["draft"]}, {"note": [WORDS["typed"]]}
    db.session.add_all(
        [
            Call(booking_id=booking_id, reason=asked, outcome=spoke, note=WORDS["call"], staff_id=staff_id),
            Note(booking_id=booking_id, text=WORDS["note"], staff_id=staff_id),
            Draft(event_id=event.id, token_digest="t" * 64, browser_digest="b" * 64, answers=answers, expires_at=ends),
            HeldForm(staff_id=staff_id, token_digest="h" * 64, path="/staff/calls", fields=fields, expires_at=ends),
            AttendanceImport(
                staff_id=staff_id,
                content=WORDS["file_given"].encode(),
                found={"name": WORDS["file_given"], "problems": [[2, "kind", f"“{WORDS['file_given']}” is no kind."]]},
                expires_at=ends,
            ),
            DoorDevice(event_id=event.id, number=1, private_key=WORDS["door_key"], send_digest="d" * 64),
            DoorEvent(
                event_id=event.id,
                via="phone 1",
                tap="held",
                subject="walk_in:held",
                value={"here": True},
                words={"names": [WORDS["walked_in"]]},
                at=clock.now(),
                received_at=clock.now(),
                state=TapState.HELD,
                held_for=HeldReason.CALLED_OFF,
            ),
            Wish(reason=WishReason.TOPIC, text=WORDS["wish"]),
            PlaceReport(venue_id=event.venue_id, text=WORDS["place_report"]),
            Feedback(
                event_id=event.id,
                booking_id=booking_id,
                link_digest="f" * 64,
                origin=FeedbackOrigin.LINK,
                method=FeedbackMethod.PAIRED,
                before_confident=2,
                confident=4,
                change=WORDS["feedback"],
                may_quote=True,
                answered_at=clock.now(),
            ),
            HeadCount(event_id=event.id, children=3, professionals=2),
            _a_frozen_return(),
            Heard(event_id=event.id, text=WORDS["heard"]),
            Heard(event_id=quiet_event_id, nothing_because=WORDS["heard_nothing"]),
            HeardFile(
                event_id=event.id,
                name=f"{WORDS['heard_file']}.txt",
                kind="TXT",
                size=30,
                digest="e" * 64,
                is_tagged=True,
                content=WORDS["heard_content"].encode(),
            ),
            Issue(
                event_id=event.id,
                text=WORDS["issue"],
                families=3,
                raised_at=clock.now(),
                updates=[IssueUpdate(text="We asked.", said_at=clock.now())],
            ),
            VenueHire(
                venue_id=event.venue_id,
                keyholder=WORDS["keyholder"],
                phone=WORDS["keyholder_phone"],
                cost=WORDS["hire"],
                way_in=WORDS["way_in"],
            ),
            Supplier(name="Signs of Kent", codes=["bsl"], contact=WORDS["supplier"]),
        ]
    )
