"""What every company registry must answer."""

from dataclasses import replace
from pathlib import Path

import pytest

from server.providers.registry import CompanyNotFound, Registry
from server.providers.registry.demo_companies import DEMO_COMPANIES
from server.providers.registry.local import LocalRegistry

WEI, NOBODY = "450103198506123011", "450103199001010000"


@pytest.fixture(params=["local", "told"])
def registry(request: pytest.FixtureRequest, tmp_path: Path) -> Registry:
    """The list of development; and the same companies as another process has told them."""
    if request.param == "local":
        return LocalRegistry(DEMO_COMPANIES)
    for company in DEMO_COMPANIES:
        LocalRegistry([], tmp_path).tell(company)
    return LocalRegistry([], tmp_path)


def test_a_company_is_found_by_its_code(registry: Registry) -> None:
    found = registry.company("91450100MA5K8Q2X13")
    assert (found.name, found.representative) == ("南宁桂印科技有限公司", "韦志远")


def test_an_unknown_code_is_named(registry: Registry) -> None:
    with pytest.raises(CompanyNotFound):
        registry.company("12345678987654321A")


@pytest.mark.row("F-20")
def test_a_person_may_represent_several_companies_some_of_them_elsewhere(
    registry: Registry,
) -> None:
    mine = registry.companies_of(WEI)
    assert [company.code for company in mine] == sorted(company.code for company in mine)
    assert {company.representative_id_number for company in mine} == {WEI}
    assert sum(company.in_guangxi for company in mine) >= 2
    assert not all(company.in_guangxi for company in mine)


def test_a_person_who_represents_nobody_gets_an_empty_list(registry: Registry) -> None:
    assert registry.companies_of(NOBODY) == []


@pytest.mark.row("S-44")
def test_a_representatives_id_number_is_not_in_what_is_printed(registry: Registry) -> None:
    assert WEI not in repr(registry.companies_of(WEI))


@pytest.mark.row("P-39")
def test_news_are_heard_by_whoever_asks_next(tmp_path: Path) -> None:
    registry = LocalRegistry(DEMO_COMPANIES, tmp_path / "registry")
    first = registry.company(DEMO_COMPANIES[0].code)

    LocalRegistry(DEMO_COMPANIES, tmp_path / "registry").tell(
        replace(first, representative="黄淼", representative_id_number=NOBODY, struck_off=True)
    )

    assert registry.company(first.code).struck_off
    assert [one.code for one in registry.companies_of(NOBODY)] == [first.code]
    assert first.code not in [one.code for one in registry.companies_of(WEI)]
