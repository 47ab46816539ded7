"""The register of development takes only companies that could exist."""

from dataclasses import replace

import pytest

from server.providers.registry.demo_companies import DEMO_COMPANIES
from server.providers.registry.local import LocalRegistry


def test_a_code_with_a_wrong_check_digit_is_refused() -> None:
    manual = replace(DEMO_COMPANIES[0], code="12345678987654321A")
    with pytest.raises(ValueError, match="12345678987654321A"):
        LocalRegistry([manual])


@pytest.mark.row("F-20")
@pytest.mark.parametrize(("place", "inside"), [("450100", True), ("440100", False)])
def test_the_place_of_registration_says_whether_a_company_may_apply(
    place: str, inside: bool
) -> None:
    assert replace(DEMO_COMPANIES[0], place=place).in_guangxi is inside
