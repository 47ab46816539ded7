"""The platform's own signing key (P-256), for what it vouches for itself.

Its request to the authority stays open for as long as the certificate is used, so that the private
key lies sealed under the service's key, and the same certificate comes back however often it is
asked for. When it nears its end, the next number takes its place and the old key is wiped.
"""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select

from server.certificates.models import KeyRequest, OwnerKind
from server.certificates.requests import close_request, fulfil_document, open_document_request
from server.certificates.service import Owner
from server.certificates.signers import SoftwareSigner
from server.core.db import Database, UnitOfWork
from server.pki.authority import Period, Subject
from server.providers.ca import CertificateAuthority
from server.providers.keys import Keys

NAME: Final = "广西统一电子印章管理平台"
LIFE: Final = timedelta(days=3 * 365)
# So long before its end a certificate is not begun to be used any more.
SPARE: Final = timedelta(days=1)
# Not an organization: the platform has no credit code of its own, and its certificate claims none.
OWNER: Final = Owner(
    OwnerKind.ACCOUNT, "platform", Subject(NAME, "platform-forms", organization=False)
)


def platform_signer(db: Database, keys: Keys, ca: CertificateAuthority) -> SoftwareSigner:
    """The platform's key with its certificate; made when there is none that lasts.

    Asks the authority, so outside any transaction. CaUnavailable, KeysUnavailable, PeriodRefused.
    """
    with db.begin() as uow:
        request_id = _request(uow, keys)
    issued = fulfil_document(db, keys, ca, request_id)
    return SoftwareSigner.of(issued.private, issued.answer.certificate, issued.chain)


def _request(uow: UnitOfWork, keys: Keys) -> str:
    uow.queue_up("the platform's key")
    mine = select(KeyRequest).where(KeyRequest.owner_id == OWNER.id)
    rows = uow.session.scalars(mine.order_by(KeyRequest.not_after)).all()
    last = rows[-1] if rows else None
    if last is not None and _lasts(last, uow.now):
        return last.id
    if last is not None:
        close_request(uow, last.id)
    starts = uow.now.replace(microsecond=0)
    request_id, period = f"platform-forms-{len(rows) + 1}", Period(starts, starts + LIFE)
    open_document_request(uow, keys, request_id=request_id, owner=OWNER, period=period)
    return request_id


def _lasts(request: KeyRequest, now: datetime) -> bool:
    return request.closed_at is None and now < request.not_after - SPARE
