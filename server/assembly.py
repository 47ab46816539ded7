"""Putting one process together: settings in, live parts out. Web and worker share it."""

from pathlib import Path

from qr_session import Bus, MemoryStore, QrSessionService, SQLiteStore, Store, UnixDatagramBus
from qr_session.redis_bus import RedisBus
from qr_session.redis_link import connect
from qr_session.redis_store import RedisStore
from server.core.clock import Clock, SteadyClock
from server.core.db import Database
from server.pki.authority import Addresses
from server.pki.subject_keys import Algorithm
from server.providers.alipay import Alipay, AlipayUnavailable, NoAlipay
from server.providers.alipay.openapi import AlipayApp, OpenApiAlipay
from server.providers.alipay.rsa2 import private_key, public_key
from server.providers.ca.embedded import EmbeddedCa
from server.providers.face import Face, FaceUnavailable
from server.providers.face.chosen import ChosenFace
from server.providers.face.local import LocalFace
from server.providers.face.tencent import TencentFace, TencentRule
from server.providers.face.wechat import MiniProgramFace
from server.providers.guard import guarded
from server.providers.keys.local import LocalKeys
from server.providers.registry import RegistryUnavailable
from server.providers.registry.demo_companies import DEMO_COMPANIES
from server.providers.registry.local import LocalRegistry
from server.providers.seal_maker.local import LocalSealMaker
from server.providers.seal_numbers.local import LocalSealNumbers
from server.providers.sms import Sms, SmsUnavailable
from server.providers.sms.console import ConsoleSms
from server.providers.sms.tencent import TencentSms, TencentTexts
from server.providers.sso import NoSso, Sso, SsoUnavailable
from server.providers.sso.oidc import OidcClient, OidcSso
from server.providers.storage.local import LocalStorage
from server.providers.tencent import TencentAccount
from server.providers.tsa.embedded import EmbeddedTsa
from server.providers.wechat import WeChat, WeChatUnavailable
from server.providers.wechat.client import HttpWeChat
from server.providers.wechat.gateway import WeChatApp
from server.providers.wechat.push import PushKeys, PushReader
from server.providers.wechat.seen import LocalSeen, RedisSeen
from server.providers.wechat.token import LocalTokens, RedisTokens
from server.providers.wechat.unconfigured import NoWeChat
from server.runtime import Providers, Runtime
from server.sealing.sandbox import Sandbox
from server.settings import Settings

FACE_CALLS = ("start", "result")
REGISTRY_CALLS = ("company", "companies_of")
WECHAT_CALLS = (
    "code_to_session",
    "phone_number",
    "qr_code",
    "url_link",
    "send_subscribe_message",
    "check_text",
    "start_face",
    "face_result",
)


class NotForProduction(RuntimeError):
    """A development double was configured in the production profile."""


def assemble(settings: Settings, clock: Clock | None = None) -> Runtime:
    """The parts of one process. Raises NotForProduction; makes the data folder."""
    clock = clock or SteadyClock()
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    db = Database(settings.database, clock)
    db.set_clock()
    providers = make_providers(settings, clock)
    refuse_doubles(settings, providers)
    bus = make_bus(settings)
    qr_sessions = QrSessionService(
        make_store(settings, clock),
        bus,
        clock=clock,
        master_key=settings.master_key_bytes,
        base_url=settings.public_url,
        user_code_for=settings.user_code_for,
    )
    return Runtime(
        settings=settings,
        clock=clock,
        db=db,
        bus=bus,
        qr_sessions=qr_sessions,
        providers=providers,
        sandbox=make_sandbox(settings, settings.child_seconds),
        verifying=make_sandbox(settings, settings.verification_seconds),
        wechat_pushes=make_wechat_pushes(settings, clock),
    )


def make_sandbox(settings: Settings, seconds: int) -> Sandbox:
    """Children that open foreign files, each file for so many seconds; none is started yet."""
    return Sandbox(
        memory_mb=settings.child_memory_mib,
        cpu_s=seconds,
        wall_s=seconds,
        workers=settings.children,
    )


def make_store(settings: Settings, clock: Clock) -> Store:
    """Where QR sessions live: Redis, a file that the processes of one machine share, or memory."""
    if settings.qr_store == "redis":
        return RedisStore(settings.redis_url, clock=clock)
    if settings.qr_store == "memory":
        return MemoryStore()
    return SQLiteStore(settings.data_dir / "qr_sessions.sqlite3")


def make_bus(settings: Settings) -> Bus:
    """How processes tell each other of a change; the store in Redis tells by itself."""
    if settings.qr_store == "redis":
        return RedisBus(settings.redis_url, store_tells=True)
    return UnixDatagramBus(settings.data_dir / "bus")


def ca_addresses(base: str) -> dict[Algorithm, Addresses]:
    """Where `server/web/authority.py` answers for each kind of certificate."""
    places = {Algorithm.P256: f"{base}/pki", Algorithm.SM2: f"{base}/pki/sm2"}
    return {
        kind: Addresses(f"{place}/issuing.crl", f"{base}/pki/ocsp", f"{place}/issuing.cer")
        for kind, place in places.items()
    }


def make_providers(settings: Settings, clock: Clock) -> Providers:
    """The embedded providers and the doubles, each in a folder of its own."""
    data, base = settings.data_dir, settings.public_url
    registry = local_registry(settings)
    wechat = make_wechat(settings, clock)
    return Providers(
        sms=make_sms(settings, clock),
        face=make_face(settings, wechat, clock),
        registry=guarded(registry, REGISTRY_CALLS, clock, RegistryUnavailable),
        ca=EmbeddedCa(_folder(data, "ca"), ca_addresses(base), clock),
        seal_maker=LocalSealMaker(_folder(data, "seal_maker"), clock),
        seal_numbers=LocalSealNumbers(_folder(data, "seal_numbers")),
        tsa=EmbeddedTsa(_folder(data, "tsa"), clock),
        storage=LocalStorage(data / "blobs"),
        keys=LocalKeys(_folder(data, "keys"), clock),
        wechat=wechat,
        alipay=make_alipay(settings, clock),
        sso=make_sso(settings, clock),
    )


def local_registry(settings: Settings) -> LocalRegistry:
    """The register of development, which every process with this data folder shares."""
    return LocalRegistry(DEMO_COMPANIES, settings.data_dir / "registry")


def make_sms(settings: Settings, clock: Clock) -> Sms:
    """What sends text messages; ValueError when a text has no template at the gateway."""
    if settings.sms == "console":
        return ConsoleSms(settings.data_dir / "outbox", clock)
    texts = TencentTexts(
        settings.tencent_sms_app_id, settings.tencent_sms_sign, settings.tencent_sms_templates
    )
    sms = TencentSms(tencent_account(settings), texts, clock)
    return guarded(sms, ["send"], clock, SmsUnavailable)


def make_face(settings: Settings, wechat: WeChat, clock: Clock) -> Face:
    """What checks faces; with `wechat`, Tencent serves whom WeChat cannot, if it has a rule."""
    if settings.face == "local":
        return LocalFace(settings.data_dir / "faces")
    services: dict[str, Face] = {}
    if settings.face == "wechat":
        services["wechat"] = MiniProgramFace(wechat)
    if settings.tencent_face_rule_id:
        documents = frozenset(settings.tencent_face_documents)
        rule = TencentRule(settings.tencent_face_rule_id, documents, settings.public_url)
        services["tencent"] = guarded(
            TencentFace(tencent_account(settings), rule), FACE_CALLS, clock, FaceUnavailable
        )
    return ChosenFace(services)


def tencent_account(settings: Settings) -> TencentAccount:
    """Whose calls of Tencent Cloud ours are."""
    return TencentAccount(
        settings.tencent_secret_id.get_secret_value(),
        settings.tencent_secret_key.get_secret_value(),
        settings.tencent_api_base,
    )


def make_wechat(settings: Settings, clock: Clock) -> WeChat:
    """WeChat, if a mini-program is set; processes that share Redis share its access token."""
    appid = settings.wechat_appid
    if not appid:
        return NoWeChat()
    app = WeChatApp(appid, settings.wechat_secret.get_secret_value(), settings.wechat_api_base)
    redis = settings.redis_url
    tokens = RedisTokens(connect(redis), appid) if redis else LocalTokens(clock)
    return guarded(HttpWeChat(app, tokens, clock), WECHAT_CALLS, clock, WeChatUnavailable)


def make_alipay(settings: Settings, clock: Clock) -> Alipay:
    """Alipay, if an app is set; ValueError for a key that cannot be read."""
    if not settings.alipay_app_id:
        return NoAlipay()
    keys = (
        private_key(settings.alipay_private_key.get_secret_value()),
        public_key(settings.alipay_public_key),
    )
    app = AlipayApp(settings.alipay_app_id, *keys, settings.alipay_gateway, settings.alipay_pages)
    return guarded(OpenApiAlipay(app, clock), ["exchange"], clock, AlipayUnavailable)


def make_sso(settings: Settings, clock: Clock) -> Sso:
    """The platform of single sign-on, if one is set."""
    if not settings.sso_issuer:
        return NoSso()
    secret = settings.sso_client_secret.get_secret_value()
    client = OidcClient(settings.sso_issuer, settings.sso_client_id, secret)
    return guarded(OidcSso(client, clock), ["address", "exchange"], clock, SsoUnavailable)


def make_wechat_pushes(settings: Settings, clock: Clock) -> PushReader | None:
    """What reads WeChat's pushes; None without a push token."""
    if not settings.wechat_push_token:
        return None
    keys = PushKeys(
        settings.wechat_appid,
        settings.wechat_push_token.get_secret_value(),
        settings.wechat_push_aes_key.get_secret_value(),
    )
    redis = settings.redis_url
    return PushReader(keys, RedisSeen(connect(redis)) if redis else LocalSeen(clock), clock)


def refuse_doubles(settings: Settings, providers: Providers) -> None:
    """A double in production stops the start, with its name."""
    if not settings.is_production:
        return
    doubles = [kind for kind, one in vars(providers).items() if one.development_only]
    if doubles:
        raise NotForProduction(f"development doubles in production: {', '.join(doubles)}")


def _folder(data: Path, name: str) -> Path:
    folder = data / name
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
