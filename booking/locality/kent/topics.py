"""What parents come to talk about, in the words they use: a search can ask for one of them."""

from booking.locality.kinds import N_, Topic

TOPICS = (
    Topic("school_support", N_("Support in school")),
    Topic("school_place", N_("Finding a school place")),
    Topic("plans", N_("EHC plans")),
    Topic("next_school", N_("Starting or changing school")),
    Topic("travel", N_("Getting to school")),
    Topic("adult_life", N_("College, work and adult life")),
    Topic("waiting", N_("Waiting for an assessment")),
    Topic("talking", N_("Talking and understanding")),
    Topic("worries", N_("Worries and behaviour")),
    Topic("health", N_("Health and therapies")),
    Topic("home", N_("Sleep and life at home")),
    Topic("money", N_("Money and short breaks")),
    Topic("carers", N_("Time for you as a carer")),
    Topic("have_a_say", N_("Have a say in services")),
)
