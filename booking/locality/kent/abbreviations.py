"""The letters that parents meet in letters, at school and in the titles of sessions, said in plain words."""

from booking.locality.kinds import N_, Abbreviation

ABBREVIATIONS = (
    Abbreviation(N_("BSL"), N_("British Sign Language"), N_("The language of many deaf people in Britain.")),
    Abbreviation(
        N_("EHC plan"),
        N_("education, health and care plan"),
        N_("A paper from the council. It says what help a child or young person must get."),
    ),
    Abbreviation(
        N_("IASK"),
        N_("Information, Advice and Support Kent"),
        N_("Free advice for families. It is not part of the council."),
    ),
    Abbreviation(
        N_("PACT"), N_("Parents and Carers Together"), N_("That is us: parents and carers who speak up for families.")
    ),
    Abbreviation(N_("SEN"), N_("special educational needs"), N_("A child needs more or other help to learn.")),
    Abbreviation(
        N_("SENCO"),
        N_("special educational needs co-ordinator"),
        N_("The teacher at a school who plans the help for children with SEN."),
    ),
    Abbreviation(
        N_("SEND"),
        N_("special educational needs and disabilities"),
        N_("A child needs more help, or is disabled, or both."),
    ),
    Abbreviation(
        N_("SEN support"), N_("special educational needs support"), N_("Extra help at school without an EHC plan.")
    ),
)
