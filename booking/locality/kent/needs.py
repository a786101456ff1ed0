"""Everything people can ask for that makes it easier to come: the codes are stable, the words may be polished."""

from booking.locality.kinds import IN_PERSON, N_, ONLINE, AisSubset, Fulfil, Need, NeedGroup

_V, _A, _B, _I = Fulfil.VENUE, Fulfil.ARRANGE, Fulfil.BEHAVIOUR, Fulfil.SEND
_CONTACT, _FORMAT = AisSubset.CONTACT_METHOD, AisSubset.INFORMATION_FORMAT
_PROFESSIONAL, _SUPPORT = AisSubset.PROFESSIONAL, AisSubset.SUPPORT
_THERE = (IN_PERSON,)
_AT_HOME = (ONLINE,)

NEED_GROUPS = (
    NeedGroup("getting_in", N_("Getting there and in"), N_("Parking, steps, seats and toilets.")),
    NeedGroup(
        "hearing", N_("Hearing and talking"), N_("Interpreters, captions and other ways to follow and be heard.")
    ),
    NeedGroup(
        "seeing", N_("Seeing and reading"), N_("Papers in a form that works for you, and help to find your way.")
    ),
    NeedGroup("calm", N_("Calm and taking part"), N_("Quiet, time, breaks, and knowing what will happen.")),
    NeedGroup("people", N_("Language and people"), N_("An interpreter, or someone you bring with you.")),
    NeedGroup("children", N_("Children and practical things"), N_("Babies, children, food, medicine and time.")),
    NeedGroup("home", N_("Joining from home"), N_("For sessions you can join online or by phone.")),
    NeedGroup("other", N_("Something else"), N_("You can tell us in your own words, or we can talk.")),
)

MOST_ASKED = (
    "step_free",
    "blue_badge",
    "acc_toilet",
    "quiet_space",
    "bsl",
    "loop",
    "large_print",
    "know_ahead",
    "bring_baby",
    "supporter",
    "spoken_lang",
    "talk_to_me",
)

_GETTING_IN = (
    Need(
        "step_free",
        "getting_in",
        N_("No steps"),
        N_("Level or ramped all the way from the street or car park to the room."),
        fulfil=(_V,),
        facts=("step_free_route",),
        joins=_THERE,
    ),
    Need(
        "blue_badge",
        "getting_in",
        N_("Blue Badge parking"),
        N_("A marked bay, or a space we keep for you."),
        fulfil=(_V, _A),
        lead_days=3,
        facts=("blue_badge_bays",),
        joins=_THERE,
    ),
    Need(
        "park_near",
        "getting_in",
        N_("Parking close by"),
        N_("For example, you cannot walk far, or your child runs off near roads."),
        fulfil=(_A,),
        lead_days=3,
        facts=("parking_distance_m",),
        joins=_THERE,
    ),
    Need(
        "drop_off",
        "getting_in",
        N_("A place to be dropped off at the door"),
        fulfil=(_V,),
        facts=("drop_off",),
        joins=_THERE,
    ),
    Need("lift", "getting_in", N_("A lift"), fulfil=(_V,), facts=("lift",), joins=_THERE),
    Need(
        "seat_type",
        "getting_in",
        N_("A chair with arms or a firm back"),
        fulfil=(_A,),
        lead_days=2,
        joins=_THERE,
    ),
    Need(
        "wheelchair_space",
        "getting_in",
        N_("Space for a wheelchair or buggy"),
        N_("Tell us how many."),
        fulfil=(_A,),
        lead_days=1,
        joins=_THERE,
    ),
    Need(
        "acc_toilet",
        "getting_in",
        N_("Accessible toilet"),
        fulfil=(_V,),
        facts=("accessible_toilet",),
        joins=_THERE,
    ),
    Need(
        "changing_places",
        "getting_in",
        N_("Changing Places toilet"),
        N_("A large toilet with a hoist and an adult changing bench."),
        fulfil=(_V,),
        facts=("changing_places",),
        joins=_THERE,
    ),
    Need(
        "public_transport",
        "getting_in",
        N_("Near a bus stop or train station"),
        N_("We will send you the stop and the times."),
        fulfil=(_V, _I),
        lead_days=2,
        facts=("public_transport",),
        joins=_THERE,
    ),
    Need(
        "meet_me",
        "getting_in",
        N_("Someone to meet me outside"),
        N_("Tell us where and when."),
        fulfil=(_B,),
        lead_days=1,
        joins=_THERE,
    ),
    Need(
        "travel_help",
        "getting_in",
        N_("Help with the cost of travel"),
        N_("Ask us. We may be able to pay you back."),
        fulfil=(_A,),
        lead_days=5,
        joins=_THERE,
    ),
)

_HEARING = (
    Need(
        "bsl",
        "hearing",
        N_("British Sign Language (BSL) interpreter"),
        N_("We book a registered interpreter. Please tell us early."),
        _PROFESSIONAL,
        (_A,),
        20,
        pair_over_minutes=60,
    ),
    Need(
        "ssl",
        "hearing",
        N_("Interpreter for sign-supported English"),
        N_("English word order, with signs."),
        _PROFESSIONAL,
        (_A,),
        20,
        pair_over_minutes=60,
    ),
    Need(
        "lipspeaker",
        "hearing",
        N_("Lipspeaker"),
        N_("Someone who repeats the words so you can lip-read them."),
        _PROFESSIONAL,
        (_A,),
        20,
    ),
    Need(
        "stt",
        "hearing",
        N_("Live captions typed by a person"),
        N_("Also called speech to text."),
        _PROFESSIONAL,
        (_A,),
        15,
    ),
    Need(
        "auto_captions",
        "hearing",
        N_("Automatic captions online"),
        fulfil=(_V,),
        facts=("online_captions",),
        joins=_AT_HOME,
    ),
    Need("loop", "hearing", N_("Hearing loop"), ais=_SUPPORT, fulfil=(_V,), facts=("hearing_loop",), joins=_THERE),
    Need("lipread_seat", "hearing", N_("A seat where I can see faces"), ais=_SUPPORT, fulfil=(_B,), joins=_THERE),
    Need("notetaker", "hearing", N_("Written notes afterwards"), ais=_SUPPORT, fulfil=(_A,), lead_days=5),
    Need(
        "deafblind_guide",
        "hearing",
        N_("Communicator guide for deafblind people"),
        ais=_PROFESSIONAL,
        fulfil=(_A,),
        lead_days=20,
    ),
    Need("aac", "hearing", N_("I use a communication aid, or need more time to talk"), ais=_SUPPORT, fulfil=(_B,)),
    Need("text_only", "hearing", N_("Contact me by text or email, not by phone"), ais=_CONTACT),
    Need(
        "relay",
        "hearing",
        N_("Call me through Relay UK"),
        N_("A service that turns typing into speech on the phone."),
        _CONTACT,
    ),
)

_SEEING = (
    Need("large_print", "seeing", N_("Large print"), N_("18 point, or tell us the size you need."), _FORMAT, (_I,), 5),
    Need("easy_read", "seeing", N_("Easy Read"), N_("Short words with pictures."), _FORMAT, (_I,), 10),
    Need("braille", "seeing", N_("Braille"), "", _FORMAT, (_I,), 15),
    Need("audio", "seeing", N_("A recording to listen to"), N_("We send you an audio file."), _FORMAT, (_I,), 5),
    Need(
        "e_docs",
        "seeing",
        N_("Papers by email before the day"),
        N_("They work with a screen reader."),
        _FORMAT,
        (_I,),
        3,
    ),
    Need("coloured_paper", "seeing", N_("Coloured paper or a coloured overlay"), "", _FORMAT, (_A,), 2, joins=_THERE),
    Need("read_with_me", "seeing", N_("Someone to go through forms with me"), "", _SUPPORT, (_B,), 1),
    Need("guide_me", "seeing", N_("Someone to guide me to the room"), "", _SUPPORT, (_B,), 1, joins=_THERE),
    Need(
        "assist_dog",
        "seeing",
        N_("I am bringing an assistance dog"),
        N_("Always welcome. We will find water and a place to go outside."),
        fulfil=(_V, _B),
        lead_days=1,
        facts=("dog_area",),
        joins=_THERE,
    ),
)

_CALM = (
    Need("quiet_space", "calm", N_("A quiet room to step out to"), fulfil=(_V,), facts=("quiet_room",), joins=_THERE),
    Need(
        "low_sensory",
        "calm",
        N_("Low light, low noise, no strong smells"),
        fulfil=(_V, _B),
        lead_days=2,
        facts=("lighting", "acoustic"),
        joins=_THERE,
    ),
    Need(
        "know_ahead",
        "calm",
        N_("Know what to expect"),
        N_("A picture guide, who will be there and what happens when. We send it 3 days before."),
        fulfil=(_I,),
        lead_days=3,
        facts=("visual_story",),
    ),
    Need("arrive_early", "calm", N_("Come in early, before it is busy"), fulfil=(_B,), lead_days=1),
    Need("camera_off", "calm", N_("Camera off, and not asked to speak"), fulfil=(_B,), joins=_AT_HOME),
    Need("breaks", "calm", N_("Regular breaks"), fulfil=(_B,)),
    Need(
        "fidget_move", "calm", N_("To stand, move, stim, leave and come back"), N_("This is always fine."), fulfil=(_B,)
    ),
    Need("one_to_one", "calm", N_("To talk to someone one to one, not in the group"), fulfil=(_A,), lead_days=3),
    Need("questions_ahead", "calm", N_("To send my questions in before"), fulfil=(_B, _I), lead_days=2),
    Need("short_slot_plus", "calm", N_("A longer time slot"), N_("Twice as long."), _SUPPORT, (_A,), 2),
    Need("anxious_call", "calm", N_("A call the day before, from the person I will meet"), fulfil=(_B,), lead_days=2),
    Need("trigger_topics", "calm", N_("Care with some topics"), N_("Tell us which, if you want to."), fulfil=(_B,)),
)

_PEOPLE = (
    Need(
        "spoken_lang",
        "people",
        N_("An interpreter for my language"),
        N_("Tell us which language. We never ask your family or children to interpret."),
        _PROFESSIONAL,
        (_A,),
        10,
    ),
    Need("translated", "people", N_("Papers in another language"), N_("Tell us which language."), _FORMAT, (_A,), 10),
    Need(
        "supporter",
        "people",
        N_("I am bringing a supporter, personal assistant or carer"),
        N_("They do not need a place of their own. We will add a chair."),
        fulfil=(_B,),
    ),
    Need(
        "advocate",
        "people",
        N_("I am bringing an advocate"),
        N_("Someone who speaks up for you, for example from Information, Advice and Support Kent (IASK)."),
        fulfil=(_B,),
    ),
    Need("same_gender", "people", N_("I would like to talk to a woman, or to a man"), fulfil=(_A,), lead_days=3),
)

_CHILDREN = (
    Need(
        "bring_baby",
        "children",
        N_("A baby or toddler with me"),
        fulfil=(_V, _B),
        facts=("baby_change",),
        joins=_THERE,
    ),
    Need(
        "bring_child",
        "children",
        N_("A child or young person with me"),
        N_("How many? They stay with you. We cannot look after them unless the page says there is a crèche."),
        fulfil=(_V, _B),
        facts=("children_welcome",),
        joins=_THERE,
    ),
    Need(
        "creche", "children", N_("A place in the crèche"), fulfil=(_A,), lead_days=10, facts=("creche",), joins=_THERE
    ),
    Need(
        "safe_exit",
        "children",
        N_("My child may run"),
        N_("We can tell you if the doors are kept shut."),
        fulfil=(_V,),
        facts=("secure_exit",),
        joins=_THERE,
    ),
    Need(
        "feed_space",
        "children",
        N_("A private space to feed a baby or express milk"),
        fulfil=(_V,),
        facts=("feed_space",),
        joins=_THERE,
    ),
    Need(
        "meds_fridge",
        "children",
        N_("A fridge for medicine"),
        fulfil=(_V, _A),
        lead_days=1,
        facts=("fridge",),
        joins=_THERE,
    ),
    Need(
        "diet",
        "children",
        N_("Food and allergies"),
        N_("Tell us about any allergies."),
        fulfil=(_A,),
        lead_days=3,
        joins=_THERE,
    ),
    Need(
        "time_fit",
        "children",
        N_("I have to leave early or come late"),
        N_("Tell us the time. It is fine."),
        fulfil=(_B,),
    ),
    Need("phone_on", "children", N_("I need my phone on"), N_("School may call. It is always fine."), fulfil=(_B,)),
)

_HOME = (
    Need("online_join", "home", N_("To join online"), fulfil=(_A,), joins=_AT_HOME),
    Need(
        "phone_in",
        "home",
        N_("To join by phone"),
        N_("You dial a number and listen or talk."),
        fulfil=(_A,),
        joins=_AT_HOME,
    ),
    Need(
        "test_call",
        "home",
        N_("A test call first"),
        N_("We try it out with you."),
        fulfil=(_B,),
        lead_days=2,
        joins=_AT_HOME,
    ),
    Need("recording", "home", N_("A recording or notes afterwards"), fulfil=(_I,)),
)

_OTHER = (
    Need(
        "talk_to_me",
        "other",
        N_("I would rather talk about it"),
        N_("We will contact you within 2 working days."),
        fulfil=(_B,),
        reply_days=2,
    ),
    Need("something_else", "other", N_("Something else"), N_("Tell us in your own words."), fulfil=(_A,), reply_days=2),
)

NEEDS = (*_GETTING_IN, *_HEARING, *_SEEING, *_CALM, *_PEOPLE, *_CHILDREN, *_HOME, *_OTHER)
