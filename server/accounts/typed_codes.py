"""Letters typed in place of a scan: each try is counted before it is looked up (RFC 8628 5.1)."""

from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address, ip_network

from qr_session import QrSessionService, Resolved
from qr_session.errors import Unavailable, UserCodeRefused
from qr_session.user_code import read
from server.core import audit
from server.core.db import Database
from server.core.ids import fingerprint
from server.core.limits import Locked, LockPolicy, forgive, give_back, take_attempts

OF_ACCOUNT = LockPolicy(tries=5, locks=(timedelta(minutes=15),))
# Many phones share the address of their network, and everybody shares the last count: a few hands
# that slip must not stop the others. With 1000 pages open at once, whose 1000 codes are good among
# 2.56e10, guessing at this pace takes three months to hit any of them.
OF_ADDRESS = LockPolicy(tries=20, locks=(timedelta(minutes=15),))
OF_ALL = LockPolicy(tries=1000, locks=(timedelta(minutes=5),))
ALL_KEY = "user_code:all"


class TooManyTypedCodes(Locked):
    """Too many wrong letters: by this person, from this address or by everybody together."""

    code = "slow_down"
    message = ("字母输错次数过多。", "Wrong letters were typed too often.")
    next_step = (
        "请稍后再试，或直接扫描网页上的二维码。",
        "Try again later, or scan the QR code on the page.",
    )


@dataclass(frozen=True)
class Typist:
    """Who typed: the account, the `holder` that the ticket will be bound to, the address."""

    account_id: str
    holder: str
    address: str


def resolve(db: Database, qr: QrSessionService, typed: str, by: Typist) -> Resolved:
    """`QrSessionService.resolve_user_code`, with tries for each account, each address and in all.

    What cannot be a code costs no try. A right code gives its own try back to the address, where
    somebody with a page of his own could otherwise buy any number of guesses. Raises
    UserCodeRefused, TooManyTypedCodes.
    """
    letters = read(typed)
    mine = {account_key(by.account_id): OF_ACCOUNT}
    shared = {address_key(by.address): OF_ADDRESS, ALL_KEY: OF_ALL}
    _count(db, mine | shared)
    try:
        resolved = qr.resolve_user_code(letters, holder=by.holder)
    except UserCodeRefused:
        with db.begin() as uow:
            audit.record(uow, "qr.letters_refused", actor=by.account_id, subject=by.account_id)
        raise
    except Unavailable:
        give_back(db, mine | shared)
        raise
    forgive(db, account_key(by.account_id))
    give_back(db, shared)
    return resolved


def account_key(account_id: str) -> str:
    """Under which a person's wrong letters are counted."""
    return f"user_code:account:{account_id}"


def address_key(address: str) -> str:
    """Under which wrong letters from one address are counted; of IPv6 it is the network."""
    try:
        if ip_address(address).version == 6:
            address = str(ip_network(f"{address}/64", strict=False))
    except ValueError:
        address = "unknown"
    return f"user_code:address:{fingerprint(address)}"


def _count(db: Database, policies: dict[str, LockPolicy]) -> None:
    try:
        take_attempts(db, policies)
    except Locked as locked:
        raise TooManyTypedCodes(**locked.details) from None
