"""Kent, as Kent PACT (Parents and Carers Together) knows it."""

from booking.locality.kent.abbreviations import ABBREVIATIONS
from booking.locality.kent.brand import BRAND
from booking.locality.kent.calendar import BANK_HOLIDAYS, TERMS
from booking.locality.kent.districts import DISTRICTS
from booking.locality.kent.help_lines import ADVICE, HELP_LINES
from booking.locality.kent.languages import LANGUAGES
from booking.locality.kent.need_actions import AT_THE_DOOR, NEED_ACTIONS
from booking.locality.kent.needs import MOST_ASKED, NEED_GROUPS, NEEDS
from booking.locality.kent.organisations import ORGANISATIONS
from booking.locality.kent.profile import PROFILE
from booking.locality.kent.topics import TOPICS
from booking.locality.kent.towns import TOWNS
from booking.locality.kent.venue_facts import FACT_GROUPS, FACTS
from booking.locality.kent.workstreams import WEAKNESSES, WORKSTREAMS
from booking.locality.kinds import Locality

LOCALITY = Locality(
    code="kent",
    name="Kent",
    brand=BRAND,
    districts=DISTRICTS,
    towns=TOWNS,
    organisations=ORGANISATIONS,
    topics=TOPICS,
    workstreams=WORKSTREAMS,
    weaknesses=WEAKNESSES,
    need_groups=NEED_GROUPS,
    needs=NEEDS,
    need_actions=NEED_ACTIONS,
    needs_at_door=AT_THE_DOOR,
    most_asked_codes=MOST_ASKED,
    fact_groups=FACT_GROUPS,
    facts=FACTS,
    profile=PROFILE,
    languages=LANGUAGES,
    abbreviations=ABBREVIATIONS,
    terms=TERMS,
    bank_holidays=BANK_HOLIDAYS,
    help_lines=HELP_LINES,
    advice=ADVICE,
)
