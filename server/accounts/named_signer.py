"""The person whom a partner names in advance: kept as a keyed digest, compared when a phone scans.

Nothing here asks whether there is such an account: a partner must not learn who is registered.
"""

import unicodedata
from typing import Final

from server.accounts.id_documents import open_number, read_document
from server.accounts.models import Account
from server.accounts.names import RESIDENT
from server.accounts.phones import open_phone, read_phone
from server.core.ids import fingerprint
from server.providers.keys import Keys

_DOTS: Final = str.maketrans(dict.fromkeys("•‧∙・．.", "·"))


def by_phone(keys: Keys, partner_id: str, phone: str) -> str:
    """What a partner's tasks call whoever has this phone; raises BadPhone."""
    return _digest(keys, partner_id, f"phone {read_phone(phone)}")


def by_id_number(keys: Keys, partner_id: str, id_number: str, name: str) -> str:
    """What they call whoever has this resident's number and this name; raises BadIdNumber."""
    return _digest(
        keys, partner_id, f"person {read_document(RESIDENT, id_number).number} {_plain(name)}"
    )


def names_of(keys: Keys, partner_id: str, account: Account) -> frozenset[str]:
    """Everything that the partner's tasks may call this person.

    A resident's number counts once it was proved to be his.
    """
    known = []
    if account.phone_sealed is not None:
        known.append(f"phone {open_phone(keys, account.id, account.phone_sealed)}")
    if account.proven and account.id_number_sealed is not None:
        number = open_number(keys, account.id, account.id_number_sealed)
        known.append(f"person {number} {_plain(account.name)}")
    return frozenset(_digest(keys, partner_id, text) for text in known)


def _digest(keys: Keys, partner_id: str, text: str) -> str:
    # Each partner has a budget of calls of its own at the key holder: the one of logins is not for
    # partners to use up.
    bucket = f"{partner_id} {fingerprint(text)[:4]}"
    return keys.hmac("named_signer", bucket, text.encode()).hex()


def _plain(name: str) -> str:
    """A name without what people write differently: spaces, width, the dot in 阿不都·热合曼."""
    return "".join(unicodedata.normalize("NFKC", name).translate(_DOTS).split())
