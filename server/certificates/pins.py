"""Which signing PINs a person may choose (Settled 6): 6 to 12 digits that nobody would guess first.

The login password cannot be reused (Settled 5): it needs letters or signs, and a PIN has none.
"""

from dataclasses import dataclass, field
from hmac import compare_digest
from typing import Final

from server.accounts.id_documents import open_number
from server.accounts.models import Account
from server.accounts.phones import open_phone
from server.certificates.errors import PinsDiffer, PinTooPlain
from server.certificates.unlock import check_form
from server.providers.keys import Keys

# So many digits of a phone, a birthday or an ID number in a row are told at a glance.
TELLING: Final = 6
# 111111, 121212 and 123123 say the same one, two or three digits again and again.
LONGEST_REFRAIN: Final = 3
_UP, _DOWN = "01234567890123456789", "98765432109876543210"


@dataclass(frozen=True)
class NewPin:
    """A PIN as it was typed, twice."""

    pin: str = field(repr=False)
    again: str = field(repr=False)

    def chosen(self, *personal: str) -> str:
        """The PIN; `personal`: the numbers that others know of its owner.

        Raises PinsDiffer, BadPin, PinTooPlain.
        """
        if not same(self.pin, self.again):
            raise PinsDiffer()
        check_form(self.pin)
        if _is_plain(self.pin) or any(_shared(self.pin, number) for number in personal):
            raise PinTooPlain()
        return self.pin


def known_numbers(keys: Keys, account: Account) -> tuple[str, ...]:
    """Phone and document number of a person; the birthday stands in the latter."""
    found = []
    if account.phone_sealed is not None:
        found.append(open_phone(keys, account.id, account.phone_sealed))
    if account.id_number_sealed is not None:
        found.append(open_number(keys, account.id, account.id_number_sealed))
    return tuple(found)


def same(one: str, other: str) -> bool:
    """Whether two PINs are the same, found out in the same time either way (S-46)."""
    return compare_digest(_octets(one), _octets(other))


def _is_plain(pin: str) -> bool:
    refrain = any(
        (pin[:length] * len(pin)).startswith(pin) for length in range(1, LONGEST_REFRAIN + 1)
    )
    return refrain or pin in _UP or pin in _DOWN


def _octets(pin: str) -> bytes:
    return pin.encode("utf-8", "surrogatepass")


def _shared(pin: str, number: str) -> bool:
    """Whether six digits in a row of the PIN stand in a number."""
    return any(pin[start : start + TELLING] in number for start in range(len(pin) - TELLING + 1))
