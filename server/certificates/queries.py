"""Finding a person's own certificate."""

from dataclasses import dataclass

from server.certificates.models import Certificate, PersonalKey
from server.certificates.unlock import locked_seconds
from server.core.db import UnitOfWork


@dataclass(frozen=True)
class Held:
    """A person's present certificate; `locked_for` seconds his PIN is not taken."""

    certificate: Certificate
    locked_for: int


def held_by(uow: UnitOfWork, account_id: str) -> Held | None:
    """The certificate that carries this person's wrapping key, if he has downloaded one."""
    key = uow.session.get(PersonalKey, account_id)
    if key is None:
        return None
    certificate = uow.session.get_one(Certificate, key.certificate_id)
    return Held(certificate, locked_seconds(uow, account_id))
