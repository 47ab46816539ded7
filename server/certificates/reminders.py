"""Reminders before a personal certificate ends: 30, 10, 3 and 1 days before, each once (P-36).

The certificates of seals need none of their own: they are renewed with their seals.
"""

from datetime import timedelta
from typing import Final

from sqlalchemy import select

from server.accounts.news import News
from server.accounts.notices import About, tell
from server.certificates.models import Certificate, CertificateStatus, PersonalKey
from server.core.clock import CHINA
from server.core.db import UnitOfWork

DAYS: Final = (30, 10, 3, 1)


def remind(uow: UnitOfWork) -> None:
    """Tell whose certificates end soon; the worker does so every hour.

    After a standstill the nearest of the missed reminders is given alone.
    """
    soon = (
        Certificate.not_after > uow.now,
        Certificate.not_after <= uow.now + timedelta(days=max(DAYS)),
        Certificate.status == CertificateStatus.ACTIVE,
    )
    held = (
        select(PersonalKey.account_id, Certificate)
        .join(Certificate, Certificate.id == PersonalKey.certificate_id)
        .where(*soon)
        .order_by(PersonalKey.account_id)
    )
    for account_id, certificate in uow.session.execute(held).all():
        left = certificate.not_after - uow.now
        days = min(one for one in DAYS if left <= timedelta(days=one))
        about: About = {
            "subject": certificate.id,
            "words": {"day": f"{certificate.not_after.astimezone(CHINA):%Y-%m-%d}"},
            "once": f"certificate {certificate.id} ends {days}",
        }
        tell(uow, account_id, News.CERTIFICATE_ENDS, **about)
