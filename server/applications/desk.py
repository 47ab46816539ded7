"""What an application needs of the world outside, asked before its transaction begins."""

from collections.abc import Sequence
from dataclasses import dataclass

from server.accounts.models import Account
from server.applications import content, owners, parties, queries, wanted_seals
from server.applications.models import Application
from server.applications.parties import PartyForm, SealedParty
from server.applications.queries import Viewer
from server.applications.service import Checked
from server.core.db import Database
from server.enterprises.jobs import RegistryDesk
from server.providers.keys import Keys
from server.providers.registry import Registry
from server.seals.service import draw


@dataclass(frozen=True)
class ApplicationDesk:
    """Reads what was typed, asks the registry, and tries out whether the seals can be drawn."""

    db: Database
    keys: Keys
    registry: Registry

    def prepare_people(self, account_id: str, forms: Sequence[PartyForm]) -> list[SealedParty]:
        """Close the people who were typed. Raises what `parties.prepare` does."""
        with self.db.read() as uow:
            account = uow.session.get_one(Account, account_id)
        return [parties.prepare(self.keys, form, account) for form in forms]

    def check(self, application_id: str, viewer: Viewer) -> Checked:
        """Before submitting: is it whole, and can its seals be drawn? The registry is asked anew,
        and what it says is kept, so that `submit` holds the application against it.

        Raises ApplicationNotFound, ApplicationEnded, ApplicationMovedOn, ApplicationIncomplete,
        MissingGlyph and ImpressionTextInvalid of the drawing, RegistryUnavailable.
        """
        with self.db.read() as uow:
            row = queries.find(uow, application_id, viewer)
            row.require_editable()
            content.require_complete(uow, row)
            code = owners.unit(uow, row.owner_id)[1] if row.is_of_company else ""
        if code:
            RegistryDesk(self.db, self.keys, self.registry).ask_again(code)
        with self.db.read() as uow:
            row = uow.session.get_one(Application, row.id)
            digest, seals = content.digest(uow, row), wanted_seals.of(uow, row)
        for seal in seals:
            draw(seal)
        return Checked(row.id, digest)
