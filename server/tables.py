"""Every module that defines tables, so that migrations see them all."""

from server.accounts import models as accounts
from server.accounts import notice_models as notices
from server.applications import cancellation_models as cancellations
from server.applications import certification_models as certifications
from server.applications import models as applications
from server.certificates import models as certificates
from server.core import audit, idempotency, jobs, limits, outbox
from server.core.db import Base
from server.documents import models as documents
from server.enterprises import models as enterprises
from server.grants import models as grants
from server.intents import models as intents
from server.partner_logins import models as partner_logins
from server.partners import models as partners
from server.reviewers import models as reviewers
from server.seals import models as seals
from server.signing import models as signing
from server.signing.own import models as own_signings
from server.validation import models as validation

TABLES = (
    accounts,
    applications,
    audit,
    cancellations,
    certificates,
    certifications,
    documents,
    enterprises,
    grants,
    idempotency,
    intents,
    jobs,
    limits,
    notices,
    outbox,
    own_signings,
    partner_logins,
    partners,
    reviewers,
    seals,
    signing,
    validation,
)
METADATA = Base.metadata
