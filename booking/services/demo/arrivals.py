"""How one arrives at each place of the demonstration, step by step, and how one leaves."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from booking.services.demo.buildings import Building

_ENDS: Mapping[Building, tuple[str, ...]] = MappingProxyType(
    {
        Building.CENTRE: (
            "Somebody sits at a table with a purple cloth. Say your first name, or show your message.",
            "Take a chair where you like. There is water, tea and coffee at the back.",
        ),
        Building.HUB: (
            "Hang up your coats in the corridor. Prams can stay there too.",
            "Choose a chair, or a cushion on the floor with your child.",
        ),
        Building.HALL: (
            "Just inside, somebody with a purple badge says hello. You can say your first name only.",
            "The chairs stand in a half circle. Those near the door are for whoever may need to go out.",
        ),
        Building.LIBRARY: (
            "The door of our room stands open. Somebody with a purple badge is in it.",
            "Take any chair. It is fine to stand by the window.",
        ),
        Building.ONLINE: (),
    }
)

_BEGINS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "ASH1": ("Come to the middle of the long brick building.", "The doors open by themselves.",
                 "Walk on past the desk. Our room is the second on the left."),
        "ASH2": ("Stop at the one step and ring our number. We bring the ramp.", "The hall is the first door."),
        "CAN1": ("Press the bell beside the yellow door.", "Wait. Somebody comes and opens, and shuts it behind you."),
        "CAN2": ("Go to the right of the pale blue hall, to the side door.", "Push the door. It is light, and level."),
        "CAN3": ("Go through the library to the desk.", "Take the lift or the stairs to the first floor.",
                 "Our room is the first on the left."),
        "DAR1": ("Go through two sets of doors. Both open by themselves.", "Look for the yellow sign on our door."),
        "DOV1": ("Get out at the door if you come by car.", "Press the bell. Somebody lets you in."),
        "DOV2": ("Follow the coloured flags to the back of the church hall.", "The door at the back is level."),
        "FOL1": ("Come in at street level, through the glass doors.", "Our room is straight ahead."),
        "FOL2": ("Walk round from the car park to the front.", "Push the green door."),
        "GRA1": ("Come in under the tall clock.", "A volunteer is at the door and shows you the way."),
        "MAI1": ("Come in behind the old mill.", "The lift is on the right of the door. Go to the first floor.",
                 "Follow the purple arrows on the wall."),
        "MAI2": ("Go to the end of the barn with the big clock.", "The way in is level."),
        "SEV1": ("The door is on the left of the building.", "Our room is at the end of the corridor."),
        "SEV2": ("Ring the bell and say you come for the group.", "Somebody comes, opens, and shuts the door again."),
        "SWA1": ("Look for the wall with painted barges.", "The door opens by itself. Our room is on the right."),
        "SWA2": ("Ring the bell. There is no step.", "Somebody lets you in."),
        "SWA3": ("Find the blue door between the shops.", "Go up the 22 stairs. There is a rail on both sides."),
        "THA1": ("Press the bell under the orange window.", "Wait. We come to the door."),
        "THA2": ("Go through the gate on the left of the church.", "Walk along the wall to the hall door."),
        "TON1": ("The main door is on the river side.", "Press the button beside it and pull."),
        "TON2": ("Walk from the car park to the red door.", "Push hard: the door is heavy. We listen for you."),
        "TUN1": ("Come in at the main door. After 6pm ring the bell.", "The lift is on the left. Go to the second "
                 "floor."),
        "TUN2": ("Walk from the car park towards the windmill.", "The door is on the right, with a mat."),
    }
)  # fmt: skip

_LEAVING: Mapping[Building, str] = MappingProxyType(
    {
        Building.CENTRE: "Go out as you came in. The doors open by themselves from the inside too.",
        Building.HUB: "Ask anyone of us to open the door: it is shut so that children stay safe. We come at once.",
        Building.HALL: "Go out as you came in. The door is never locked while we are there.",
        Building.LIBRARY: "Go out as you came in, through the library. Nobody needs to sign out.",
        Building.ONLINE: "",
    }
)


def steps_of(code: str, building: Building) -> list[str]:
    """Return the way from the street to a chair."""
    return [*_BEGINS.get(code, ()), *_ENDS[building]]


def leaving_of(building: Building) -> str:
    """Return how one leaves such a building."""
    return _LEAVING[building]
