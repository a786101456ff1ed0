"""Who to ring in Kent when a talk cannot wait.

The council's numbers as the borough councils of Ashford and Swale and Kent's safeguarding partnership publish them.
Ring each once before the site goes live, and again every year.
"""

from booking.locality.kinds import N_, Advice, HelpFor, HelpLine

HELP_LINES = (
    HelpLine(HelpFor.CHILD, N_("Kent County Council, worried about a child"), "03000 41 11 11", N_("in the daytime")),
    HelpLine(HelpFor.ADULT, N_("Kent County Council, worried about an adult"), "03000 41 61 61", N_("in the daytime")),
    HelpLine(
        HelpFor.EITHER, N_("Kent County Council, out of hours"), "03000 41 91 91", N_("evenings, nights, weekends")
    ),
    HelpLine(HelpFor.SELF, N_("Samaritans, whatever you are going through"), "116 123", N_("day and night, free")),
    HelpLine(HelpFor.SELF, N_("NHS, for a mental health crisis: choose option 2"), "111", N_("day and night, free")),
)
ADVICE = Advice(
    N_("Information, Advice and Support Kent (IASK) gives families free advice about school, plans and appeals."),
    "https://www.iask.org.uk/",
)
