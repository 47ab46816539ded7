"""The report as a PDF, signed by the platform, so that who gets it can tell that it is ours."""

from dataclasses import dataclass
from typing import Final

from server.certificates.platform_key import NAME, platform_signer
from server.core.db import Database
from server.providers.ca import CertificateAuthority
from server.providers.keys import Keys
from server.providers.tsa import Tsa
from server.sealing.form_pdf import draw
from server.sealing.placement import Placement
from server.sealing.sandbox import Sandbox
from server.sealing.seal_pdf import Signing, seal
from server.sealing.stamp import SealingMeta, SealPicture, Stamp
from server.validation.report_form import form_of
from server.validation.service import Verified

REASON: Final = "验签报告"
# A signature without a picture: the platform vouches for its own words and has no seal.
UNSEEN: Final = Stamp(
    SealPicture("platform", b"", 0, 0), Placement("platform", 1, 0, 0), "Platform"
)


@dataclass(frozen=True)
class ReportPress:
    """Draws a report and has the platform sign it; outside any transaction."""

    db: Database
    keys: Keys
    ca: CertificateAuthority
    tsa: Tsa
    sandbox: Sandbox

    def pdf(self, verified: Verified) -> bytes:
        """Raises CaUnavailable, TsaUnavailable, KeysUnavailable, SandboxDown."""
        signer = platform_signer(self.db, self.keys, self.ca)
        meta = SealingMeta(
            signer_name=NAME, reason=REASON, location="广西", signing_time=self.db.clock.now()
        )
        signing = Signing(signer, self.tsa.stamp)
        drawn = draw(form_of(verified))
        return seal(drawn, [UNSEEN], meta, sandbox=self.sandbox, signing=signing)
