"""What is usually true of a kind of building: the start from which each demonstration venue differs."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from booking.rules.words import FactAnswer

Y, P, N, UNKNOWN = FactAnswer.YES, FactAnswer.PARTLY, FactAnswer.NO, FactAnswer.NOT_CHECKED


class Building(StrEnum):
    """What sort of place it is."""

    CENTRE = "centre"
    HUB = "hub"
    HALL = "hall"
    LIBRARY = "library"
    ONLINE = "online"


Answers = Mapping[str, FactAnswer]


def _facts(yes: str, partly: str, no: str) -> Answers:
    answers = dict.fromkeys(yes.split(), Y) | dict.fromkeys(partly.split(), P) | dict.fromkeys(no.split(), N)
    return MappingProxyType(answers)


USUAL: Mapping[Building, Answers] = MappingProxyType(
    {
        Building.CENTRE: _facts(
            yes="public_transport blue_badge_bays parking_distance_m drop_off surface gradient step_free_route "
            "door_type door_width_cm lift corridor_min_cm flexible_seating seats_with_arms quiet_room "
            "accessible_toilet gender_neutral_toilet baby_change acoustic smells hand_dryer wifi mobile_signal screen "
            "microphone children_welcome feed_space fridge kitchen heating evacuation not_faith_building",
            partly="bell secure_exit lighting other_groups hearing_loop visual_story dog_area first_aider toys",
            no="changing_places creche garden_fenced",
        ),
        Building.HUB: _facts(
            yes="public_transport drop_off surface step_free_route door_width_cm lift flexible_seating secure_exit "
            "accessible_toilet gender_neutral_toilet baby_change lighting smells children_welcome toys feed_space "
            "fridge heating first_aider not_faith_building mobile_signal garden_fenced",
            partly="parking_distance_m bell quiet_room seats_with_arms acoustic other_groups wifi kitchen visual_story "
            "dog_area hearing_loop evacuation",
            no="blue_badge_bays changing_places microphone",
        ),
        Building.HALL: _facts(
            yes="parking_distance_m drop_off step_free_route lift flexible_seating accessible_toilet other_groups "
            "children_welcome kitchen fridge dog_area",
            partly="public_transport blue_badge_bays surface gradient door_type quiet_room baby_change lighting "
            "heating mobile_signal seats_with_arms evacuation",
            no="acoustic hearing_loop secure_exit changing_places creche toys garden_fenced feed_space microphone "
            "screen first_aider visual_story",
        ),
        Building.LIBRARY: _facts(
            yes="public_transport surface gradient step_free_route door_type accessible_toilet baby_change quiet_room "
            "acoustic smells wifi mobile_signal screen children_welcome heating seats_with_arms not_faith_building",
            partly="lift parking_distance_m other_groups lighting toys evacuation hearing_loop visual_story",
            no="blue_badge_bays creche garden_fenced kitchen fridge changing_places microphone secure_exit",
        ),
        Building.ONLINE: _facts(yes="online_captions", partly="", no=""),
    }
)
