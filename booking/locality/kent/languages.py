"""The languages Kent's families most often ask an interpreter for; any other can be typed."""

from booking.locality.kinds import Language

LANGUAGES = (
    Language("pl", "Polish", "Polski"),
    Language("ro", "Romanian", "Română"),
    Language("ne", "Nepali", "नेपाली"),
    Language("pa", "Punjabi", "ਪੰਜਾਬੀ"),
    Language("bg", "Bulgarian", "Български"),
    Language("sk", "Slovak", "Slovenčina"),
    Language("cs", "Czech", "Čeština"),
    Language("lt", "Lithuanian", "Lietuvių"),
    Language("uk", "Ukrainian", "Українська"),
    Language("ru", "Russian", "Русский"),
    Language("ar", "Arabic", "العربية"),
    Language("prs", "Dari", "دری"),
    Language("ps", "Pashto", "پښتو"),
    Language("ckb", "Kurdish (Sorani)", "کوردی"),
    Language("bn", "Bengali", "বাংলা"),
    Language("tr", "Turkish", "Türkçe"),
    Language("sq", "Albanian", "Shqip"),
    Language("ti", "Tigrinya", "ትግርኛ"),
    Language("bfi", "British Sign Language (BSL)", "BSL"),
)
