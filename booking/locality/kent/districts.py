"""The twelve districts of Kent with their GSS codes, and the other answers to "where do you live?".

When one is renamed, or several become one, write it here before the day, and nowhere else (ADR 0027): each that ends
keeps its line and gets its last day and what it became, and the new one gets a line with a code that was never used,
such as

    _kent("swale", "Swale", "E07000113", "east", to_date=date(2028, 3, 31), became="north-kent"),
    _kent("north-kent", "North Kent", "E06000099", "north", from_date=date(2028, 4, 1)),

Nothing that was written down changes. A register that could lose a place is refused when the site starts.
"""

from datetime import date

from booking.locality.kinds import N_, District


def _kent(
    code: str,
    name: str,
    gss: str,
    area: str,
    other_names: tuple[str, ...] = (),
    *,
    from_date: date = date(1974, 4, 1),
    to_date: date | None = None,
    became: str = "",
) -> District:
    return District(
        code=code,
        name=name,
        inside=True,
        gss=gss,
        area=area,
        other_names=other_names,
        from_date=from_date,
        to_date=to_date,
        became=became,
    )


DISTRICTS = (
    _kent("ashford", "Ashford", "E07000105", "south"),
    _kent("canterbury", "Canterbury", "E07000106", "east"),
    _kent("dartford", "Dartford", "E07000107", "north"),
    _kent("dover", "Dover", "E07000108", "south"),
    # Called Shepway until 1 April 2018; the same place with the same GSS code.
    _kent("folkestone-and-hythe", "Folkestone and Hythe", "E07000112", "south", ("Shepway", "Folkestone")),
    _kent("gravesham", "Gravesham", "E07000109", "north"),
    _kent("maidstone", "Maidstone", "E07000110", "west"),
    _kent("sevenoaks", "Sevenoaks", "E07000111", "north"),
    _kent("swale", "Swale", "E07000113", "east"),
    _kent("thanet", "Thanet", "E07000114", "east"),
    _kent("tonbridge-and-malling", "Tonbridge and Malling", "E07000115", "west", ("Tonbridge",)),
    _kent("tunbridge-wells", "Tunbridge Wells", "E07000116", "west", ("Royal Tunbridge Wells",)),
    District(code="medway", name="Medway", inside=False, gss="E06000035"),
    District(code="outside", name=N_("Outside Kent"), inside=False, other_names=("elsewhere", "out of area")),
    District(code="unknown", name=N_("Not known"), inside=False, other_names=("not sure", "none given")),
)
