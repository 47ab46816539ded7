"""The seals that whoever is logged in may see."""

from server.core.db import UnitOfWork
from server.grants.rights import Right
from server.seals.errors import SealNotFound
from server.seals.models import Seal
from server.web.admission import require_may_act_for
from server.web.identity import Person
from server.web.pages.roles import rights_within


def visible_seal(uow: UnitOfWork, person: Person, seal_id: str) -> tuple[Seal, Right]:
    """The seal, and by which right it is seen. Raises SealNotFound; FaceGate before the face."""
    for right in rights_within(uow, person):
        for found in right.seals:
            if found.id == seal_id:
                require_may_act_for(person, right.enterprise.id)
                return found, right
    raise SealNotFound()
