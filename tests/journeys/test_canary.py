"""A day of one person, from registering to a sealed file: no secret of it lies anywhere afterwards.

Logs down to the talk of the libraries, tables, Redis, files, refusals, figures and the description
of the interface are searched for each secret, and for phone and ID number in full (S-44).
"""

import io
import logging
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field

import pytest
import structlog
from flask import Response
from pydantic import SecretStr

from server.accounts.faces import FaceDesk
from server.accounts.models import Level
from server.core import logs
from server.providers.face.local import LocalFace
from server.settings import Settings
from tests.factories.devices import LoginPage, PhoneInHand
from tests.factories.mini_program import MiniProgram
from tests.factories.people import Faces, People
from tests.factories.product import NEWCOMER, WEI, Product, Signing
from tests.factories.search import found_in, leaks
from tests.factories.wechat import APPID, SECRET, Land, land_of
from tests.fakes.clock import FakeClock
from tests.fakes.trouble import Broken

PASSWORD, WRONG_PASSWORD, WRONG_PIN = "canary-Hibiscus-71", "canary-Osmanthus-72", "864209"
# The doubles' own folders, and where keys belong.
PLACES_OF_SECRETS = {"outbox", "faces", "keys", "partner.key"}
CHATTY = ("alembic", "httpx", "pyhanko", "urllib3", "werkzeug", "PIL", "fontTools", "asyncio")
Secrets = dict[str, str | bytes]


@pytest.fixture
def land(clock: FakeClock) -> Iterator[Land]:
    with land_of(clock) as made:
        yield made


@pytest.fixture
def settings(settings: Settings, redis_url: str, land: Land) -> Settings:
    """As in production: QR sessions, limits and WeChat's token in Redis."""
    changes = {
        "qr_store": "redis",
        "redis_url": redis_url,
        "wechat_appid": APPID,
        "wechat_secret": SecretStr(SECRET),
        "wechat_api_base": land.address,
    }
    return settings.model_copy(update=changes)


@dataclass
class Witness:
    """Everything that left the product in other ways than as an answer that was asked for."""

    log: io.StringIO = field(default_factory=io.StringIO)
    refusals: list[bytes] = field(default_factory=list)

    def note(self, response: Response) -> Response:
        if response.status_code >= 400:
            headers = repr([*response.headers]).encode()
            self.refusals.append(headers + response.get_data())
        return response


@pytest.fixture
def witness(product: Product) -> Iterator[Witness]:
    """The product's application first, as it sets up its own logs."""
    assert product.app
    witness, root = Witness(), logging.getLogger()
    levels = {name: logging.getLogger(name).level for name in CHATTY}
    handlers, level = root.handlers[:], root.level
    logs.configure("json", witness.log)
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.DEBUG)
    root.setLevel(logging.DEBUG)
    product.app.after_request(witness.note)
    yield witness
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)
    structlog.reset_defaults()


def held(name: str, client: object) -> Secrets:
    """The cookies of a browser; its own name opens nothing by itself."""
    cookies = client._cookies.values()  # type: ignore[attr-defined]
    return {f"{name}'s {one.key}": one.value for one in cookies if one.key != "gy_browser"}


def registers(product: Product) -> Secrets:
    """By phone, name and document; with a password, forgotten once, and a face that proves it."""
    phone = PhoneInHand(product.app.test_client(), NEWCOMER, product.sms)
    phone.ask_code()
    code = phone.code()
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    number = {"document_type": "resident_id", "number": NEWCOMER.id_number, "name": NEWCOMER.name}
    declared = {**number, "consent_to_id_number": True}
    body = {"phone": NEWCOMER.phone, "agreed": True, "declared": declared}
    assert phone.post("/m/register", {**body, "code": wrong}).status_code == 422
    assert phone.post("/m/register", {**body, "code": code}).status_code == 200
    first = held("the new phone", phone.client)
    product.clock.advance(minutes=2)
    phone.post("/m/forgot/sms", {"name": NEWCOMER.phone})
    reset = {"name": NEWCOMER.phone, "code": phone.code(), "password": PASSWORD}
    assert phone.post("/m/forgot", reset).status_code == 200
    for password, status in ((WRONG_PASSWORD, 422), (PASSWORD, 200)):
        body = {"name": NEWCOMER.phone, "password": password, "agreed": True}
        assert phone.post("/m/login/password", body).status_code == status
    prove(product)
    codes: Secrets = {"a code": code, "a wrong code": wrong, "a reset code": reset["code"]}
    passwords: Secrets = {"the password": PASSWORD, "a wrong password": WRONG_PASSWORD}
    return {**first, **held("the phone again", phone.client), **codes, **passwords}


def prove(product: Product) -> None:
    """The newcomer shows his face."""
    people = People(product)
    account = people.found(NEWCOMER.phone)
    service = product.parts.providers.face
    assert account is not None
    assert isinstance(service, LocalFace)
    Faces(FaceDesk(people.db, people.desk.keys, service), service).passed(account.id)
    assert people.account(account.id).level == Level.PROVEN


def lets_a_computer_in(product: Product) -> Secrets:
    page: LoginPage = product.computer(WEI)
    return held("the computer", page.client)


def opens_the_mini_program(product: Product, land: Land) -> Secrets:
    """WeChat says who it is, refuses, and breaks; the person comes in by a code of ours."""
    js_code, openid, program = land.login_code(), land.world.openid("wei"), MiniProgram(product)
    ticket = program.post("/auth/wx_login", {"code": js_code}).get_json()["wx_ticket"]
    bad = "canary-js-code-7d1c0f"
    assert program.post("/auth/wx_login", {"code": bad}).status_code == 409
    land.trouble("*", html=502)
    by_phone = {"wx_ticket": ticket, "code": "canary-phone-code", "agreed": True}
    assert program.post("/auth/phone", by_phone).status_code == 503
    program.log_in()
    assert program.post("/auth/bind", {"wx_ticket": ticket}).status_code == 200
    program.token, token = "canary-bearer-7d1c0f", program.token
    assert program.get("/auth/me").status_code == 401
    return {
        "the js_code": js_code,
        "a bad js_code": bad,
        "the ticket of this WeChat": ticket,
        "the openid": openid,
        "the session_key": land.world.session_keys[openid],
        "the phone's code": "canary-phone-code",
        "WeChat's secret": SECRET,
        "the bearer token": token,
        "a bad bearer token": "canary-bearer-7d1c0f",
        "the mini-program's code": program.code(),
    }


def signs(product: Product) -> Secrets:
    """A PIN typed wrong and right, seals, a sealed file and its link."""
    signing: Signing = product.signing()
    frame = signing.page.frame()
    asked = signing.scan()
    assert signing.phone.confirm(asked, signing.page, pin=WRONG_PIN).status_code == 422
    assert signing.phone.confirm(asked, signing.page).status_code == 200
    signing.page.load()
    assert signing.page.confirm(signing.page.everywhere()).status_code == 202
    product.work()
    link = signing.page.get(f"{signing.page.path}/download").get_json()["url"]
    assert signing.page.read()["task"]["status"] == "sealed"
    return {
        "the PIN": WEI.pin,
        "a wrong PIN": WRONG_PIN,
        "a frame": frame.rsplit("/", 1)[1],
        "the open token": signing.page.open_token,
        "the link": link.rsplit("/", 1)[1],
        "the signer's code": signing.phone.code(),
        **held("the page", signing.page.client),
        **held("the signer's phone", signing.phone.client),
    }


class TalkativeSms:
    """Breaks, and says all that it knows."""

    development_only = True

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets

    def send(self, phone: str, template: str, params: dict[str, str]) -> None:
        quoted = " ".join(f"password={one!r}" for one in self._secrets.values())
        raise Broken(f"{phone} pin={WRONG_PIN} code={params['code']} {quoted}")


def breaks(product: Product, secrets: Secrets, witness: Witness) -> None:
    """Something that nobody foresaw, with all secrets of the day in its text."""
    broken = product.restarted_with(sms=TalkativeSms(secrets))
    broken.app.after_request(witness.note)
    logs.configure("json", witness.log)
    broken.clock.advance(minutes=2)
    answer = broken.browser().post("/m/login/sms", {"phone": NEWCOMER.phone})
    assert answer.status_code == 500


def files_of(product: Product) -> list[tuple[str, bytes]]:
    folder = product.parts.settings.data_dir
    found = [one for one in folder.rglob("*") if one.is_file()]
    return [
        (one.name, one.read_bytes())
        for one in found
        if not PLACES_OF_SECRETS & set(one.relative_to(folder).parts)
    ]


@pytest.mark.row("S-44", "S-22", "S-42")
def test_a_whole_day_leaves_no_secret_anywhere(
    product: Product, land: Land, witness: Witness
) -> None:
    with closing(product.parts.providers.wechat):  # type: ignore[type-var]
        secrets: Secrets = {
            "the partner's key": product.partner_key,
            "a phone": NEWCOMER.phone,
            "the signer's phone number": WEI.phone,
            "an ID number": NEWCOMER.id_number,
            "the signer's ID number": WEI.id_number,
            **registers(product),
            **lets_a_computer_in(product),
            **opens_the_mini_program(product, land),
            **signs(product),
        }
    secrets = {name: one for name, one in secrets.items() if one}
    assert len(secrets) > 25
    breaks(product, secrets, witness)

    logged = witness.log.getvalue()
    assert {"sms_sent", "unexpected", "wechat_refused"} <= set(logged.replace('"', " ").split())
    assert "139****9999" in logged
    assert found_in(logged.encode(), secrets) == []
    assert len(witness.refusals) >= 4
    assert [found for one in witness.refusals if (found := found_in(one, secrets))] == []
    assert leaks(product, secrets) == []
    searched = files_of(product)
    assert len(searched) > 5
    long = {name: one for name, one in secrets.items() if len(one) > 10}
    assert [(at, found) for at, one in searched if (found := found_in(one, long))] == []
    for path in ("/metrics", "/openapi.json", "/openapi/miniprogram.json", "/readyz"):
        answer = product.app.test_client().get(path)
        assert answer.status_code == 200, path
        assert found_in(answer.data, secrets) == [], path
