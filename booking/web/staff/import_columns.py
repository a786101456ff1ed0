"""The columns of the files that bring in venues and sessions: each fills a field of the form that staff have."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from booking import clock
from booking.formats.csv_input import plain_name
from booking.formats.words_for import wording
from booking.locality.kinds import Locality
from booking.queries.venue_names import VenueNames
from booking.rules.words import BookingMode, Delivery, EventKind, Participation

EXAMPLE = "Example: "
"""What the example row of a template begins with: a row that still does is left out."""

Read = Callable[[str], Sequence[str]]
"""Turns a cell into what its field takes, or raises ValueError with a sentence."""


def _as_it_is(text: str) -> Sequence[str]:
    return (text,)


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column: its name, the form's field it fills, what to write in it, and what an empty cell stands for."""

    name: str
    field: str
    about: str
    example: str = ""
    is_needed: bool = False
    read: Read = _as_it_is
    empty: Sequence[str] = ("",)


def venue_columns(locality: Locality) -> tuple[Column, ...]:
    """Return the columns of a file of venues."""
    return (
        Column(
            name="name",
            field="name",
            about="What the place is called.",
            example=f"{EXAMPLE}Rose Hall",
            is_needed=True,
        ),
        Column(
            name="code",
            field="code",
            about="A short code, if you use one: letters, figures and hyphens. Without it we make one. "
            "A venue is known again by its code, else by its name and town.",
            example="ROSE1",
        ),
        Column(
            name="address",
            field="address",
            about="The street and the number. The name and the town have columns of their own.",
            example="1 Long Lane",
        ),
        Column(name="town", field="town", about="The town or village.", example="Ashford", is_needed=True),
        Column(
            name="postcode",
            field="postcode",
            about="The postcode, or its first part. It puts the venue on the map.",
            example="TN23 1PP",
            is_needed=True,
        ),
        Column(
            name="district",
            field="district",
            about="The name of the district. Leave it empty, and we find it by the postcode.",
            example="",
            read=_district(locality),
        ),
        Column(
            name="directions",
            field="directions",
            about="Which door, where to park, which bus.",
            example="Come in by the side door. The car park is free.",
        ),
        Column(
            name="arriving",
            field="arrival_steps",
            about="From the street to a chair in the room, one short sentence a line (or with | between them).",
            example="Go through the green gate. | Ring the bell on the left.",
            read=_lines,
        ),
        Column(name="leaving", field="leaving", about="The way out.", example="Leave by the door you came in."),
        Column(name="last bus", field="last_bus", about="When it goes, and where to.", example="4:40pm to Ashford"),
        Column(name="places", field="capacity", about="How many people we book here at most.", example="40"),
        Column(name="fire limit", field="fire_limit", about="The most people who may be inside.", example="60"),
        Column(
            name="private",
            field="is_confidential",
            about="yes, if only families who have booked may know where it is. Otherwise no or empty.",
            example="no",
            read=_yes_or_no,
            empty=(),
        ),
    )


def session_columns(locality: Locality, venues: VenueNames) -> tuple[Column, ...]:
    """Return the columns of a file of sessions."""
    return (
        Column(
            name="title",
            field="title",
            about="What the session is called.",
            example=f"{EXAMPLE}Tea and talk",
            is_needed=True,
        ),
        Column(
            name="kind",
            field="kind",
            about=_one_of(EventKind),
            example=wording(EventKind.COFFEE),
            is_needed=True,
            read=_choice(EventKind),
        ),
        Column(
            name="date",
            field="date",
            about="14/03/2027, 14 March 2027 or 2027-03-14. The day comes before the month.",
            example=f"{_in_four_weeks():%d/%m/%Y}",
            is_needed=True,
            read=_date,
        ),
        Column(
            name="starts", field="starts", about="10am, 1:30pm or 13:30.", example="10:00", is_needed=True, read=_time
        ),
        Column(name="ends", field="ends", about="The same day.", example="11:30", is_needed=True, read=_time),
        Column(
            name="how",
            field="delivery",
            about=f"{_one_of(Delivery)} Empty means {wording(Delivery.IN_PERSON)}.",
            example=wording(Delivery.IN_PERSON),
            read=_choice(Delivery),
            empty=(Delivery.IN_PERSON.value,),
        ),
        Column(
            name="venue",
            field="venue_id",
            about="Its name as the list of venues has it, its name and town with a comma, or its code. It has to be "
            "there before. Empty for an online session.",
            example="Rose Hall, Ashford",
            read=lambda text: (str(venues.get(text).id),),
        ),
        Column(name="room", field="room", about="Which room. Empty means all of the venue.", example="Garden room"),
        Column(
            name="booking",
            field="booking_mode",
            about=f"{_one_of(BookingMode)} Empty means {wording(BookingMode.PLACES)}.",
            example=wording(BookingMode.PLACES),
            read=_choice(BookingMode),
            empty=(BookingMode.PLACES.value,),
        ),
        Column(name="places", field="capacity", about="How many places. Empty means no limit.", example="16"),
        Column(
            name="walk-ins",
            field="walk_ins_allowed",
            about="yes, if people may come without booking, or no. Empty means yes.",
            example="yes",
            read=_yes_or_no,
            empty=("y",),
        ),
        Column(
            name="summary",
            field="summary",
            about="One or two sentences for the list. Who is it for?",
            example="No talks. No forms. Come late, leave early.",
        ),
        Column(name="more", field="description", about="More about it.", example=""),
        Column(
            name="agenda",
            field="agenda",
            about="Minutes and what, one a line (or with | between them).",
            example="10 Welcome and names | 80 Coffee",
            read=_lines,
        ),
        Column(
            name="people",
            field="people",
            about="Who will be there: roles, not names, one a line (or with | between them).",
            example="School nurse | EHC plan officer",
            read=_lines,
        ),
        Column(
            name="for", field="audience", about="Whom it is for, if it is not for all.", example="Dads and male carers"
        ),
        Column(name="host", field="host", about="Who runs it.", example="Kent PACT"),
        Column(
            name="greeter",
            field="greeter",
            about="Who greets families at the door: a first name or a role, and how to know them.",
            example="Jo, in a yellow scarf",
        ),
        Column(
            name="topics",
            field="topics",
            about=f"Any of these, with | between them: {'; '.join(topic.label for topic in locality.topics)}.",
            example=locality.topics[0].label,
            read=_topics(locality),
            empty=(),
        ),
        Column(
            name="part",
            field="participation",
            about=f"What part families have in it. {_one_of(Participation)} Empty means "
            f"{wording(Participation.CONSULT)}.",
            read=_choice(Participation),
            empty=(Participation.CONSULT.value,),
        ),
        Column(
            name="busiest",
            field="busiest",
            about="Only for a session without booking: when it is busiest.",
            example="",
        ),
        Column(
            name="opens",
            field="opens_days_before",
            about="How many days before the session booking opens. Empty: as soon as it is published.",
        ),
        Column(
            name="ends booking",
            field="ends_hours_before",
            about="How many hours before the session booking ends. Empty: when it begins.",
        ),
        Column(name="link", field="join_url", about="The link to join online. Only families who have booked get it."),
        Column(name="dial-in", field="dial_in", about="A telephone number and code to join."),
        Column(
            name="why both",
            field="clash_reason",
            about="Only where another session is in that room at that time, and it is meant so: why both may be there.",
        ),
    )


def example_row(columns: Sequence[Column]) -> list[str]:
    """Return the row of a template that shows how it is done."""
    return [column.example for column in columns]


def date_parts(text: str) -> tuple[str, str, str]:
    """Return day, month and year of a date as people write it; ValueError if there are not three parts."""
    parts = re.findall(r"\d+|[^\W\d_]+", text.casefold())
    parts = [part for part in parts if not re.match(r"(mon|tue|wed|thu|fri|sat|sun)", part)]
    parts = [part for part in parts if part not in ("st", "nd", "rd", "th", "of")]
    if len(parts) > 3 and re.fullmatch(r"\d{4}-\d\d-\d\d[t ]00:00(:00)?", text.casefold()):
        parts = parts[:3]
    if len(parts) != 3:
        raise ValueError(f"“{text}” is not a date. Write it as 14/03/2027 or 14 March 2027.")
    if len(parts[0]) == 4:
        parts.reverse()
    return parts[0], parts[1], parts[2]


def _date(text: str) -> Sequence[str]:
    return date_parts(text)


def _time(text: str) -> Sequence[str]:
    """Take the seconds away that spreadsheet programs add."""
    return (re.sub(r"^(\d{1,2}:\d\d):00\b", r"\1", text),)


def _lines(text: str) -> Sequence[str]:
    return ("\n".join(part.strip() for part in re.split(r"[|\n]", text)),)


def _yes_or_no(text: str) -> Sequence[str]:
    plain = plain_name(text)
    if plain in ("yes", "y", "true", "1", "x"):
        return ("y",)
    if plain in ("no", "n", "false", "0"):
        return ()
    raise ValueError(f"“{text}” is neither yes nor no.")


def _district(locality: Locality) -> Read:
    def read(text: str) -> Sequence[str]:
        district = locality.find_district(text)
        if district is None or district.code == "unknown":
            raise ValueError(f"“{text}” is not a district. Write its name, or leave it empty.")
        return (district.code,)

    return read


def _topics(locality: Locality) -> Read:
    known = {plain_name(name): topic.code for topic in locality.topics for name in (topic.label, topic.code)}

    def read(text: str) -> Sequence[str]:
        wanted = [part.strip() for part in re.split(r"[|;\n]", text) if part.strip()]
        if unknown := [part for part in wanted if plain_name(part) not in known]:
            raise ValueError(
                f"“{unknown[0]}” is not a topic. The topics are {_listed(t.label for t in locality.topics)}."
            )
        return tuple(dict.fromkeys(known[plain_name(part)] for part in wanted))

    return read


def _choice(codes: type[StrEnum]) -> Read:
    known = {plain_name(name): code.value for code in codes for name in (code.value, wording(code))}

    def read(text: str) -> Sequence[str]:
        if plain_name(text) not in known:
            raise ValueError(f"“{text}” is not one of {_listed(wording(code) for code in codes)}.")
        return (known[plain_name(text)],)

    return read


def _one_of(codes: type[StrEnum]) -> str:
    return f"One of: {_listed(wording(code) for code in codes)}."


def _listed(words: Iterable[str]) -> str:
    return "; ".join(words)


def _in_four_weeks() -> date:
    return clock.today() + timedelta(weeks=4)
