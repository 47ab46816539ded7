"""A company register out of a list, for development."""

from collections.abc import Iterable
from typing import ClassVar

from stdnum.cn import uscc

from server.providers.registry import Company, CompanyNotFound


class LocalRegistry:
    """Holds the given companies; ValueError for a code whose check digit is wrong."""

    development_only: ClassVar[bool] = True

    def __init__(self, companies: Iterable[Company]) -> None:
        self._companies = {company.code: company for company in companies}
        if wrong := [code for code in self._companies if not uscc.is_valid(code)]:
            raise ValueError(f"not unified social credit codes: {wrong}")

    def company(self, code: str) -> Company:
        """See Registry.company."""
        if code not in self._companies:
            raise CompanyNotFound
        return self._companies[code]

    def companies_of(self, id_number: str) -> list[Company]:
        """See Registry.companies_of."""
        mine = (c for c in self._companies.values() if c.representative_id_number == id_number)
        return sorted(mine, key=lambda company: company.code)
