"""The twelve districts of Kent with their GSS codes, and the other answers to "where do you live?"."""

from datetime import date

from booking.locality.kinds import N_, District


def _kent(code: str, name: str, gss: str, area: str, other_names: tuple[str, ...] = ()) -> District:
    return District(
        code=code, name=name, inside=True, gss=gss, area=area, other_names=other_names, from_date=date(1974, 4, 1)
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
