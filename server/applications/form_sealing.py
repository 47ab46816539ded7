"""The certified form is sealed by the platform itself, once everybody has signed (B4.1, B5.1).

The owner's new keys could not do it: they open by his PIN only. The seals do not wait for it.
"""

import hashlib
from dataclasses import dataclass
from typing import Final

from server.applications import certification
from server.applications.certification_models import ApplicationForm, Certification
from server.applications.closed_blobs import ClosedBlob, get, put
from server.certificates.platform_key import NAME, platform_signer
from server.core import audit
from server.core.db import Database, UnitOfWork
from server.core.jobs import Claim
from server.providers.ca import CertificateAuthority
from server.providers.keys import Keys
from server.providers.storage import Storage
from server.providers.tsa import Tsa
from server.sealing.placement import Placement
from server.sealing.sandbox import Sandbox
from server.sealing.seal_pdf import Signing, seal
from server.sealing.stamp import SealingMeta, SealPicture, Stamp

REASON: Final = "申请人已完成认证"
# A signature without a picture: the form belongs to those who signed it by hand.
UNSEEN: Final = Stamp(
    SealPicture("platform", b"", 0, 0), Placement("platform", 1, 0, 0), "Platform"
)


@dataclass(frozen=True)
class Vouchers:
    """Those who have a part in a signature of the platform."""

    ca: CertificateAuthority
    tsa: Tsa


@dataclass(frozen=True)
class FormSealer:
    """The handler of `applications.seal_form`; twice, or by two at once, changes nothing."""

    db: Database
    keys: Keys
    storage: Storage
    sandbox: Sandbox
    outside: Vouchers

    def __call__(self, job: Claim) -> None:
        """Raises CaUnavailable, TsaUnavailable, KeysUnavailable, StorageUnavailable, SandboxDown:
        the form stays as it is, closed, and is tried again.
        """
        job.require_tries_left()
        application_id = job.payload["application_id"]
        with self.db.read() as uow:
            form = certification.last_form(uow, application_id)
        if form.sealed:
            return
        blob = ClosedBlob(form.digest, form.key_closed)
        sealed = self._sealed(get(self.storage, self.keys, application_id, blob))
        kept = put(self.storage, self.keys, application_id, sealed)
        with self.db.begin() as uow:
            _keep(uow, form.id, kept, hashlib.sha256(sealed).hexdigest())

    def _sealed(self, pdf: bytes) -> bytes:
        signer = platform_signer(self.db, self.keys, self.outside.ca)
        meta = SealingMeta(
            signer_name=NAME, reason=REASON, location="广西", signing_time=self.db.clock.now()
        )
        signing = Signing(signer, self.outside.tsa.stamp)
        return seal(pdf, [UNSEEN], meta, sandbox=self.sandbox, signing=signing)


def _keep(uow: UnitOfWork, form_id: str, blob: ClosedBlob, sha256: str) -> None:
    """The sealed form in the place of the one before; what hands have written is forgotten.

    The blobs that nothing names any more are swept.
    """
    form = uow.locked(ApplicationForm, form_id)
    if form.sealed:
        return
    told = {"form": form.sha256, "sealed": sha256}
    form.seal(blob.digest, blob.key_closed, sha256)
    for row in certification.of(uow, form.application_id):
        uow.locked(Certification, row.id).forget_signature()
    audit.record(
        uow, "application.form_sealed", actor="system", subject=form.application_id, **told
    )
