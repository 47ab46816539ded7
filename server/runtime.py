"""Everything that a request or a job works with, handed in once by a composition root."""

from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import timedelta

from qr_session import Bus, QrSessionService
from server.accounts.codes import CodeDesk
from server.accounts.faces import FaceDesk
from server.accounts.qr_login import LoginDesk
from server.accounts.wechat_login import WeChatDesk
from server.applications.certification_desk import CertificationDesk
from server.applications.desk import ApplicationDesk
from server.applications.materials import MaterialDesk
from server.applications.service import Terms
from server.certificates.personal_certificate import CertificateDesk
from server.core.aside import Aside, in_a_thread
from server.core.clock import Clock
from server.core.db import Database
from server.documents.preview import Previews
from server.intents.service import IntentDesk
from server.partner_logins.exchange import ExchangeDesk
from server.providers.alipay import Alipay
from server.providers.ca import CertificateAuthority
from server.providers.face import Face
from server.providers.keys import Keys
from server.providers.registry import Registry
from server.providers.seal_maker import SealMaker
from server.providers.seal_numbers import SealNumbers
from server.providers.sms import Sms
from server.providers.sso import Sso
from server.providers.storage import Storage
from server.providers.tsa import Tsa
from server.providers.wechat import WeChat
from server.providers.wechat.push import PushReader
from server.sealing.known_documents import KnownDocuments
from server.sealing.sandbox import Sandbox
from server.settings import Settings
from server.signing import page_grants
from server.signing.confirming import PhoneDesk
from server.signing.own.submitting import SubmitDesk
from server.signing.page_grants import GrantTerms
from server.validation.sealed_report import ReportPress
from server.validation.service import VerificationDesk
from server.validation.trust import Witnesses


@dataclass(frozen=True)
class Providers:
    """The outside world."""

    sms: Sms
    face: Face
    registry: Registry
    ca: CertificateAuthority
    seal_maker: SealMaker
    seal_numbers: SealNumbers
    tsa: Tsa
    storage: Storage
    keys: Keys
    wechat: WeChat
    alipay: Alipay
    sso: Sso


@dataclass(frozen=True)
class Runtime:
    """The settings and the live parts of one process.

    `verifying` opens what anybody may hand in, apart from `sandbox`, so that a flood of it keeps
    nobody from signing.
    """

    settings: Settings
    clock: Clock
    db: Database
    bus: Bus
    qr_sessions: QrSessionService
    providers: Providers
    sandbox: Sandbox
    verifying: Sandbox
    wechat_pushes: PushReader | None = None
    aside: Aside = in_a_thread
    known: KnownDocuments = field(default_factory=KnownDocuments)

    @property
    def phone_desk(self) -> PhoneDesk:
        """What serves a phone's confirmation."""
        terms = GrantTerms(
            timedelta(minutes=self.settings.grant_minutes),
            timedelta(minutes=self.settings.grant_idle_minutes),
        )
        return PhoneDesk(self.db, self.providers.keys, self.qr_sessions, terms)

    @property
    def login_desk(self) -> LoginDesk:
        """What serves a phone that lets a computer in."""
        return LoginDesk(self.db, self.qr_sessions)

    @property
    def login_exchange(self) -> ExchangeDesk:
        """What gives partners the logins that they have codes for."""
        return ExchangeDesk(self.db, self.providers.keys, self.qr_sessions)

    @property
    def code_desk(self) -> CodeDesk:
        """What sends codes by SMS and takes them back."""
        outside = self.providers
        return CodeDesk(self.db, outside.keys, outside.sms, aside=self.aside)

    @property
    def wechat_desk(self) -> WeChatDesk:
        """What serves a phone in the mini-program."""
        outside = self.providers
        return WeChatDesk(self.db, outside.keys, outside.wechat, self.settings.wechat_appid)

    @property
    def face_desk(self) -> FaceDesk:
        """What begins face checks and takes their outcome."""
        return FaceDesk(self.db, self.providers.keys, self.providers.face)

    @property
    def intent_desk(self) -> IntentDesk:
        """What begins and takes proofs of intent."""
        return IntentDesk(self.db, self.providers.keys, self.code_desk, self.face_desk)

    @property
    def application_desk(self) -> ApplicationDesk:
        """What an application needs of the world outside."""
        outside = self.providers
        return ApplicationDesk(self.db, outside.keys, outside.registry)

    @property
    def application_terms(self) -> Terms:
        """Whether applications are reviewed by hand, and how long their links live."""
        days = timedelta(days=self.settings.application_link_days)
        return Terms(review_by_hand=self.settings.review == "manual", link_life=days)

    @property
    def material_desk(self) -> MaterialDesk:
        """What takes in pictures, and gives them out again."""
        return MaterialDesk(self.providers.storage, self.providers.keys, self.sandbox)

    @property
    def certification_desk(self) -> CertificationDesk:
        """What draws the forms of applications, and serves the links by which people sign them."""
        return CertificationDesk(
            self.db,
            self.providers.keys,
            self.providers.storage,
            self.face_desk,
            self.sandbox,
            self.settings.public_url,
            timedelta(days=self.settings.application_link_days),
        )

    @property
    def certificate_desk(self) -> CertificateDesk:
        """What serves a person with his certificate and signing PIN."""
        outside = self.providers
        return CertificateDesk(self.db, outside.keys, outside.ca, page_grants.end_all_of)

    @property
    def submit_desk(self) -> SubmitDesk:
        """What takes the files that people sign by themselves."""
        return SubmitDesk(self.db, self.providers.keys)

    @property
    def verification_desk(self) -> VerificationDesk:
        """What verifies files for anybody who asks."""
        outside, settings = self.providers, self.settings
        witnesses = Witnesses(outside.ca, outside.seal_maker, outside.tsa)
        attribute, largest = settings.seals_attribute, settings.largest_pdf
        return VerificationDesk(self.db, self.verifying, witnesses, attribute, largest)

    @property
    def report_press(self) -> ReportPress:
        """What makes the PDF of a verification's report."""
        outside = self.providers
        return ReportPress(self.db, outside.keys, outside.ca, outside.tsa, self.verifying)

    @property
    def previews(self) -> Previews:
        """Pictures of pages, made in the child and kept."""
        folder = self.settings.data_dir / "previews"
        return Previews(self.providers.storage, self.sandbox, folder)


_current: ContextVar[Runtime] = ContextVar("runtime")


def set_runtime(value: Runtime) -> None:
    """Called by the composition roots: once for each request and each job."""
    _current.set(value)


def runtime() -> Runtime:
    """The parts of the present request or job."""
    return _current.get()
