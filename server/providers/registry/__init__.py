"""The company registry: who is the legal representative of which company."""

from dataclasses import dataclass, field
from typing import ClassVar, Protocol

from server.core.errors import NotFound, Unavailable

GUANGXI = "45"


class CompanyNotFound(NotFound):
    """The registry knows no company by this code."""

    code = "company_not_found"
    message = ("登记信息中没有这家企业。", "The registry knows no such company.")
    next_step = ("请核对统一社会信用代码。", "Please check the unified social credit code.")


class RegistryUnavailable(Unavailable):
    """The registry does not answer."""

    code = "registry_unavailable"
    message = (
        "企业登记信息暂时无法查询。",
        "The company registry is not available for the moment.",
    )
    next_step = ("请稍后再试。", "Please try again later.")


@dataclass(frozen=True)
class Company:
    """A company as registered.

    `code` is the unified social credit code (18 characters), `place` the six-digit number of the
    place where it is registered (GB/T 2260).
    """

    code: str
    name: str
    place: str
    representative: str
    representative_id_number: str = field(repr=False)
    struck_off: bool = False

    @property
    def in_guangxi(self) -> bool:
        """Only companies registered in Guangxi may apply (A5)."""
        return self.place.startswith(GUANGXI)


class Registry(Protocol):
    """Answers from the company register."""

    development_only: ClassVar[bool]

    def company(self, code: str) -> Company:
        """The company with this code; raises CompanyNotFound, RegistryUnavailable."""
        ...

    def companies_of(self, id_number: str) -> list[Company]:
        """All companies, by code, whose legal representative has this ID number; may be none.

        Companies elsewhere and those struck off are included: the caller judges. Raises
        RegistryUnavailable.
        """
        ...
