"""Which signing PINs may be chosen (Settled 6): 6 to 12 digits, and none that is guessed first."""

import pytest

from server.certificates.errors import BadPin, PinsDiffer, PinTooPlain
from server.certificates.pins import NewPin

PHONE, NUMBER = "13907710001", "450103198506123011"


def chosen(pin: str, again: str | None = None) -> str:
    return NewPin(pin, pin if again is None else again).chosen(PHONE, NUMBER)


@pytest.mark.row("F-14")
@pytest.mark.parametrize("pin", ["271828", "135790", "112233", "314159265358", "123457"])
def test_an_ordinary_pin_is_taken(pin: str) -> None:
    assert chosen(pin) == pin


@pytest.mark.row("F-14", "S-21")
@pytest.mark.parametrize("pin", ["", "27182", "2718281828459", "27182a", "２７１８２８", "271 828"])
def test_a_pin_has_6_to_12_digits(pin: str) -> None:
    with pytest.raises(BadPin):
        chosen(pin)


@pytest.mark.row("F-14")
def test_a_pin_is_typed_twice_the_same() -> None:
    with pytest.raises(PinsDiffer):
        chosen("271828", "271829")


@pytest.mark.row("S-21")
@pytest.mark.parametrize(
    "pin",
    [
        "111111",
        "000000000000",
        "121212",
        "12121212121",
        "123123",
        "123456",
        "0123456789",
        "678901",
        "654321",
        "210987",
    ],
)
def test_repeated_and_consecutive_digits_are_refused(pin: str) -> None:
    with pytest.raises(PinTooPlain):
        chosen(pin)


@pytest.mark.row("S-21")
@pytest.mark.parametrize(
    "pin", ["710001", "139077", "850612", "19850612", "123011", "9985061288", "27710001"]
)
def test_the_digits_of_phone_birthday_and_document_are_refused(pin: str) -> None:
    with pytest.raises(PinTooPlain):
        chosen(pin)
    assert NewPin(pin, pin).chosen() == pin


def test_a_pin_is_not_in_what_is_printed_of_it() -> None:
    assert "271828" not in repr(NewPin("271828", "271828"))
