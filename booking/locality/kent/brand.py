"""How Kent PACT looks and what it is called; the telephone number and e-mail come from the settings."""

from types import MappingProxyType

from booking.locality.kinds import N_, Brand

BRAND = Brand(
    name="Kent PACT",
    long_name="Kent Parents and Carers Together",
    strapline=N_("Parents and carers of children with special needs, together across Kent"),
    colours=MappingProxyType(
        {
            "ink": "#2b2233",
            "ink_soft": "#574d60",
            "paper": "#fffdf9",
            "paper_warm": "#fbf3e8",
            "line": "#85788c",
            "brand": "#5b2a6e",  # damson
            "brand_dark": "#431d53",
            "brand_tint": "#f1e8f4",
            "link": "#1f5673",  # Channel blue
            "link_hover": "#163f55",
            "button": "#2a6147",  # orchard green
            "button_dark": "#1d4733",
            "focus": "#ffc94d",  # hop gold, always with ink on it
            "error": "#a4262c",
            "success": "#2a6147",
        }
    ),
    attribution=N_(
        "Places and map: contains OS data © Crown copyright and database right 2026. "
        "Contains Royal Mail data © Royal Mail copyright and database right 2026. "
        "Source: Office for National Statistics licensed under the Open Government Licence v.3.0."
    ),
)
