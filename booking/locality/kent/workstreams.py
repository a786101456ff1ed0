"""The five workstreams of Kent's plan of 2019 and the nine weaknesses it answers, in our own short words."""

from booking.locality.kinds import Weakness, Workstream

WORKSTREAMS = (
    Workstream(1, "Parental confidence, engagement and co-production"),
    Workstream(2, "Inclusive practice, outcomes, progress and attainment"),
    Workstream(3, "Quality of education, health and care plans"),
    Workstream(4, "Joint commissioning and governance"),
    Workstream(5, "Service provision"),
)

WEAKNESSES = (
    Weakness(1, "Parents do not believe that the area can, or will, meet their children's needs", 1),
    Weakness(2, "Provision and commitment to inclusion vary from school to school", 2),
    Weakness(3, "Parents and carers have a limited part in reviewing and designing services", 1),
    Weakness(4, "Joint commissioning does not close known gaps", 4),
    Weakness(5, "Too many children and young people make poor progress", 2),
    Weakness(6, "The quality of EHC assessments, plans and reviews is inconsistent", 3),
    Weakness(7, "Governance is weak and plans to put things right are not robust", 4),
    Weakness(8, "Waiting times for some health services are too long", 5),
    Weakness(9, "Outcomes of children held back by weak provision are not reviewed and improved", 2),
)
