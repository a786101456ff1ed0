"""The demonstration's 24 places and the online room: invented halls at real towns, each with a character of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from booking.models import Venue, VenueFact
from booking.rules.distance import to_grid
from booking.rules.words import FactAnswer
from booking.services.demo.arrivals import leaving_of, steps_of
from booking.services.demo.buildings import UNKNOWN, USUAL, Building, N, P, Y
from booking.services.demo.drawings import draw_photos

ONLINE = "ONL"
CHECKED_BY = ("Kent PACT", "Kent PACT volunteer", "Hall caretaker, by phone")


@dataclass(frozen=True, kw_only=True)
class PlaceData:
    """One demonstration venue. `differs` are the facts that are not as usual in such a building."""

    code: str
    name: str
    town: str
    outcode: str
    lat: float | None
    lon: float | None
    district: str
    capacity: int
    building: Building
    directions: str
    fire_limit: int | None
    checked_days_ago: int
    is_confidential: bool
    differs: Mapping[str, tuple[FactAnswer, str]] = field(default_factory=dict)


def _place(
    code: str,
    name: str,
    *,
    where: tuple[str, str, str],
    at: tuple[float, float] | None,
    capacity: int,
    building: Building,
    directions: str,
    differs: Mapping[str, tuple[FactAnswer, str]],
    fire_limit: int | None = None,
    checked_days_ago: int = 60,
    is_confidential: bool = False,
) -> PlaceData:
    town, outcode, district = where
    limit = fire_limit or (None if building == Building.ONLINE else capacity * 3 // 2)
    return PlaceData(
        code=code,
        name=name,
        town=town,
        outcode=outcode,
        lat=at[0] if at else None,
        lon=at[1] if at else None,
        district=district,
        capacity=capacity,
        building=building,
        directions=directions,
        fire_limit=limit,
        checked_days_ago=checked_days_ago,
        is_confidential=is_confidential,
        differs=differs,
    )


PLACES: tuple[PlaceData, ...] = (
    _place(
        "ASH1",
        "Oast Meadow Community Centre",
        where=("Ashford", "TN23", "ashford"),
        at=(51.146, 0.868),
        capacity=40,
        building=Building.CENTRE,
        directions=(
            "Look for the long brick building with two white cowls, beside the play area. The car park is in front. "
            "The door is in the middle and opens by itself. Our room is the second on the left."
        ),
        differs={
            "blue_badge_bays": (Y, "6 bays beside the door."),
            "step_free_route": (Y, "Level from the car park to the room."),
            "hearing_loop": (Y, "In the main room. We test it before each session."),
            "quiet_room": (Y, "Across the corridor, with soft chairs."),
            "public_transport": (Y, "A bus stop 3 minutes away."),
            "visual_story": (Y, ""),
            "lighting": (Y, ""),
        },
        checked_days_ago=24,
    ),
    _place(
        "ASH2",
        "Wealden Green Hall",
        where=("Tenterden", "TN30", "ashford"),
        at=(51.069, 0.689),
        capacity=60,
        building=Building.HALL,
        directions=(
            "The hall stands back from the road behind a green. Drive past the pond and park on the left. "
            "There is one step at the door. Ring our number when you arrive and we bring the ramp."
        ),
        differs={
            "step_free_route": (P, "1 step at the door. We put out a portable ramp."),
            "mobile_signal": (N, "No signal on any network. There is a phone in the office."),
            "acoustic": (N, "A high roof, so it echoes."),
            "wifi": (P, "Slow. Ask us for the code."),
        },
        checked_days_ago=95,
    ),
    _place(
        "CAN1",
        "Willow Stour Family Hub",
        where=("Canterbury", "CT1", "canterbury"),
        at=(51.277, 1.082),
        capacity=18,
        building=Building.HUB,
        directions=(
            "From the bus station walk towards the river for about 10 minutes, all flat. "
            "The hub has a yellow door and a fenced garden. Press the bell and someone lets you in."
        ),
        differs={
            "parking_distance_m": (N, "No parking here. The nearest park and ride bus stops 4 minutes away."),
            "creche": (P, "6 children, on some days."),
            "garden_fenced": (Y, ""),
        },
        checked_days_ago=41,
    ),
    _place(
        "CAN2",
        "Pebble Bay Community Hall",
        where=("Herne Bay", "CT6", "canterbury"),
        at=(51.369, 1.128),
        capacity=50,
        building=Building.HALL,
        directions=(
            "Two streets back from the sea front. The hall is pale blue. Use the side door on the right: it is level."
        ),
        differs={
            "step_free_route": (Y, "Level through the side door on the right."),
            "hearing_loop": (UNKNOWN, "There is a sign for a loop. Nobody has tested it yet."),
            "public_transport": (Y, "A bus stop outside."),
        },
        checked_days_ago=120,
    ),
    _place(
        "CAN3",
        "Oyster Row Library Room",
        where=("Whitstable", "CT5", "canterbury"),
        at=(51.359, 1.025),
        capacity=14,
        building=Building.LIBRARY,
        directions=(
            "Come in through the library. The lift is behind the desk on the right. "
            "The room is on the first floor, first door on the left. The library is closed in the evening."
        ),
        differs={"lift": (P, "90 by 110 cm: too small for some powered chairs.")},
        checked_days_ago=77,
    ),
    _place(
        "DAR1",
        "Heath Lane Community Centre",
        where=("Dartford", "DA1", "dartford"),
        at=(51.444, 0.214),
        capacity=45,
        building=Building.CENTRE,
        directions=(
            "The centre is at the end of the lane, past the allotments. Parking is free and right outside. "
            "Two sets of doors open by themselves. We put a yellow sign on the door of our room."
        ),
        differs={
            "changing_places": (Y, "On the ground floor, with hoist and adult bench."),
            "hearing_loop": (Y, "In both rooms."),
            "parking_distance_m": (Y, "Free, 60 spaces, 20 metres from the door."),
        },
        checked_days_ago=33,
    ),
    _place(
        "DOV1",
        "Chalk Path Family Hub",
        where=("Dover", "CT16", "dover"),
        at=(51.129, 1.306),
        capacity=20,
        building=Building.HUB,
        directions=(
            "From the town centre it is 12 minutes on foot and the last part is steep. A car can stop at the door. "
            "If the hill is a problem, tell us and we help with a taxi."
        ),
        differs={
            "gradient": (N, "The last 80 metres rise about 1 in 10. There is a bench half way."),
            "drop_off": (Y, "At the top, beside the door."),
            "step_free_route": (Y, "Level from the drop-off to the room."),
        },
        checked_days_ago=52,
    ),
    _place(
        "DOV2",
        "Shingle Street Hall",
        where=("Deal", "CT14", "dover"),
        at=(51.222, 1.396),
        capacity=70,
        building=Building.HALL,
        directions=(
            "A church hall one street from the beach. The front has 3 steps. Go round to the back: that door is level. "
            "Follow the rope of coloured flags."
        ),
        differs={
            "step_free_route": (P, "3 steps at the front. The door at the back is level."),
            "wifi": (N, ""),
            "not_faith_building": (P, ""),
        },
        checked_days_ago=140,
    ),
    _place(
        "FOL1",
        "Harbour Lights Centre",
        where=("Folkestone", "CT20", "folkestone-and-hythe"),
        at=(51.080, 1.168),
        capacity=35,
        building=Building.CENTRE,
        directions=(
            "The glass building near the old fish market. The pay car park is next door. "
            "The door is at street level and our room is straight ahead."
        ),
        differs={
            "parking_distance_m": (P, "80 metres away. You pay by card or phone."),
            "hearing_loop": (Y, ""),
            "visual_story": (Y, ""),
        },
        checked_days_ago=19,
    ),
    _place(
        "FOL2",
        "Marsh Lantern Village Hall",
        where=("New Romney", "TN28", "folkestone-and-hythe"),
        at=(50.985, 0.941),
        capacity=55,
        building=Building.HALL,
        directions=("On the main road by the school crossing. The hall has a green roof. Park behind it."),
        differs={"public_transport": (P, "A bus in the morning. No bus after 2pm.")},
        checked_days_ago=88,
    ),
    _place(
        "GRA1",
        "Thames Lookout Community Centre",
        where=("Gravesend", "DA12", "gravesham"),
        at=(51.438, 0.372),
        capacity=50,
        building=Building.CENTRE,
        directions=(
            "Walk along the river from the town pier for 8 minutes, all flat. The centre has a tall clock. "
            "A volunteer who speaks Punjabi is at the door on most days. There is a prayer room on the ground floor."
        ),
        differs={
            "hearing_loop": (Y, "Mended and tested after it failed at a session."),
            "quiet_room": (Y, "The prayer room is separate."),
            "other_groups": (P, "Other groups use the building during the day."),
        },
        checked_days_ago=29,
    ),
    _place(
        "MAI1",
        "River Len Meeting Rooms",
        where=("Maidstone", "ME14", "maidstone"),
        at=(51.274, 0.526),
        capacity=80,
        building=Building.CENTRE,
        directions=(
            "Behind the old mill, 6 minutes from the bus station. Our rooms are on the first floor. "
            "The lift is to the right of the door and is big enough for a powered chair."
        ),
        differs={
            "lighting": (N, "Bright strip lights. Bring a cap or tinted glasses if they help."),
            "lift": (Y, "140 by 160 cm."),
            "hearing_loop": (Y, "In the large room."),
            "parking_distance_m": (P, "A pay car park 150 metres away."),
        },
        fire_limit=160,
        checked_days_ago=37,
    ),
    _place(
        "MAI2",
        "Cobnut Barn Village Hall",
        where=("Headcorn", "TN27", "maidstone"),
        at=(51.168, 0.626),
        capacity=60,
        building=Building.HALL,
        directions=(
            "From the station turn right and walk for 9 minutes along the pavement. The hall looks like a barn. "
            "The way in is level, at the end with the big clock."
        ),
        differs={
            "step_free_route": (Y, "Level all the way."),
            "public_transport": (Y, "The train station is a 9 minute walk."),
        },
        checked_days_ago=110,
    ),
    _place(
        "SEV1",
        "Greensand Centre",
        where=("Sevenoaks", "TN13", "sevenoaks"),
        at=(51.273, 0.187),
        capacity=30,
        building=Building.CENTRE,
        directions=(
            "Five minutes from the bus station, behind the row of lime trees. The door is on the left of the building. "
            "Our room is quiet and the lights can be turned right down."
        ),
        differs={
            "lighting": (Y, "They dim all the way."),
            "quiet_room": (Y, "Next to our room."),
            "visual_story": (Y, ""),
        },
        checked_days_ago=46,
    ),
    _place(
        "SEV2",
        "Birchwood Row Family Hub",
        where=("Swanley", "BR8", "sevenoaks"),
        at=(51.397, 0.174),
        capacity=16,
        building=Building.HUB,
        directions=("We send you the way there when you have booked. Please do not share where we meet."),
        differs={"creche": (P, "4 children, on some days.")},
        checked_days_ago=66,
        is_confidential=True,
    ),
    _place(
        "SWA1",
        "Brickfield Community Hub",
        where=("Sittingbourne", "ME10", "swale"),
        at=(51.339, 0.735),
        capacity=40,
        building=Building.CENTRE,
        directions=(
            "From the station cross at the lights and walk straight on for 7 minutes. "
            "The hub is the red building with a mural of barges. The door opens by itself."
        ),
        differs={"hearing_loop": (Y, ""), "quiet_room": (Y, "With beanbags and dim light.")},
        checked_days_ago=27,
    ),
    _place(
        "SWA2",
        "Island Tide Family Hub",
        where=("Sheerness", "ME12", "swale"),
        at=(51.438, 0.763),
        capacity=18,
        building=Building.HUB,
        directions=(
            "Ten minutes from the station along the flat sea wall. The bridge to the island can close in high wind: "
            "we text or ring you on the morning if it does."
        ),
        differs={"public_transport": (P, "Trains stop when the bridge is closed.")},
        checked_days_ago=58,
    ),
    _place(
        "SWA3",
        "Hop Garland Hall",
        where=("Faversham", "ME13", "swale"),
        at=(51.315, 0.889),
        capacity=65,
        building=Building.HALL,
        directions=(
            "In the market square, above the shops. The room is up 22 stairs and there is no lift. "
            "If stairs are hard for you, ask us about a session in another hall."
        ),
        differs={
            "step_free_route": (N, "22 stairs from the street. There is no other way in."),
            "lift": (N, "The room is on the first floor."),
            "accessible_toilet": (N, "The only toilets are up the stairs."),
            "public_transport": (Y, "A bus stop in the square."),
        },
        checked_days_ago=72,
    ),
    _place(
        "THA1",
        "Sandcastle Family Hub",
        where=("Margate", "CT9", "thanet"),
        at=(51.385, 1.385),
        capacity=24,
        building=Building.HUB,
        directions=(
            "Three streets back from the sands. The hub has orange windows. Press the bell: we come to the door."
        ),
        differs={"changing_places": (P, "250 metres away, on the sea front.")},
        checked_days_ago=31,
    ),
    _place(
        "THA2",
        "Clifftop Community Church Hall",
        where=("Ramsgate", "CT11", "thanet"),
        at=(51.336, 1.412),
        capacity=75,
        building=Building.HALL,
        directions=(
            "The hall is behind the church on the cliff. Use the gate on the left. It can be cold, so bring a jumper."
        ),
        differs={
            "wifi": (N, ""),
            "heating": (N, "Cold in winter. Bring a jumper."),
            "kitchen": (Y, "A large kitchen. We bring soup in winter."),
            "not_faith_building": (P, ""),
        },
        checked_days_ago=101,
    ),
    _place(
        "TON1",
        "Bridge Meadow Centre",
        where=("Tonbridge", "TN9", "tonbridge-and-malling"),
        at=(51.193, 0.273),
        capacity=40,
        building=Building.CENTRE,
        directions=(
            "From the station walk down the high street to the river: 8 minutes, all flat. "
            "The centre is on the right before the bridge."
        ),
        differs={
            "hearing_loop": (Y, "In the main room."),
            "lighting": (Y, ""),
            "secure_exit": (Y, ""),
            "visual_story": (Y, ""),
            "first_aider": (Y, ""),
        },
        checked_days_ago=16,
    ),
    _place(
        "TON2",
        "Papermill Lane Hall",
        where=("Snodland", "ME6", "tonbridge-and-malling"),
        at=(51.330, 0.444),
        capacity=30,
        building=Building.HALL,
        directions=("Turn off the main road at the mill wheel and park behind the hall."),
        differs={"public_transport": (Y, "The train station is a 6 minute walk.")},
        checked_days_ago=426,
    ),
    _place(
        "TUN1",
        "Common View Centre",
        where=("Royal Tunbridge Wells", "TN1", "tunbridge-wells"),
        at=(51.133, 0.264),
        capacity=45,
        building=Building.CENTRE,
        directions=(
            "Across the road from the common. Open in the evening. The lift is inside the main door on the left. "
            "Our room is on the second floor."
        ),
        differs={
            "lift": (Y, "110 by 140 cm."),
            "gradient": (P, "The street slopes a little."),
            "bell": (P, "After 6pm you ring a bell."),
        },
        checked_days_ago=49,
    ),
    _place(
        "TUN2",
        "White Windmill Hall",
        where=("Cranbrook", "TN17", "tunbridge-wells"),
        at=(51.097, 0.536),
        capacity=50,
        building=Building.HALL,
        directions=("You see the windmill from the road. The hall is below it, with its own car park."),
        differs={"mobile_signal": (P, "Calls and texts only, and not on every network.")},
        checked_days_ago=83,
    ),
    _place(
        ONLINE,
        "Online (video and phone)",
        where=("Online", "", "unknown"),
        at=None,
        capacity=100,
        building=Building.ONLINE,
        directions="We send you the link and the phone number when you have booked. You can keep your camera off.",
        differs={"online_captions": (Y, "Captions made by computer. Tell us early if you need BSL.")},
        checked_days_ago=12,
    ),
)

LAST_BUSES = {
    "ASH1": "4:40pm to Ashford station",
    "ASH2": "3:15pm to Ashford, 5:30pm to Hastings",
    "CAN2": "5:05pm to Canterbury",
    "DOV1": "6:10pm to Dover Priory station",
    "FOL2": "3:50pm to Folkestone",
    "GRA1": "9:20pm to Gravesend",
    "MAI2": "4:15pm to Maidstone",
    "SWA2": "3:35pm to Sittingbourne",
    "THA1": "10:05pm to Margate",
}


def make_venue(place: PlaceData, *, today: date) -> Venue:
    """Build one venue with the facts known of it; facts nobody looked at have no row."""
    easting, northing = to_grid(place.lat, place.lon) if place.lat and place.lon else (None, None)
    return Venue(
        code=place.code,
        name=place.name,
        town=place.town,
        outcode=place.outcode,
        district=place.district,
        easting=easting,
        northing=northing,
        lat=place.lat,
        lon=place.lon,
        capacity=place.capacity,
        fire_limit=place.fire_limit,
        directions=place.directions,
        arrival_steps=steps_of(place.code, place.building),
        leaving=leaving_of(place.building),
        last_bus=LAST_BUSES.get(place.code, ""),
        is_confidential=place.is_confidential,
        is_demo=True,
        photos=draw_photos(place.code),
        facts=_facts(place, today=today),
    )


def _facts(place: PlaceData, *, today: date) -> list[VenueFact]:
    known = {code: (answer, "") for code, answer in USUAL[place.building].items()} | dict(place.differs)
    checked_on = today - timedelta(days=place.checked_days_ago)
    checked_by = CHECKED_BY[place.checked_days_ago % len(CHECKED_BY)]
    return [
        VenueFact(
            code=code,
            answer=answer,
            note=note,
            checked_on=None if answer == UNKNOWN else checked_on,
            checked_by="" if answer == UNKNOWN else checked_by,
        )
        for code, (answer, note) in known.items()
    ]
