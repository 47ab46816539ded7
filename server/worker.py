"""The composition root of the worker process: it runs jobs, and tells the pages over the bus."""

import logging
import signal
import threading
import time

from server.accounts import codes, faces, notices, subscriptions, texts
from server.accounts.jobs import PUSHED, MessageSender, PushWorker
from server.accounts.news import News
from server.accounts.news_carrier import MessageForm, NewsCarrier
from server.accounts.text_sending import TextSender
from server.applications import cancelling, materials
from server.applications import service as applications
from server.applications.certification_jobs import Certifier
from server.applications.certification_models import ApplicationForm, Certification
from server.applications.certification_steps import SEAL_FORM
from server.applications.form_sealing import FormSealer, Vouchers
from server.applications.issuing import Issuer, Outside
from server.applications.jobs import expire
from server.applications.models import Material
from server.assembly import assemble
from server.certificates import method_copies
from server.certificates import reminders as certificates
from server.certificates.jobs import REVOKE, Revoker
from server.certificates.personal_certificate import DOWNLOADED
from server.certificates.rekeying import REMAKE
from server.certificates.service import wipe_ended_releases
from server.core import logs
from server.core.clock import Clock, SteadyClock
from server.core.jobs import Handler, Runner
from server.documents.jobs import Inspector
from server.documents.service import INSPECT
from server.documents.sweep import sweep_orphans
from server.enterprises import service as enterprises
from server.enterprises.jobs import (
    FOLLOW,
    LOOK_UP,
    CompanyFinder,
    RegistryDesk,
    RegistryFollower,
    follow_registry,
)
from server.grants import reminders as grants
from server.grants.jobs import CertificateFollower
from server.intents import service as intents
from server.partner_logins import service as partner_logins
from server.reviewers import service as reviewers
from server.runtime import Runtime
from server.sealing import impression
from server.seals import lifecycle, reminders, renewing
from server.seals.jobs import SealChanger
from server.seals.registry_news import NewsOfCompanies
from server.seals.rekeying import RingReplacer
from server.settings import Settings
from server.signing.ending import OpenSigningsEnder
from server.signing.jobs import Sealer
from server.signing.own import service as own_signings
from server.signing.sealing import SEAL_DOCUMENT
from server.validation import service as verifications

log = logging.getLogger(__name__)
# What names blobs besides documents.
BLOB_NAMES = (Material.digest, ApplicationForm.digest, Certification.signature_digest)
SWEEP_SECONDS = 60.0
SWEEPS_PER_HOUR = 60
CLOCK_OFF_SECONDS = 5.0


def handlers(parts: Runtime) -> dict[str, Handler]:
    """Every kind of job and what runs it."""
    registry = RegistryDesk(parts.db, parts.providers.keys, parts.providers.registry)
    return {
        INSPECT: Inspector(parts.db, parts.providers.storage, parts.sandbox, parts.known),
        SEAL_DOCUMENT: sealer(parts),
        subscriptions.SEND: MessageSender(parts.db, parts.providers.keys, parts.providers.wechat),
        PUSHED: PushWorker(parts.db),
        notices.CARRY: NewsCarrier(parts.db, message_forms(parts.settings)),
        notices.TELL: notices.Teller(parts.db),
        texts.SEND: TextSender(
            parts.db, parts.providers.keys, parts.providers.sms, parts.settings.public_url
        ),
        LOOK_UP: CompanyFinder(registry),
        FOLLOW: RegistryFollower(registry),
        applications.CERTIFY: Certifier(parts.certification_desk),
        applications.ISSUE: issuer(parts),
        SEAL_FORM: form_sealer(parts),
        **_of_seals(parts),
        **_of_certificates(parts),
    }


def _of_seals(parts: Runtime) -> dict[str, Handler]:
    outside = parts.providers
    return {
        lifecycle.STOPPED: OpenSigningsEnder(parts.db, sealer(parts)),
        enterprises.NEWS: NewsOfCompanies(parts.db, outside.keys),
        renewing.CHANGE: SealChanger(parts.db, outside.ca, outside.seal_maker),
    }


def message_forms(settings: Settings) -> dict[News, MessageForm]:
    """What WeChat brings of the news; ValueError for a kind that there is none of."""
    found = settings.wechat_news.items()
    return {News(news): MessageForm(form.template, form.fields) for news, form in found}


def _of_certificates(parts: Runtime) -> dict[str, Handler]:
    outside = parts.providers
    return {
        REVOKE: Revoker(outside.ca),
        DOWNLOADED: CertificateFollower(parts.db, outside.keys),
        REMAKE: RingReplacer(parts.db, outside.keys, outside.ca, outside.seal_maker),
    }


def issuer(parts: Runtime) -> Issuer:
    """What makes the seals that were applied for."""
    others = parts.providers
    outside = Outside(others.ca, others.seal_maker, others.seal_numbers)
    return Issuer(parts.db, others.keys, outside, parts.settings.keys_by_method)


def form_sealer(parts: Runtime) -> FormSealer:
    """What signs, for the platform, the forms that everybody has certified."""
    others = parts.providers
    outside = Vouchers(others.ca, others.tsa)
    return FormSealer(parts.db, others.keys, others.storage, parts.sandbox, outside)


def sealer(parts: Runtime) -> Sealer:
    """What seals, and settles what nobody can seal any more."""
    outside = parts.providers
    return Sealer(
        parts.db,
        outside.storage,
        outside.keys,
        parts.sandbox,
        outside.tsa,
        parts.qr_sessions,
        parts.settings.seals_attribute,
        parts.settings.one_signature_per_page,
        parts.known,
        outside.ca,
    )


def sweep(parts: Runtime) -> None:
    """Forget released keys, reservations, QR sessions and applications whose time is over."""
    with parts.db.begin() as uow:
        wipe_ended_releases(uow)
        expire(uow)
        verifications.sweep(uow)
    sealer(parts).reap()
    parts.qr_sessions.sweep()


def watch_clock(clock: Clock) -> None:
    """Raise the alarm when the machine's clock has left ours, which deadlines are counted by."""
    if isinstance(clock, SteadyClock):
        ahead = clock.machine_is_ahead.total_seconds()
        if abs(ahead) > CLOCK_OFF_SECONDS:
            log.error("machine_clock_off", extra={"seconds_ahead": round(ahead, 1)})


def sweep_hourly(parts: Runtime) -> None:
    """Ask for the registry's news; delete what nothing names, repeats or counts any more."""
    with parts.db.begin() as uow:
        follow_registry(uow)
        reminders.remind(uow)
        grants.remind(uow)
        certificates.remind(uow)
        subscriptions.sweep(uow)
        notices.sweep(uow)
        texts.sweep(uow)
        codes.sweep(uow)
        faces.sweep(uow)
        materials.sweep(uow)
        cancelling.sweep(uow)
        intents.sweep(uow)
        reviewers.sweep(uow)
        partner_logins.sweep(uow)
        own_signings.sweep(uow)
        if not parts.settings.keys_by_method:
            method_copies.withdraw_all(uow)
    count = sweep_orphans(parts.db, parts.providers.storage, also=BLOB_NAMES)
    if count:
        log.info("orphans_deleted", extra={"count": count})


def main() -> None:
    """Run until SIGTERM or SIGINT; the job in hand is finished first."""
    settings = Settings.from_env()
    logs.configure(settings.log_format)
    parts = assemble(settings)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    parts.sandbox.warm()
    impression.warm()
    runner = Runner(parts.db, handlers(parts))
    sweeper = threading.Thread(target=_sweep_until, args=(parts, stop), daemon=True)
    sweeper.start()
    log.info("worker_ready")
    runner.run_until(stop)
    parts.sandbox.close()


def _sweep_until(parts: Runtime, stop: threading.Event) -> None:
    sweeps = 0
    while not stop.wait(SWEEP_SECONDS):
        started = time.monotonic()
        watch_clock(parts.clock)
        try:
            sweep(parts)
            if sweeps % SWEEPS_PER_HOUR == 0:
                sweep_hourly(parts)
            sweeps += 1
        except Exception:
            log.exception("sweep_failed")
        log.debug("swept", extra={"seconds": time.monotonic() - started})


if __name__ == "__main__":
    main()
