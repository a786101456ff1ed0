"""The three optional questions about a child or young person, and the one about "you"."""

from booking.locality.kinds import N_, ProfileOption, ProfileQuestion

_NOT_SAID = ProfileOption("pnts", N_("I would rather not say"))

AGE_PHASE = ProfileQuestion(
    "age_phase",
    N_("How old is your child or young person?"),
    N_("If you have more than one, tick all that fit."),
    (
        ProfileOption("under_5", N_("Under 5 or in nursery")),
        ProfileOption("reception_to_y6", N_("Reception to Year 6")),
        ProfileOption("y7_to_11", N_("Year 7 to Year 11")),
        ProfileOption("16_to_18", N_("16 to 18")),
        ProfileOption("19_to_25", N_("19 to 25")),
        _NOT_SAID,
    ),
)

SUPPORT = ProfileQuestion(
    "support",
    N_("What help do they have now?"),
    N_("If you have more than one child, tick all that fit."),
    (
        ProfileOption("ehcp", N_("They have an education, health and care (EHC) plan"), census=("E",)),
        ProfileOption("ehcna", N_("We have asked for an EHC plan, or they are being assessed for one")),
        ProfileOption(
            "sen_support",
            N_("They get extra help at school, nursery or college, but have no plan"),
            N_("Schools call this SEN support."),
            census=("K",),
        ),
        ProfileOption("none_yet", N_("They get no help yet, or are waiting")),
        ProfileOption("not_sure", N_("I am not sure")),
        _NOT_SAID,
        # Proposed in the white paper of February 2026; offered only once the law has changed.
        ProfileOption("isp_targeted", N_("Individual support plan: targeted"), active=False),
        ProfileOption("isp_targeted_plus", N_("Individual support plan: targeted plus"), active=False),
        ProfileOption("isp_specialist", N_("Individual support plan: specialist"), active=False),
    ),
)

NEED_AREA = ProfileQuestion(
    "need_area",
    N_("What do they need most help with?"),
    N_("Tick any that fit. You do not need a diagnosis."),
    (
        ProfileOption(
            "communication",
            N_("Talking, understanding and getting on with people"),
            N_("For example speech and language, social communication, or autism."),
            ("SLCN", "ASD"),
        ),
        ProfileOption(
            "learning",
            N_("Learning"),
            N_("For example dyslexia, or a learning disability."),
            ("MLD", "SLD", "PMLD", "SPLD"),
        ),
        ProfileOption(
            "feelings",
            N_("Feelings, behaviour, mental health and attention"),
            N_("For example anxiety or ADHD."),
            ("SEMH",),
        ),
        ProfileOption(
            "sensory_physical",
            N_("Hearing, sight, moving about, or the senses"),
            N_("For example being deaf, sight loss or cerebral palsy."),
            ("HI", "VI", "MSI", "PD"),
        ),
        ProfileOption("health", N_("A health condition"), N_("For example epilepsy or diabetes.")),
        ProfileOption("not_known", N_("We do not know yet")),
        _NOT_SAID,
    ),
)

CARING_ROLE = ProfileQuestion(
    "caring_role",
    N_("Who are you?"),
    N_("You can skip this."),
    (
        ProfileOption("parent", N_("Mum, dad or parent")),
        ProfileOption("grandparent", N_("Grandparent")),
        ProfileOption("foster_carer", N_("Foster carer")),
        ProfileOption("kinship_carer", N_("Kinship carer or special guardian")),
        ProfileOption("adoptive_parent", N_("Adoptive parent")),
        ProfileOption("young_person", N_("Young person aged 16 to 25")),
        ProfileOption("other_family", N_("Someone else in the family")),
        _NOT_SAID,
    ),
)

PROFILE = (AGE_PHASE, SUPPORT, NEED_AREA, CARING_ROLE)
