"""Secrets: none has a default, none is weak, none is used for two things; spoiled values say so calmly."""

from __future__ import annotations

import base64

import pytest

from booking import cipher
from booking.cipher import CannotOpen, Keys
from booking.extensions import visitor
from config import Config, ConfigError

pytestmark = pytest.mark.one_database


def key(letter: str) -> str:
    return base64.b64encode(letter.encode() * 32).decode()


GOOD = {
    "SECRET_KEY": "x7" * 16,
    "LINK_KEY": key("l"),
    "LOOKUP_KEY": key("o"),
    "DATA_KEYS": f"2:{key('d')},1:{key('e')}",
}


@pytest.mark.parametrize("name", GOOD)
def test_none_has_a_default(name: str) -> None:
    with pytest.raises(ConfigError, match=f"{name} is missing"):
        Config.from_env({other: value for other, value in GOOD.items() if other != name})


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        ({"SECRET_KEY": "x"}, "SECRET_KEY is too short"),
        ({"SECRET_KEY": "short secret"}, "SECRET_KEY is too short"),
        ({"LINK_KEY": base64.b64encode(b"short").decode()}, "LINK_KEY must be 32 bytes"),
        ({"DATA_KEYS": f"1:{key('d')},1:{key('e')}"}, "same id"),
        ({"DATA_KEYS": "1:not base64!"}, "DATA_KEYS must be base64"),
    ],
)
def test_a_bad_one_stops_the_start_with_a_sentence(bad: dict[str, str], sentence: str) -> None:
    with pytest.raises(ConfigError, match=sentence) as error:
        Config.from_env(GOOD | bad)
    assert not any(value in str(error.value) for value in bad.values())


def test_they_are_never_printed() -> None:
    config = Config.from_env(GOOD | {"MAIL_PASSWORD": "pencil-7-osprey"})
    shown = repr(config) + repr(config.keys)
    assert not any(secret in shown for secret in ("x7x7", "llll", "oooo", "dddd", "eeee", "pencil-7-osprey"))


@pytest.fixture
def keys() -> None:
    cipher.use_keys(Keys(data={"1": b"d" * 32}, lookup=b"o" * 32, link=b"l" * 32))


@pytest.mark.parametrize("spoiled", ["", "1", "1.", "1.!!!", "1.AAAA", "1." + "A" * 64, "9.AAAA", "é.AAAA"])
@pytest.mark.usefixtures("keys")
def test_a_spoiled_value_does_not_open(spoiled: str) -> None:
    with pytest.raises(CannotOpen):
        cipher.open_sealed(spoiled, place="booking.email")


@pytest.mark.usefixtures("keys")
def test_a_value_opens_in_its_own_column_alone_and_is_never_sealed_the_same_way_twice() -> None:
    sealed = cipher.seal(b"Sam", place="adult.name")
    assert cipher.open_sealed(sealed, place="adult.name") == b"Sam"
    assert len({cipher.seal(b"Sam", place="adult.name") for _ in range(200)}) == 200
    with pytest.raises(CannotOpen):
        cipher.open_sealed(sealed, place="booking.email")


@pytest.mark.usefixtures("keys")
def test_what_is_looked_up_and_what_is_linked_do_not_meet() -> None:
    assert cipher.lookup_hash("email", "1") != cipher.lookup_hash("phone", "1")
    assert cipher.derive_token("booking", 1, 11) != cipher.derive_token("booking", 11, 1)
    assert cipher.derive_token("booking", 1, 1) != cipher.derive_token("staff invitation", 1, 1)


@pytest.mark.parametrize(
    ("address", "counted_as"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("", ""),
        ("unix:", "unix:"),
    ],
)
def test_a_home_with_many_addresses_is_one_visitor(address: str, counted_as: str) -> None:
    assert visitor(address) == counted_as
