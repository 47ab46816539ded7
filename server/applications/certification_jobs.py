"""Background work of certifications: the first link, once review has passed."""

from dataclasses import dataclass

from server.applications.certification_desk import CertificationDesk
from server.core.jobs import Claim


@dataclass(frozen=True)
class Certifier:
    """Draws the form and sends the first link; a repetition changes nothing."""

    desk: CertificationDesk

    def __call__(self, job: Claim) -> None:
        self.desk.begin(job.payload["application_id"])
