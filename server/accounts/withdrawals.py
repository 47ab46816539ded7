"""Taking a consent back, and what follows from it (PIPL 15); what was done under it stays done."""

from sqlalchemy import update

from server.accounts import consents
from server.accounts.consents import Agreement
from server.accounts.models import Account, FaceCheck, FaceState, Level
from server.core.db import UnitOfWork
from server.core.errors import NotFound

# The agreements themselves are ended by closing the account.
OPEN = (Agreement.FACE, Agreement.ID_NUMBER)


def withdraw(uow: UnitOfWork, account_id: str, kind: Agreement) -> None:
    """Raises NotFound for what is no consent of its own.

    FACE: checks that wait for a face end. ID_NUMBER: a name and a number that nobody has proved
    are deleted; what was proved stands in certificates, whose records the law has us keep.
    """
    if kind not in OPEN:
        raise NotFound()
    account = uow.locked(Account, account_id)
    consents.withdraw(uow, account_id, kind)
    begun = (FaceCheck.account_id == account_id, FaceCheck.state == FaceState.STARTED)
    uow.session.execute(update(FaceCheck).where(*begun).values(state=FaceState.FAILED))
    if kind == Agreement.ID_NUMBER and account.level == Level.DECLARED:
        account.name, account.document_type, account.level = "", "", Level.PHONE
        account.id_number_sealed = account.id_number_index = None
