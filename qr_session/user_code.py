"""The letters that are typed where no camera is: made, read, kept as a keyed digest; pure.

Eight of twenty letters, no vowel and none that looks like another (RFC 8628 6.1): 2.56 × 10^10. The
digests are made in advance for every generation of frames that a session may reach, so that a new
generation has new letters although nothing but its number is written.
"""

import unicodedata
from typing import Final

from qr_session.errors import UserCodeRefused
from qr_session.keys import b64url, expand

ALPHABET: Final = "BCDFGHJKLMNPQRSTVWXZ"
_LENGTH: Final = 8


def shown(root_key: bytes, session_id: str, generation: int) -> str:
    """The letters of one generation as the page shows them: `WDJB-MJHT`."""
    drawn = int.from_bytes(expand(root_key, f"user code|{session_id}|{generation}".encode()))
    letters = ""
    for _ in range(_LENGTH):
        drawn, place = divmod(drawn, len(ALPHABET))
        letters += ALPHABET[place]
    return f"{letters[:4]}-{letters[4:]}"


def read(typed: str) -> str:
    """The eight letters in what was typed: in either case, with any dashes and spaces, full width.

    Raises UserCodeRefused for what cannot be a code.
    """
    plain = unicodedata.normalize("NFKC", typed).upper()
    letters = "".join(letter for letter in plain if letter.isalnum())
    if len(letters) != _LENGTH or not set(letters) <= set(ALPHABET):
        raise UserCodeRefused
    return letters


def digest(root_key: bytes, typed: str) -> str:
    """What is kept of a code: so few letters need a key to be safe at rest (22 characters)."""
    return b64url(expand(root_key, f"user code digest|{read(typed)}".encode())[:16])


def digests(root_key: bytes, session_id: str, generations: int) -> tuple[str, ...]:
    """The digests of the codes of the first `generations`, in their order."""
    codes = (shown(root_key, session_id, number) for number in range(generations))
    return tuple(digest(root_key, code) for code in codes)
