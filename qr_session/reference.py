"""The reference code: two digits on the page, picked on the phone among three."""

from itertools import permutations

from qr_session.keys import expand
from qr_session.session import QrSession

_ORDERS = tuple(permutations(range(3)))
_LOWEST, _COUNT = 10, 90


def choices(root_key: bytes, session: QrSession) -> tuple[str, list[str]]:
    """The right code and the three choices in their order, fixed for each phone that scans.

    Nothing is stored: they follow from the master key, the session and its generation.
    """
    drawn = expand(root_key, f"reference|{session.id}|{session.generation}".encode())
    numbers: list[int] = []
    for at in range(0, 30, 2):
        number = _LOWEST + int.from_bytes(drawn[at : at + 2]) % _COUNT
        if number not in numbers:
            numbers.append(number)
    three = [str(number) for number in numbers[:3]]
    order = _ORDERS[drawn[31] % len(_ORDERS)]
    return three[0], [three[place] for place in order]
