"""The person whom a partner names in advance: kept as a keyed digest, compared when a phone scans.

Nothing here asks whether there is such an account: a partner must not learn who is registered.
"""

import re
import unicodedata
from typing import Final

from server.accounts.errors import BadIdNumber
from server.accounts.models import Account
from server.accounts.service import read_phone
from server.core.ids import fingerprint
from server.providers.keys import Keys

_ID_NUMBER: Final = re.compile(r"\d{17}[\dX]", re.ASCII)
_CHECK_LETTERS: Final = "10X98765432"
_DOTS: Final = str.maketrans(dict.fromkeys("•‧∙・．.", "·"))


def by_phone(keys: Keys, partner_id: str, phone: str) -> str:
    """What a partner's tasks call whoever has this phone; raises BadPhone."""
    return _digest(keys, partner_id, f"phone {read_phone(phone)}")


def by_id_number(keys: Keys, partner_id: str, id_number: str, name: str) -> str:
    """What they call whoever has this resident's number and this name; raises BadIdNumber."""
    return _digest(keys, partner_id, f"person {read_id_number(id_number)} {_plain(name)}")


def names_of(keys: Keys, partner_id: str, account: Account) -> frozenset[str]:
    """Everything that the partner's tasks may call this person.

    A resident's number counts once it was proved to be his.
    """
    known = [f"phone {keys.unwrap('phone', account.id, account.phone_sealed).decode()}"]
    if account.real_name and account.id_number_sealed is not None:
        number = keys.unwrap("id_number", account.id, account.id_number_sealed).decode()
        known.append(f"person {number} {_plain(account.name)}")
    return frozenset(_digest(keys, partner_id, text) for text in known)


def read_id_number(text: str) -> str:
    """18 characters with the right last one (GB 11643-1999 6.1, ISO 7064 MOD 11-2)."""
    number = "".join(text.split()).upper()
    if not _ID_NUMBER.fullmatch(number):
        raise BadIdNumber()
    total = sum(int(digit) * 2 ** (17 - place) for place, digit in enumerate(number[:17]))
    if number[17] != _CHECK_LETTERS[total % 11]:
        raise BadIdNumber()
    return number


def _digest(keys: Keys, partner_id: str, text: str) -> str:
    # Each partner has a budget of calls of its own at the key holder: the one of logins is not for
    # partners to use up.
    bucket = f"{partner_id} {fingerprint(text)[:4]}"
    return keys.hmac("named_signer", bucket, text.encode()).hex()


def _plain(name: str) -> str:
    """A name without what people write differently: spaces, width, the dot in 阿不都·热合曼."""
    return "".join(unicodedata.normalize("NFKC", name).translate(_DOTS).split())
