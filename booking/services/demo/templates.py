"""The twenty kinds of session the demonstration runs, each with its words, people, length and rhythm."""

from __future__ import annotations

from dataclasses import dataclass

from booking.rules.words import BookingMode, Delivery, EventKind, Participation
from booking.services.demo.buildings import Building

ANY_MONTH = tuple(range(1, 13))
ANY_HALL = (Building.CENTRE, Building.HALL)
ANYWHERE = (Building.CENTRE, Building.HALL, Building.HUB, Building.LIBRARY)

EHC_OFFICER = "EHC plan officer"
PSYCHOLOGIST = "Educational psychologist"
IASK = "IASK adviser"
OT = "Occupational therapist"
SALT = "Speech and language therapist"
HEALTH_VISITOR = "Health visitor"
SCHOOL_NURSE = "School nurse"
EARLY_YEARS = "Early years adviser"
TRANSPORT = "Transport team"
SHORT_BREAKS = "Short breaks team"
PACT_REP = "PACT parent rep"

Agenda = tuple[tuple[int, str], ...]
_TALK_AND_QUESTIONS: Agenda = (
    (10, "Welcome"),
    (35, "A short talk"),
    (10, "Break"),
    (25, "Questions"),
    (10, "What next"),
)
_COFFEE: Agenda = ((90, "Coffee and talk. Come late, leave early."),)
_SMALL_GROUP: Agenda = (
    (10, "Welcome"),
    (30, "What is it like now?"),
    (10, "Break"),
    (30, "What would be better?"),
    (10, "What happens with your words"),
)
_ONLINE_HOUR: Agenda = (
    (5, "Welcome, and how to use captions"),
    (30, "A talk"),
    (20, "Your questions"),
    (5, "Where to get help"),
)


@dataclass(frozen=True, kw_only=True)
class SessionTemplate:
    """One kind of session. `a_month` is how many there are in a usual month; `slots` are (role, desks)."""

    number: int
    title: str
    kind: EventKind
    mode: BookingMode = BookingMode.PLACES
    delivery: Delivery = Delivery.IN_PERSON
    minutes: int = 90
    capacity: int | None
    summary: str
    description: str
    agenda: Agenda = ()
    people: tuple[str, ...] = (PACT_REP,)
    participation: Participation = Participation.CONSULT
    workstreams: tuple[int, ...] = (1,)
    topics: tuple[str, ...] = ()
    busiest: str = ""
    starts: tuple[tuple[int, int], ...] = ((10, 0),)
    a_month: float = 1.0
    months: tuple[int, ...] = ANY_MONTH
    buildings: tuple[Building, ...] = ANYWHERE
    walk_ins: bool = True
    slots: tuple[tuple[str, int], ...] = ()
    slot_minutes: int = 0
    weekly_parts: int = 1
    for_young_people: bool = False
    last_week_of_month: bool = False


TEMPLATES: tuple[SessionTemplate, ...] = (
    SessionTemplate(
        number=1,
        topics=("have_a_say",),
        title="Parent and carer forum: tell us what's working",
        kind=EventKind.FORUM,
        minutes=120,
        capacity=40,
        summary="Meet other parents and talk with people who run SEND services in Kent.",
        description=(
            "Meet other parents and carers. Talk with people who run SEND services in Kent. "
            "Tea and coffee from 15 minutes before. You can just listen."
        ),
        agenda=(
            (10, "Welcome"),
            (30, "Hot topic"),
            (40, "Talk at tables"),
            (10, "Break"),
            (20, "Answers to your questions"),
            (10, "What happens next"),
        ),
        people=(EHC_OFFICER, PSYCHOLOGIST, IASK, PACT_REP),
        workstreams=(1, 3),
        starts=((10, 0), (10, 0), (18, 30)),
        a_month=2.4,
        buildings=ANY_HALL,
    ),
    SessionTemplate(
        number=2,
        topics=("plans",),
        title="EHC plan drop-in",
        kind=EventKind.DROP_IN,
        mode=BookingMode.SLOTS,
        minutes=120,
        capacity=18,
        summary="A private 20-minute chat with someone who works on EHC plans.",
        description=(
            "A private 20-minute chat with someone who works on EHC plans. Bring any letters. "
            "We can't change decisions on the day. We can explain them and follow up."
        ),
        people=(EHC_OFFICER, IASK),
        participation=Participation.INFORM,
        workstreams=(3,),
        starts=((10, 0), (12, 30), (16, 30)),
        a_month=2.0,
        slots=((EHC_OFFICER, 2), (IASK, 1)),
        slot_minutes=20,
    ),
    SessionTemplate(
        number=3,
        topics=("carers",),
        busiest="The first half hour. Come later for a quiet table.",
        title="Coffee and chat",
        kind=EventKind.COFFEE,
        mode=BookingMode.OPEN,
        capacity=None,
        summary="No talks. No forms. Just turn up.",
        description="No talks. No forms. Come late, leave early.",
        agenda=_COFFEE,
        participation=Participation.INFORM,
        starts=((9, 45), (10, 0), (13, 0)),
        a_month=1.6,
    ),
    SessionTemplate(
        number=4,
        topics=("school_support",),
        title="SEN support in school: what should happen?",
        kind=EventKind.WORKSHOP,
        capacity=24,
        summary="What schools can do without an EHC plan, and what to ask for.",
        description=(
            "Most children with extra needs get help at school without an EHC plan. We go through what schools "
            "should do, what to ask the SENCO, and what to do if it is not working."
        ),
        agenda=_TALK_AND_QUESTIONS,
        people=(PSYCHOLOGIST, IASK),
        participation=Participation.INFORM,
        workstreams=(2,),
        starts=((10, 0), (18, 30), (12, 45)),
        a_month=1.2,
    ),
    SessionTemplate(
        number=5,
        topics=("next_school",),
        title="Getting ready for secondary school",
        kind=EventKind.WORKSHOP,
        capacity=30,
        summary="For families of children in Years 5 and 6.",
        description=(
            "For families of children in Years 5 and 6. Choosing a school, dates to know, and how to make the move "
            "calmer. You can meet a parent whose child moved last year."
        ),
        agenda=_TALK_AND_QUESTIONS,
        people=(EHC_OFFICER, PSYCHOLOGIST, PACT_REP),
        participation=Participation.INFORM,
        workstreams=(2, 3),
        starts=((10, 0), (18, 30)),
        a_month=2.0,
        months=(9, 10, 11),
        buildings=ANY_HALL,
    ),
    SessionTemplate(
        number=6,
        topics=("adult_life", "next_school", "travel"),
        title="Moving on: post-16 choices",
        kind=EventKind.WORKSHOP,
        delivery=Delivery.HYBRID,
        capacity=40,
        summary="College, sixth form, work with training: what there is and who can help.",
        description=(
            "College, sixth form, work with training: what there is, what an EHC plan can pay for and who can help. "
            "Come to the room or join online."
        ),
        agenda=_TALK_AND_QUESTIONS,
        people=(EHC_OFFICER, IASK, TRANSPORT),
        participation=Participation.INFORM,
        workstreams=(2, 5),
        starts=((18, 30), (10, 0)),
        a_month=1.5,
        months=(1, 2, 3),
        buildings=(Building.CENTRE,),
    ),
    SessionTemplate(
        number=7,
        topics=("waiting",),
        title="Waiting for an assessment: what helps now",
        kind=EventKind.WEBINAR,
        delivery=Delivery.ONLINE,
        minutes=60,
        capacity=100,
        summary="Ideas that help at home and at school while you wait.",
        description=(
            "You do not have to wait for a diagnosis to get help. A therapist and a parent share what helps at home "
            "and at school. Camera off is fine."
        ),
        agenda=_ONLINE_HOUR,
        people=(OT, SALT, PACT_REP),
        participation=Participation.INFORM,
        workstreams=(5,),
        starts=((19, 30),),
        a_month=0.8,
        walk_ins=False,
    ),
    SessionTemplate(
        number=8,
        topics=("health", "waiting"),
        title="Meet the health team",
        kind=EventKind.FORUM,
        delivery=Delivery.ONLINE,
        minutes=60,
        capacity=60,
        summary="Ask therapists, children's doctors and school nurses your questions.",
        description=(
            "Therapists, a children's doctor and a school nurse tell you how their teams work and answer questions. "
            "You can send a question before, without your name."
        ),
        agenda=_ONLINE_HOUR,
        people=(OT, SALT, "Paediatrician", SCHOOL_NURSE),
        workstreams=(4, 5),
        starts=((12, 30),),
        a_month=0.7,
        walk_ins=False,
    ),
    SessionTemplate(
        number=9,
        topics=("worries", "school_support"),
        title="When school feels too hard",
        kind=EventKind.FOCUS_GROUP,
        capacity=12,
        summary="A small group for families whose child cannot face school.",
        description=(
            "For families whose child is too anxious to go to school. We listen to each other and plan what schools "
            "and services should do differently."
        ),
        agenda=_SMALL_GROUP,
        people=(PSYCHOLOGIST, SCHOOL_NURSE, PACT_REP),
        participation=Participation.ENGAGE,
        workstreams=(1, 2),
        starts=((10, 0), (12, 45)),
        a_month=0.7,
        buildings=(Building.CENTRE, Building.HUB, Building.LIBRARY),
        walk_ins=False,
    ),
    SessionTemplate(
        number=10,
        topics=("carers",),
        title="Dads, grandads and male carers evening",
        kind=EventKind.COFFEE,
        capacity=16,
        summary="An evening for dads, grandads and other men who care for a child with SEND.",
        description="Talk with other men who know what it is like. Hot drinks and pizza. No forms.",
        agenda=_COFFEE,
        participation=Participation.INFORM,
        starts=((19, 0),),
        a_month=0.7,
        buildings=ANY_HALL,
    ),
    SessionTemplate(
        number=11,
        topics=("carers",),
        title="Grandparents, foster and kinship carers",
        kind=EventKind.COFFEE,
        capacity=14,
        summary="For people who bring up a child with SEND who is not their own.",
        description=(
            "For grandparents, foster carers and kinship carers. Talk with others in the same place in life. "
            "Someone from IASK is there to answer questions."
        ),
        agenda=_COFFEE,
        people=(IASK, PACT_REP),
        participation=Participation.INFORM,
        starts=((10, 0), (13, 0)),
        a_month=0.6,
        buildings=(Building.HUB, Building.LIBRARY, Building.CENTRE),
    ),
    SessionTemplate(
        number=12,
        topics=("have_a_say",),
        title="Help shape the new SEND information pages",
        kind=EventKind.FOCUS_GROUP,
        minutes=120,
        capacity=10,
        summary="Try the new pages and change them with us.",
        description=(
            "The council is writing new web pages about SEND. Try them, say what is hard to follow and change them "
            "together with the people who write them. We pay for your travel."
        ),
        agenda=(
            (10, "Welcome"),
            (40, "Try the pages"),
            (10, "Break"),
            (45, "Change them together"),
            (15, "What happens next"),
        ),
        people=("Web team", PACT_REP),
        participation=Participation.CO_DESIGN,
        workstreams=(1,),
        starts=((10, 0),),
        a_month=0.3,
        buildings=(Building.CENTRE, Building.LIBRARY),
        walk_ins=False,
    ),
    SessionTemplate(
        number=13,
        topics=("money", "health", "plans", "travel"),
        title="SEND roadshow: meet services under one roof",
        kind=EventKind.ROADSHOW,
        minutes=180,
        capacity=120,
        summary="More than ten SEND services in one room. Come in a 30-minute band so that it stays calm.",
        description=(
            "Talk with more than ten SEND services in one place. So that it never gets too busy, families come in "
            "six bands of 30 minutes. We tell you yours in a message before the day. The first band is the quiet one: "
            "low light and no announcements."
        ),
        agenda=(
            (30, "First band: quiet, low light"),
            (30, "Second band"),
            (30, "Third band"),
            (30, "Fourth band"),
            (30, "Fifth band"),
            (30, "Last band"),
        ),
        people=(
            EHC_OFFICER,
            IASK,
            OT,
            SALT,
            HEALTH_VISITOR,
            SCHOOL_NURSE,
            EARLY_YEARS,
            TRANSPORT,
            SHORT_BREAKS,
            PACT_REP,
        ),
        workstreams=(1, 4, 5),
        starts=((10, 0),),
        a_month=0.0,
        buildings=(Building.CENTRE,),
    ),
    SessionTemplate(
        number=14,
        topics=("have_a_say",),
        title="Deaf-friendly forum (BSL and captions)",
        kind=EventKind.FORUM,
        minutes=120,
        capacity=25,
        summary="A forum with BSL interpreters, live captions and a hearing loop already booked.",
        description=(
            "A forum with two BSL interpreters, captions typed by a person and a hearing loop. All of it is booked: "
            "you do not have to ask. Hearing families are welcome too."
        ),
        agenda=(
            (10, "Welcome"),
            (35, "Hot topic"),
            (15, "Break for eyes and hands"),
            (40, "Talk at tables"),
            (20, "Answers and what happens next"),
        ),
        people=("BSL interpreters", EHC_OFFICER, "Teacher of the deaf", PACT_REP),
        workstreams=(1, 5),
        starts=((10, 0),),
        a_month=0.34,
        buildings=(Building.CENTRE,),
    ),
    SessionTemplate(
        number=15,
        topics=("plans", "waiting", "school_support"),
        title="New to SEND? Start here",
        kind=EventKind.WEBINAR,
        delivery=Delivery.ONLINE,
        minutes=45,
        capacity=100,
        summary="Four lunch-time talks for families at the start. Come to one or to all.",
        description=(
            "Four short talks over four weeks: who does what, help in school, EHC plans, and looking after yourself. "
            "Come to one or to all. You can watch again later."
        ),
        agenda=((5, "Welcome"), (20, "A talk"), (20, "Your questions")),
        people=(IASK, PACT_REP),
        participation=Participation.INFORM,
        workstreams=(1, 2),
        starts=((12, 15),),
        a_month=1.0,
        months=(1, 5, 9),
        walk_ins=False,
        weekly_parts=4,
    ),
    SessionTemplate(
        number=16,
        topics=("home", "health"),
        busiest="The first half hour. People then wait about 5 minutes to talk.",
        title="Early years: under 5s stay and talk",
        kind=EventKind.DROP_IN,
        mode=BookingMode.OPEN,
        capacity=None,
        summary="Toys for the little ones, and people to talk to. Just turn up.",
        description="Stay and play with your child and talk with a health visitor. Brothers and sisters are welcome.",
        agenda=((90, "Stay, play and talk. Come and go as you like."),),
        people=(HEALTH_VISITOR, EARLY_YEARS),
        participation=Participation.INFORM,
        workstreams=(5,),
        starts=((9, 45), (13, 0)),
        a_month=0.9,
        buildings=(Building.HUB,),
    ),
    SessionTemplate(
        number=17,
        topics=("adult_life", "have_a_say"),
        title="Young people's voice (16 to 25)",
        kind=EventKind.FOCUS_GROUP,
        minutes=60,
        capacity=10,
        summary="For young people aged 16 to 25. Say what needs to change.",
        description=(
            "For young people aged 16 to 25 with SEND. Say what works and what needs to change. Bring someone with you "
            "if you like. There is pizza."
        ),
        agenda=((10, "Hello and pizza"), (35, "What needs to change?"), (15, "Who we will tell")),
        people=("Youth worker", PACT_REP),
        participation=Participation.CO_DESIGN,
        workstreams=(1, 2),
        starts=((16, 30),),
        a_month=0.5,
        buildings=(Building.CENTRE, Building.HUB),
        for_young_people=True,
    ),
    SessionTemplate(
        number=18,
        topics=("plans",),
        title="One-to-one phone clinic",
        kind=EventKind.PHONE_CLINIC,
        mode=BookingMode.SLOTS,
        delivery=Delivery.ONLINE,
        minutes=120,
        capacity=16,
        summary="A 15-minute call in the evening. We ring you.",
        description="Choose a time and who you want to talk to. We ring you. You do not need the internet.",
        people=(EHC_OFFICER, IASK),
        participation=Participation.INFORM,
        workstreams=(3,),
        starts=((18, 0),),
        a_month=0.9,
        walk_ins=False,
        slots=((EHC_OFFICER, 1), (IASK, 1)),
        slot_minutes=15,
    ),
    SessionTemplate(
        number=19,
        topics=("have_a_say",),
        title="Easy Read forum for parents with a learning disability",
        kind=EventKind.FORUM,
        minutes=60,
        capacity=8,
        summary="Short words and pictures. Bring a supporter if you like.",
        description="We use short words and pictures. We go slowly. Bring a supporter if you like.",
        agenda=((10, "Hello and tea"), (20, "What is good? What is hard?"), (10, "Break"), (20, "What we do next")),
        people=("Easy Read worker", PACT_REP),
        workstreams=(1,),
        starts=((11, 0),),
        a_month=0.3,
        buildings=(Building.CENTRE, Building.HUB),
    ),
    SessionTemplate(
        number=20,
        topics=("have_a_say",),
        title="You said, we did: the answers",
        kind=EventKind.FORUM,
        delivery=Delivery.HYBRID,
        capacity=50,
        summary="What changed since you told us, and what did not, with reasons.",
        description=(
            "We go through what parents raised in the last three months: what has changed, what has not, and why. "
            "The people who decide are in the room. Come to the room or join online."
        ),
        agenda=((10, "Welcome"), (40, "What you said and what was done"), (30, "Your questions"), (10, "What next")),
        people=("SEND service lead", EHC_OFFICER, PACT_REP),
        participation=Participation.CO_PRODUCE,
        workstreams=(1, 4),
        starts=((18, 30), (10, 0)),
        a_month=1.0,
        months=(3, 6, 9, 12),
        buildings=(Building.CENTRE,),
        last_week_of_month=True,
    ),
)


def template(number: int) -> SessionTemplate:
    """Return one template by its number in the list."""
    return TEMPLATES[number - 1]
