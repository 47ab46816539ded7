"""By what a person may prove that he wants his files sealed: the owner's method, and the PIN."""

from server.certificates import method_copies
from server.certificates.models import PersonalKey
from server.core.db import UnitOfWork
from server.intents.methods import method_of
from server.intents.models import VerificationMethod
from server.signing.own.rights import SealingRight


def methods_of(
    uow: UnitOfWork, account_id: str, right: SealingRight, *, by_method: bool
) -> list[VerificationMethod]:
    """Those that would open the owner's key now, the one to be offered first in front (F-23).

    The PIN, for whoever has a certificate, is always among them. Another method counts where the
    service keeps a copy for it, which the person's next PIN brings about.
    """
    found = list[VerificationMethod]()
    chosen = method_of(uow, right.kind, right.owner_id)
    kept = method_copies.find(uow, right.ring_id, account_id, right.grant_id)
    if by_method and kept is not None and chosen != VerificationMethod.PIN:
        found.append(chosen)
    if uow.session.get(PersonalKey, account_id) is not None:
        found.append(VerificationMethod.PIN)
    return found
