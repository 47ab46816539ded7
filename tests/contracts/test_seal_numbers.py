"""What everybody who numbers seals must do (Settled 16)."""

from functools import partial
from pathlib import Path

import pytest

from server.providers.seal_numbers import SealNumbers, SealNumbersUnavailable
from server.providers.seal_numbers.local import LocalSealNumbers
from tests.fakes.threads import together

NANNING, LIUZHOU = "450100", "450200"


@pytest.fixture(params=["local"])
def numbers(tmp_path: Path) -> SealNumbers:
    return LocalSealNumbers(tmp_path)


def test_a_number_has_thirteen_digits_and_begins_with_the_place(numbers: SealNumbers) -> None:
    for place in (NANNING, LIUZHOU):
        given = numbers.allot(f"app-1 {place}", place)
        assert (len(given), given[:6]) == (13, place)
        assert given.isdecimal()


@pytest.mark.row("R-08")
def test_the_same_request_gets_the_same_number(numbers: SealNumbers) -> None:
    first = numbers.allot("app-1 company", NANNING)
    assert numbers.allot("app-2 company", NANNING) != first
    assert numbers.allot("app-1 company", NANNING) == first


def test_no_number_is_given_twice_however_many_ask_at_once(numbers: SealNumbers) -> None:
    asked = [partial(numbers.allot, f"app-{n}", NANNING) for n in range(24)]
    given = together(asked)
    assert all(isinstance(one, str) for one in given), given
    assert len(set(given)) == 24
    again = together([partial(numbers.allot, "app-late", NANNING)] * 8)
    assert len(set(again)) == 1


@pytest.mark.parametrize("place", ["", "45010", "4501000", "45010x", "４５０１００"])
def test_what_is_no_place_is_refused(numbers: SealNumbers, place: str) -> None:
    with pytest.raises(ValueError, match="place"):
        numbers.allot("app-1", place)


def test_numbers_outlive_a_restart(tmp_path: Path) -> None:
    first = LocalSealNumbers(tmp_path).allot("app-1", NANNING)
    again = LocalSealNumbers(tmp_path)
    assert again.allot("app-1", NANNING) == first
    assert again.allot("app-2", NANNING) != first


def test_a_file_that_cannot_be_used_is_named_as_one(tmp_path: Path) -> None:
    numbers = LocalSealNumbers(tmp_path)
    (tmp_path / "seal_numbers.sqlite3").unlink()
    (tmp_path / "seal_numbers.sqlite3").mkdir()
    with pytest.raises(SealNumbersUnavailable):
        numbers.allot("app-1", NANNING)
