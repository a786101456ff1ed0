"""What the documents say is so: every setting, every command, every address."""

from __future__ import annotations

import inspect
import re

import pytest
from flask import Flask

from config import Config
from tests.conftest import ROOT

SETTINGS = (ROOT / "docs" / "settings.md").read_text()
README = (ROOT / "README.md").read_text()
UUID = "6f1c2a3b-0d4e-4f5a-8b6c-7d8e9f0a1b2c"
COMMANDS = (ROOT / "docs" / "commands.md").read_text()


def settings_in_code() -> set[str]:
    import config

    readers = (Config.from_env, config._keys, config._mailbox, config._texts)
    return set(re.findall(r'"([A-Z][A-Z_]+)"', "".join(map(inspect.getsource, readers)))) - {"INBOX"}


def test_every_setting_is_documented() -> None:
    documented = set(re.findall(r"^\| `([A-Z_]+)`", SETTINGS, flags=re.MULTILINE))
    assert documented - {"PORT", "DEMO"} == settings_in_code()


@pytest.mark.one_database
def test_every_command_is_documented(app: Flask) -> None:
    ours = {name for name in app.cli.commands if name not in {"db", "limiter", "roles", "users", "translate", "babel"}}
    documented = set(re.findall(r"^\| `flask --app wsgi ([a-z-]+)", COMMANDS, flags=re.MULTILINE))
    assert ours <= documented
    assert documented - {"db"} <= ours


def test_every_make_target_in_the_readme_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    named = set(re.findall(r"(?:^|`)(?:[A-Z]+=\S+ )?make ([a-z]+)(?=`|$| [A-Z]+=)", README, flags=re.MULTILINE))
    assert named
    assert named <= targets


def test_links_between_documents_lead_somewhere() -> None:
    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\((?!https?:|mailto:|#)([^)#]+)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_nothing_names_this_machine() -> None:
    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]:
        assert not re.search(r"/work/|/tmp/w|/root/", page.read_text()), page


@pytest.mark.parametrize("name", ["SECRET_KEY", "LINK_KEY", "DATA_KEYS", "LOOKUP_KEY"])
def test_a_missing_secret_stops_the_start_with_a_sentence(name: str) -> None:
    from config import ConfigError
    from tests.conftest import ENVIRONMENT

    without = {key: value for key, value in ENVIRONMENT.items() if key != name}
    with pytest.raises(ConfigError, match=name):
        Config.from_env(without)


@pytest.mark.parametrize(
    "half",
    [
        {"IMAP_HOST": "imap.example.org"},
        {"IMAP_HOST": "imap.example.org", "IMAP_USERNAME": "bookings"},
        {"IMAP_USERNAME": "bookings", "IMAP_PASSWORD": "a password"},
    ],
)
def test_half_a_mailbox_stops_the_start_with_a_sentence(half: dict[str, str]) -> None:
    from config import ConfigError
    from tests.conftest import ENVIRONMENT

    with pytest.raises(ConfigError, match="go together"):
        Config.from_env(ENVIRONMENT | half)


@pytest.mark.parametrize(
    "half",
    [
        {"SMS_API_KEY": f"live-{UUID}-{UUID}"},
        {"SMS_TEMPLATE_ID": UUID},
        {"SMS_API_KEY": "abc", "SMS_TEMPLATE_ID": UUID},
        {"SMS_API_KEY": f"live-{UUID}-{UUID}", "SMS_TEMPLATE_ID": "abc"},
        {"SMS_BASE_URL": "http://notify.example.org"},
        {
            "SMS_API_KEY": f"live-{UUID}-{UUID}",
            "SMS_TEMPLATE_ID": UUID,
            "PUBLIC_URL": "https://bookings.parents-and-carers.example.org",
        },
    ],
)
def test_half_set_texts_stop_the_start_with_a_sentence(half: dict[str, str]) -> None:
    from config import ConfigError
    from tests.conftest import ENVIRONMENT

    with pytest.raises(ConfigError, match="SMS_"):
        Config.from_env(ENVIRONMENT | half)
