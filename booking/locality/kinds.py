"""The kinds of fact in which an area describes itself: plain frozen values, no behaviour of the system."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol, TypeVar

from booking.locality.changes import Change, changes_in, check_register, code_on, is_there


def N_(text: str) -> str:  # noqa: N802 - the name Babel looks for
    """Mark text for the translators; it is translated where it is shown."""
    return text


@dataclass(frozen=True, slots=True)
class District:
    """A council district, or one of the answers that stand beside them: Medway, elsewhere, not known.

    One that is renamed, or becomes one with others, keeps its code and ends: `to_date` is its last day, `became` the
    code of the district that begins the day after.
    """

    code: str
    name: str
    inside: bool
    gss: str | None = None
    area: str | None = None
    other_names: tuple[str, ...] = ()
    from_date: date | None = None
    to_date: date | None = None
    became: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """A place on the National Grid in metres; the label never says more than an outcode or a town."""

    easting: int
    northing: int
    label: str = ""
    found_by: str = "grid"  # postcode | outcode | town | grid


@dataclass(frozen=True, slots=True)
class Town:
    """A town or village that people type instead of a postcode."""

    name: str
    outcodes: tuple[str, ...]
    easting: int
    northing: int
    other_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Abbreviation:
    """Letters that people in the field say, what they stand for, and what that means in plain words."""

    letters: str
    long: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Organisation:
    """A body that hosts sessions or answers issues."""

    code: str
    name: str
    short_name: str
    role: str
    from_date: date | None = None
    to_date: date | None = None


@dataclass(frozen=True, slots=True)
class Topic:
    """Something that sessions are about, in the words parents look for."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Workstream:
    """A workstream of the local area's improvement plan."""

    number: int
    name: str


@dataclass(frozen=True, slots=True)
class Weakness:
    """A weakness named by the inspectors, with the workstream that answers it."""

    number: int
    name: str
    workstream: int


@dataclass(frozen=True, slots=True)
class Term:
    """A school term, first and last day included; illustrative when no published source was found."""

    school_year: str
    number: int
    start: date
    end: date
    illustrative: bool


class AisSubset(StrEnum):
    """The four recording subsets of the Accessible Information Standard (DAPB1605)."""

    CONTACT_METHOD = "contact_method"
    INFORMATION_FORMAT = "information_format"
    PROFESSIONAL = "communication_professional"
    SUPPORT = "communication_support"


class Fulfil(StrEnum):
    """How a need is met: by the venue, by arranging it, by what staff do, by sending something ahead."""

    VENUE = "V"
    ARRANGE = "A"
    BEHAVIOUR = "B"
    SEND = "I"


IN_PERSON = "in_person"
ONLINE = "online"


@dataclass(frozen=True, slots=True)
class NeedGroup:
    """A group of needs, shown as one fieldset with one line of help."""

    code: str
    label: str
    help: str


@dataclass(frozen=True, slots=True)
class Need:
    """Something that would make it easier to come; `lead_days` are working days."""

    code: str
    group: str
    label: str
    help: str = ""
    ais: AisSubset | None = None
    fulfil: tuple[Fulfil, ...] = ()
    lead_days: int = 0
    facts: tuple[str, ...] = ()
    joins: tuple[str, ...] = (IN_PERSON, ONLINE)
    pair_over_minutes: int | None = None
    reply_days: int | None = None
    snomed_code: str | None = None


@dataclass(frozen=True, slots=True)
class VenueFactKind:
    """One thing to know about a place, as a plain sentence for each answer; "yes" is always the helpful one."""

    code: str
    group: str
    label: str
    yes: str
    partly: str
    no: str
    not_checked: str
    detail: str = ""
    baseline: bool = False

    def sentence(self, value: str) -> str:
        """Give the sentence for yes, partly, no or not_checked."""
        return {"yes": self.yes, "partly": self.partly, "no": self.no, "not_checked": self.not_checked}[value]


@dataclass(frozen=True, slots=True)
class FactGroup:
    """A heading under which facts about a place are listed."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class ProfileOption:
    """One answer to an optional question; `census` are the school census codes it stands for."""

    code: str
    label: str
    hint: str = ""
    census: tuple[str, ...] = ()
    active: bool = True


@dataclass(frozen=True, slots=True)
class ProfileQuestion:
    """An optional question about the child or the adult."""

    code: str
    label: str
    hint: str
    options: tuple[ProfileOption, ...]

    @property
    def offered(self) -> tuple[ProfileOption, ...]:
        """Give the answers that may be chosen today."""
        return tuple(option for option in self.options if option.active)

    def get_option(self, code: str) -> ProfileOption:
        """Give the answer with this code, or raise KeyError."""
        return _by_code(self.options, code)


@dataclass(frozen=True, slots=True)
class Language:
    """A language that people ask an interpreter for."""

    code: str
    name: str
    own_name: str


class HelpFor(StrEnum):
    """Whom a line is for: somebody one is worried about, or oneself."""

    CHILD = "child"
    ADULT = "adult"
    EITHER = "either"
    SELF = "self"


@dataclass(frozen=True, slots=True)
class HelpLine:
    """Somebody to ring when a talk cannot wait."""

    whom: HelpFor
    name: str
    phone: str
    when: str


@dataclass(frozen=True, slots=True)
class Advice:
    """The service that advises families, free and on nobody's side."""

    sentence: str
    link: str


@dataclass(frozen=True, slots=True)
class Brand:
    """How the forum presents itself; telephone and e-mail come from the settings."""

    name: str
    long_name: str
    strapline: str
    colours: Mapping[str, str]
    attribution: str

    @property
    def colour(self) -> str:
        """Give the one colour that stands for the forum."""
        return self.colours["brand"]


@dataclass(frozen=True, slots=True)
class Locality:
    """Everything that differs between one area's parent carer forum and another's.

    `districts` are all that there were, are or will be; those of one day after `on` that day. `register` has them all.
    """

    code: str
    name: str
    brand: Brand
    districts: tuple[District, ...]
    towns: tuple[Town, ...]
    organisations: tuple[Organisation, ...]
    topics: tuple[Topic, ...]
    workstreams: tuple[Workstream, ...]
    weaknesses: tuple[Weakness, ...]
    need_groups: tuple[NeedGroup, ...]
    needs: tuple[Need, ...]
    need_actions: Mapping[str, str]
    needs_at_door: tuple[str, ...]
    most_asked_codes: tuple[str, ...]
    fact_groups: tuple[FactGroup, ...]
    facts: tuple[VenueFactKind, ...]
    profile: tuple[ProfileQuestion, ...]
    languages: tuple[Language, ...]
    abbreviations: tuple[Abbreviation, ...]
    terms: tuple[Term, ...]
    bank_holidays: Mapping[date, str]
    help_lines: tuple[HelpLine, ...]
    advice: Advice
    register: Mapping[str, District] = field(default_factory=dict, repr=False, compare=False)
    _day: date | None = field(default=None, repr=False, compare=False)
    _led: Mapping[str, str | None] = field(init=False, repr=False, compare=False)
    _names: Mapping[str, District] = field(init=False, repr=False, compare=False)
    _days: dict[tuple[str, ...], Locality] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self.register:
            check_register(self.districts)
            register = {district.code: district for district in self.districts}
            object.__setattr__(self, "register", MappingProxyType(register))
            object.__setattr__(self, "_days", {})
        led = {code: code_on(self.register, code, self._day) if self._day else code for code in self.register}
        object.__setattr__(self, "_led", MappingProxyType(led))
        # What is there wins a name over what was there: a council may be called like one of those it came from.
        known = sorted(self.register.values(), key=lambda district: district in self.districts)
        names = {
            _plain(text): district
            for district in known
            for text in (district.code, district.name, district.gss or "", *district.other_names)
            if text
        }
        object.__setattr__(self, "_names", MappingProxyType(names))

    def on(self, day: date) -> Locality:
        """Give the same area as it is on a day: its districts then, to which all codes and names lead."""
        if not any(district.to_date for district in self.register.values()):
            return self
        there = tuple(each for each in self.register.values() if is_there(each, day, self.register))
        codes = tuple(district.code for district in there)
        if codes not in self._days:
            self._days[codes] = replace(self, districts=there, _day=day)
        return self._days[codes]

    def code_of(self, code: str) -> str | None:
        """Give the code of the district in which a place is that was written down under this one; None if none can say.

        Whoever asks of no day is told the code as it is, if it is one.
        """
        return self._led.get(code)

    def codes_of(self, code: str) -> tuple[str, ...]:
        """Give all codes under which places of a district are written down: its own, and those that lead to it."""
        return tuple(each for each, led in self._led.items() if led == code) or (code,)

    def changes_in(self, first: date, last: date) -> list[Change]:
        """List the districts that were renamed or became one after the first day and up to the last."""
        return changes_in(self.register, first, last)

    @property
    def district_names(self) -> dict[str, str]:
        """Give the name of every code, were it one of before: what the place is called on the day."""
        return {code: self.get_district(code).name for code in self.register}

    @property
    def deeds_at_door(self) -> dict[str, str]:
        """Return what whoever greets a family can do for it, by need: deeds, never the name of a need."""
        return {code: self.need_actions[code] for code in self.needs_at_door}

    @property
    def inside_districts(self) -> tuple[District, ...]:
        """Give the districts that the forum covers."""
        return tuple(district for district in self.districts if district.inside)

    @property
    def most_asked(self) -> tuple[Need, ...]:
        """Give the needs shown first, in order."""
        return tuple(self.get_need(code) for code in self.most_asked_codes)

    @property
    def baseline_facts(self) -> tuple[VenueFactKind, ...]:
        """Give the facts without which a venue's session is not published."""
        return tuple(kind for kind in self.facts if kind.baseline)

    def find_district(self, text: str) -> District | None:
        """Find a district by code, name, former name or GSS code, however it is written; a former one leads on."""
        named = self.find_named(text)
        led = self.code_of(named.code) if named else None
        return self.register[led] if led else None

    def find_named(self, text: str) -> District | None:
        """Find the district that is meant, were it one that has ended or has not begun on the day."""
        return self._names.get(_plain(text))

    def get_district(self, code: str) -> District:
        """Give the district that this code leads to, or its own where nobody can tell; or raise KeyError."""
        return self.register[self.code_of(code) or code]

    def get_need(self, code: str) -> Need:
        """Give the need with this code, or raise KeyError."""
        return _by_code(self.needs, code)

    def needs_in(self, group: str) -> tuple[Need, ...]:
        """Give the needs of one group, in order."""
        return tuple(need for need in self.needs if need.group == group)

    def get_fact(self, code: str) -> VenueFactKind:
        """Give the kind of fact with this code, or raise KeyError."""
        return _by_code(self.facts, code)

    def facts_in(self, group: str) -> tuple[VenueFactKind, ...]:
        """Give the kinds of fact of one group, in order."""
        return tuple(kind for kind in self.facts if kind.group == group)

    def get_question(self, code: str) -> ProfileQuestion:
        """Give the optional question with this code, or raise KeyError."""
        return _by_code(self.profile, code)

    def get_organisation(self, code: str) -> Organisation:
        """Give the organisation with this code, or raise KeyError."""
        return _by_code(self.organisations, code)

    def get_language(self, code: str) -> Language:
        """Give the language with this code, or raise KeyError."""
        return _by_code(self.languages, code)


class _Coded(Protocol):
    @property
    def code(self) -> str: ...


_T = TypeVar("_T", bound=_Coded)


def _by_code(items: tuple[_T, ...], code: str) -> _T:
    for item in items:
        if item.code == code:
            return item
    raise KeyError(code)


def _plain(text: str) -> str:
    """Reduce a name to what two spellings of it share."""
    return "".join(letter for letter in text.lower().replace("&", "and") if letter.isalnum())
