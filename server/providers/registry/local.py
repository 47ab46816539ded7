"""A company register out of a list, for development; other processes can tell it news."""

import json
import os
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import ClassVar

from stdnum.cn import uscc

from server.providers.registry import Company, CompanyNotFound


class LocalRegistry:
    """Holds the given companies; ValueError for a code whose check digit is wrong.

    With a folder, `tell` keeps news there, and every process that has the folder hears it at its
    next question.
    """

    development_only: ClassVar[bool] = True

    def __init__(self, companies: Iterable[Company], folder: Path | None = None) -> None:
        self._companies = _by_code(companies)
        self._news = folder / "news.json" if folder else None

    def company(self, code: str) -> Company:
        """See Registry.company."""
        companies = self._now()
        if code not in companies:
            raise CompanyNotFound
        return companies[code]

    def companies_of(self, id_number: str) -> list[Company]:
        """See Registry.companies_of."""
        mine = (c for c in self._now().values() if c.representative_id_number == id_number)
        return sorted(mine, key=lambda company: company.code)

    def tell(self, company: Company) -> None:
        """From now on this is what is registered. ValueError for a wrong code, or no folder."""
        if self._news is None:
            raise ValueError("a registry without a folder keeps no news")
        news = {**self._told(), **_by_code([company])}
        self._news.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = self._news.with_suffix(".new")
        words = [asdict(one) for one in news.values()]
        fresh.write_text(json.dumps(words, ensure_ascii=False), "utf-8")
        os.replace(fresh, self._news)

    def _now(self) -> dict[str, Company]:
        return {**self._companies, **self._told()}

    def _told(self) -> dict[str, Company]:
        if self._news is None or not self._news.exists():
            return {}
        return _by_code(Company(**one) for one in json.loads(self._news.read_text("utf-8")))


def _by_code(companies: Iterable[Company]) -> dict[str, Company]:
    found = {company.code: company for company in companies}
    if wrong := [code for code in found if not uscc.is_valid(code)]:
        raise ValueError(f"not unified social credit codes: {wrong}")
    return found
