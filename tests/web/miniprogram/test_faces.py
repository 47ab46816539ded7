"""Faces in the mini-program: what opens a company, proves a name, logs in; and what does not."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from server.accounts.models import Account, AccountSession, Consent, FaceCheck
from server.accounts.sessions import Company
from server.providers.face.local import LocalFace
from server.providers.face.wechat import MiniProgramFace
from tests.factories.companies import PASSWORD, QIN, TEA, Office, form
from tests.factories.mini_program import MiniProgram, logged_in, told
from tests.factories.people import NEW_PHONE
from tests.factories.product import HUANG, WEI, Product
from tests.factories.wechat import APPID, Land, land_of
from tests.fakes.clock import FakeClock

ENTER = {"purpose": "enter_company", "consent": True}
LOGIN = {"purpose": "login", "consent": True, "agreed": True, "id_no": WEI.id_number}
RESET = {"purpose": "reset_password", "consent": True, "id_no": WEI.id_number}


@pytest.fixture
def phone(product: Product) -> MiniProgram:
    return logged_in(product)


def show(product: Product, begun: TestResponse, *, passes: bool = True) -> str:
    """The person shows a face to the double; the check's id."""
    body = begun.get_json()
    assert begun.status_code == 200, body
    with product.parts.db.read() as uow:
        reference = uow.session.get_one(FaceCheck, body["face_id"]).reference
    assert isinstance(product.parts.providers.face, LocalFace)
    product.parts.providers.face.decide(reference, passes=passes)
    return str(body["face_id"])


def outcome(phone: MiniProgram, face_id: str) -> str:
    answer = phone.post(f"/face/sessions/{face_id}/result")
    assert answer.status_code == 200, answer.get_json()
    return str(answer.get_json()["outcome"])


def face_at(phone: MiniProgram) -> object:
    with phone.product.parts.db.read() as uow:
        return uow.session.scalars(select(AccountSession.face_at)).first()


@pytest.mark.row("F-10")
def test_a_companys_login_opens_its_company_by_the_face_of_its_representative(
    product: Product,
) -> None:
    office = Office(product)
    office.register(form())
    known = product.restarted_with(registry=office.registry)
    clerk = MiniProgram(known)
    body = {"account_type": "company", "id_no": TEA.code, "password": PASSWORD, "agreed": True}
    clerk.keep(clerk.post("/auth/login", body))
    assert told(clerk.get("/home")) == (403, "face_required")

    begun = clerk.post("/face/sessions", ENTER)
    assert outcome(clerk, begun.get_json()["face_id"]) == "pending"
    face_id = show(known, begun)
    said = [outcome(clerk, face_id) for _ in range(2)]

    assert said == ["passed", "passed"]
    assert clerk.get("/home").get_json()["acting"]["name"] == TEA.name
    assert clerk.get("/auth/me").get_json()["account"]["name"] == f"{QIN[0][0]}*{QIN[0][-1]}"


@pytest.mark.row("F-10")
@pytest.mark.parametrize("way", ["failed", "another purpose", "another login"])
def test_no_other_check_opens_a_company(product: Product, phone: MiniProgram, way: str) -> None:
    asked = {**ENTER, "purpose": "change_phone"} if way == "another purpose" else ENTER
    face_id = show(product, phone.post("/face/sessions", asked), passes=way != "failed")
    other = logged_in(product) if way == "another login" else phone

    answer = other.post(f"/face/sessions/{face_id}/result")

    if way == "another login":
        assert told(answer)[0] == 404
    else:
        assert answer.get_json()["outcome"] == ("failed" if way == "failed" else "passed")
    assert face_at(phone) is None


@pytest.mark.row("P-37")
def test_a_face_proves_the_declared_name(product: Product) -> None:
    phone = MiniProgram(product)
    phone.ask_code(id_no=NEW_PHONE)
    declared = {"id_type": "resident_id", "name": "覃小红", "id_no": "450103199001010016"}
    body = {"phone": NEW_PHONE, "sms_code": phone.code(), "agreed": True}
    body["declared"] = {**declared, "consent_to_id_number": True}
    phone.keep(phone.post("/auth/register/person", body))

    asked = {"purpose": "real_name", "consent": True}
    assert outcome(phone, show(product, phone.post("/face/sessions", asked))) == "passed"

    assert phone.get("/auth/me").get_json()["account"]["level"] == "proven"


@pytest.mark.row("P-41")
def test_a_face_wants_its_own_consent(phone: MiniProgram) -> None:
    answers = [
        phone.post("/face/sessions", {**ENTER, "consent": False}),
        phone.post("/auth/face", {**LOGIN, "consent": False}),
    ]
    assert [told(one) for one in answers] == [(422, "consent_needed")] * 2
    assert told(phone.post("/auth/face", {**LOGIN, "agreed": False}))[1] == "agreements_not_ticked"


@pytest.mark.row("F-06")
def test_a_face_logs_in_once_and_a_repeat_renews_the_token(product: Product) -> None:
    phone = MiniProgram(product)
    begun = phone.post("/auth/face", LOGIN)
    held, face_id = {"face_token": begun.get_json()["face_token"]}, begun.get_json()["face_id"]
    path = f"/auth/face/{face_id}/result"
    assert phone.post(path, held).get_json() | {"rid": ""} == {
        "errcode": 0,
        "errmsg": "ok",
        "rid": "",
        "outcome": "pending",
        "session_token": None,
        "expires_in": None,
        "account": None,
    }
    show(product, begun)

    first, second = (phone.post(path, held, key="k-1").get_json() for _ in range(2))

    assert first["session_token"] != second["session_token"]
    phone.token = second["session_token"]
    assert phone.get("/auth/me").get_json()["account"]["name"] == "韦*远"
    assert told(phone.post(path, held)) == (422, "face_not_passed")


@pytest.mark.row("F-05")
def test_a_face_sets_a_new_password_once(product: Product) -> None:
    phone = MiniProgram(product)
    begun = phone.post("/auth/face", RESET)
    held = {"face_token": begun.get_json()["face_token"]}
    face_id = show(product, begun)
    assert phone.post(f"/auth/face/{face_id}/result", held).get_json()["session_token"] is None
    path, new = f"/auth/face/{face_id}/password", {**held, "password": "a-new-one-26"}

    said = [phone.post(path, new, key="k-1").status_code for _ in range(2)]

    assert said == [200, 200]
    assert told(phone.post(path, new)) == (422, "face_not_passed")
    body = {"account_type": "person", "id_no": WEI.phone, "password": "a-new-one-26"}
    assert phone.post("/auth/login", {**body, "agreed": True}).status_code == 200


@pytest.mark.row("S-10")
@pytest.mark.parametrize("asked", [LOGIN, RESET])
def test_the_check_is_worth_nothing_without_its_token(
    product: Product, asked: dict[str, object]
) -> None:
    phone = MiniProgram(product)
    face_id = show(product, phone.post("/auth/face", asked))
    thief = {"face_token": "guessed"}

    assert told(phone.post(f"/auth/face/{face_id}/result", thief))[0] == 404
    stolen = {**thief, "password": "a-new-one-26"}
    assert told(phone.post(f"/auth/face/{face_id}/password", stolen)) == (422, "face_not_passed")


@pytest.mark.row("S-24")
def test_a_face_for_a_name_that_nobody_has_begins_alike_and_never_passes(product: Product) -> None:
    phone = MiniProgram(product)
    begun = [phone.post("/auth/face", {**LOGIN, "id_no": n}) for n in (WEI.id_number, NEW_PHONE)]
    bodies = [one.get_json() for one in begun]
    assert [sorted(one) for one in bodies] == [sorted(bodies[0])] * 2
    assert [one["expires_in"] for one in bodies] == [600, 600]

    face_id = show(product, begun[1])
    held = {"face_token": bodies[1]["face_token"]}

    answer = phone.post(f"/auth/face/{face_id}/result", held)
    assert (answer.get_json()["outcome"], answer.get_json()["session_token"]) == ("failed", None)


def test_new_agreements_come_before_a_face(product: Product, phone: MiniProgram) -> None:
    with product.parts.db.begin() as uow:
        uow.session.execute(update(Consent).values(withdrawn_at=uow.now))

    assert told(phone.post("/face/sessions", ENTER)) == (403, "agreements_changed")


def test_a_companys_login_shows_a_face_for_its_company_alone(product: Product) -> None:
    clerk = logged_in(product, company=Company("elog-test", "ent-test"))

    answer = clerk.post("/face/sessions", {"purpose": "change_phone", "consent": True})

    assert told(answer) == (403, "not_for_company_login")


@pytest.fixture
def land(clock: FakeClock) -> Iterator[Land]:
    with land_of(clock) as made:
        yield made


@pytest.mark.row("F-06")
def test_inside_wechat_its_own_check_is_used_for_the_bound_person(
    product: Product, land: Land
) -> None:
    wechat, land.world.face_outcomes["wei"] = land.client(), 10000
    inside = product.restarted_with(wechat=wechat, face=MiniProgramFace(wechat))
    phone = logged_in(inside.restarted(wechat_appid=APPID))
    assert told(phone.post("/face/sessions", ENTER)) == (422, "face_not_supported")
    opened = phone.post("/auth/wx_login", {"code": land.login_code()}).get_json()
    phone.post("/auth/bind", {"wx_ticket": opened["wx_ticket"]})

    begun = phone.post("/face/sessions", ENTER).get_json()

    assert (bool(begun["verify_id"]), begun["url"]) == (True, "")
    assert outcome(phone, begun["face_id"]) == "passed"
    assert face_at(phone) is not None


def test_the_accounts_of_the_demo_are_proven(product: Product) -> None:
    """What the tests above rest on."""
    with product.parts.db.read() as uow:
        wei, huang = (
            uow.session.scalars(select(Account).where(Account.name == one.name)).one()
            for one in (WEI, HUANG)
        )
    assert wei.proven
    assert huang.proven
