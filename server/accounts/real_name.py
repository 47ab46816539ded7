"""A phone-only account gets a name and a document (P-37), declared by the bound phone's code.

A declared name is a claim. It is proved by a face: `registration.declare`, then a check for
`FacePurpose.REAL_NAME`.
"""

from server.accounts import fresh_proofs, registration
from server.accounts.codes import CodeProof
from server.accounts.fresh_proofs import REAL_NAME
from server.accounts.models import Account, AccountSession
from server.accounts.registration import SealedDocument
from server.core.db import UnitOfWork


def declare(
    uow: UnitOfWork, session: AccountSession, document: SealedDocument, proof: CodeProof
) -> Account:
    """Note name and document, as `registration.close_document` closed them for this account.

    The code is one of `fresh_proofs.ask_code` for `REAL_NAME`. A proven account keeps what was
    proved. Raises LoginNeeded, NotForCompanyLogin, WrongCode, CodeExpired.
    """
    account = fresh_proofs.spend(uow, session, proof, REAL_NAME)
    registration.declare(uow, account, document)
    return account
