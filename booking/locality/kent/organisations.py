"""The bodies that host sessions, send people to them or answer what parents raise."""

from datetime import date

from booking.locality.kinds import Organisation

ORGANISATIONS = (
    Organisation("pact", "Kent PACT", "Kent PACT", "parent carer forum", from_date=date(2019, 9, 1)),
    Organisation("kcc", "Kent County Council", "KCC", "local authority"),
    Organisation("kcc_send", "Kent County Council SEND Service", "KCC SEND", "EHC plans and SEND services"),
    Organisation("kcc_early_help", "Kent County Council Early Help", "Early Help", "family support"),
    Organisation("kcc_ep", "Kent Educational Psychology Service", "Educational Psychology", "advice on learning"),
    Organisation(
        "icb", "NHS Kent and Medway Integrated Care Board", "NHS Kent and Medway", "health", from_date=date(2022, 7, 1)
    ),
    Organisation(
        "ccg",
        "NHS Kent and Medway Clinical Commissioning Group",
        "Kent and Medway CCG",
        "health, until 2022",
        from_date=date(2020, 4, 1),
        to_date=date(2022, 6, 30),
    ),
    Organisation("kcht", "Kent Community Health NHS Foundation Trust", "Kent Community Health", "health services"),
    Organisation("kmpt", "Kent and Medway NHS and Social Care Partnership Trust", "KMPT", "mental health services"),
    Organisation("ekhuft", "East Kent Hospitals University NHS Foundation Trust", "East Kent Hospitals", "hospitals"),
    Organisation("mtw", "Maidstone and Tunbridge Wells NHS Trust", "Maidstone and Tunbridge Wells NHS", "hospitals"),
    Organisation("dgt", "Dartford and Gravesham NHS Trust", "Dartford and Gravesham NHS", "hospitals"),
    Organisation("mft", "Medway NHS Foundation Trust", "Medway NHS", "hospitals"),
    Organisation("nelft", "NELFT NHS Foundation Trust", "NELFT", "children's mental health services"),
    Organisation("iask", "Information, Advice and Support Kent", "IASK", "free and impartial advice for families"),
    Organisation("contact", "Contact", "Contact", "national charity; runs the forum grant"),
    Organisation("nnpcf", "National Network of Parent Carer Forums", "NNPCF", "network of forums"),
    Organisation("cdc", "Council for Disabled Children", "CDC", "national body"),
)
