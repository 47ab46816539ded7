"""Login passwords: what is accepted, how they are kept, and how a guess is compared.

The login password is one of three secrets (Settled 5): it opens no key and seals nothing.
"""

import os
from functools import cache
from typing import Final

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from server.accounts.errors import WeakPassword
from server.core.offload import heavy

# RFC 9106 weighs memory against passes; 19 MiB and two are held to be enough, and a flood of
# logins has to fit into a small machine.
MEMORY_KIB: Final = 19 * 1024
PASSES: Final = 2
SHORTEST, LONGEST = 8, 64
_LEAST_KINDS: Final = 2


def check_strength(password: str, *personal: str) -> None:
    """Raise WeakPassword unless it has 8 to 64 characters of two kinds and no fact in it.

    `personal`: the phone, the code, the number that the owner is known by.
    """
    kinds = (
        any(c.isdigit() for c in password)
        + any(c.isalpha() for c in password)
        + any(not c.isalnum() for c in password)
    )
    told = any(fact and fact.lower() in password.lower() for fact in personal)
    if not SHORTEST <= len(password) <= LONGEST or kinds < _LEAST_KINDS or told:
        raise WeakPassword()


def digest(password: str) -> str:
    """The PHC string of Argon2id with a salt of its own, to be kept."""
    kdf = Argon2id(
        salt=os.urandom(16), length=32, iterations=PASSES, lanes=1, memory_cost=MEMORY_KIB
    )
    return heavy.do(kdf.derive_phc_encoded, _octets(password))


def matches(password: str, kept: str) -> bool:
    """Whether `kept` was made from this password; takes as long when nothing is kept (S-24)."""
    return heavy.do(_made_of, _octets(password), kept or _of_nobody()) and bool(kept)


def _made_of(octets: bytes, kept: str) -> bool:
    # It must not raise: the thread that does the work would print each wrong password's trace.
    try:
        Argon2id.verify_phc_encoded(octets, kept)
    except InvalidKey:
        return False
    return True


def _octets(password: str) -> bytes:
    # JSON can bring half a surrogate pair: a wrong password like any other, not a failure of ours.
    return password.encode("utf-8", "surrogatepass")


@cache
def _of_nobody() -> str:
    return digest(os.urandom(16).hex())
