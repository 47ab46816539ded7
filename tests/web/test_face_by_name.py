"""A face for a name that was typed: to log in, to find back in (F-05, F-06, S-24)."""

from dataclasses import dataclass

import pytest
from flask import Flask, request
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from server.accounts import login
from server.accounts.faces import FacePurpose
from server.accounts.models import Account, AccountSession, Level
from server.accounts.names import read_login_name
from server.runtime import runtime
from server.web import face_checks
from server.web.face_checks import Typed
from server.web.permissions import NEEDS, Need
from tests.factories.devices import Browser
from tests.factories.logins import told
from tests.factories.product import LI, NEWCOMER, WEI, Product

LOGIN, RESET = FacePurpose.LOGIN, FacePurpose.RESET_PASSWORD


@dataclass
class Door(Browser):
    """A browser of somebody who is not logged in, before pages that ask for a face by a name."""

    product: Product

    def __init__(self, product: Product) -> None:
        super().__init__(with_doors(product.app).test_client())
        self.product = product

    def begin(self, typed: str, purpose: FacePurpose = LOGIN) -> TestResponse:
        return self.post(f"/door/{purpose}", {"name": typed})

    def show(self, typed: str, purpose: FacePurpose = LOGIN) -> TestResponse:
        """Begin, pass, come back."""
        self.post(self.begin(typed, purpose).get_json()["next"], {"passes": True})
        return self.post("/m/face/settle?next=/m/uses")


def with_doors(app: Flask) -> Flask:
    if "door" not in app.view_functions:
        app.add_url_rule("/door/<purpose>", "door", door, methods=["POST"])
        app.add_url_rule("/m/reset", "reset", reset, methods=["POST"])
    return app


@pytest.fixture(autouse=True)
def doors(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rows of two routes that only these tests have."""
    monkeypatch.setitem(NEEDS, "door", Need.BROWSER)
    monkeypatch.setitem(NEEDS, "reset", Need.BROWSER)


def door(purpose: str) -> object:
    typed = Typed(read_login_name(runtime().code_desk.keys, request.get_json()["name"]))
    return face_checks.begin_for(typed, FacePurpose(purpose), consent=True, then="/m/x")


def reset() -> str:
    check = face_checks.shown(RESET)
    with runtime().db.begin() as uow:
        login.reset_by_face(uow, check.check_id, check.holder, "digest")
    return "done"


@pytest.mark.row("F-06")
@pytest.mark.parametrize("typed", [WEI.phone, WEI.id_number])
def test_a_proven_person_logs_in_by_his_face(product: Product, typed: str) -> None:
    door = Door(product)

    assert door.show(typed).get_json() == {"outcome": "passed", "next": "/m/uses"}

    assert door.get("/m/me").status_code == 200
    with product.parts.db.read() as uow:
        assert uow.session.scalars(select(AccountSession.means)).all() == ["face"]
    # The check is used up, and its cookie gone.
    assert told(door.post("/m/face/settle")) == (404, "face_check_unknown")


@pytest.mark.row("F-06", "S-24")
@pytest.mark.parametrize("typed", [NEWCOMER.phone, NEWCOMER.id_number, LI.phone])
def test_a_name_without_a_proven_owner_is_answered_alike_and_never_passes(
    product: Product, typed: str
) -> None:
    with product.parts.db.begin() as uow:
        mine = Account.name == LI.name
        uow.session.execute(update(Account).where(mine).values(level=Level.DECLARED))
    known, unknown = Door(product), Door(product)
    answers = [known.begin(WEI.phone), unknown.begin(typed)]

    assert {answer.status_code for answer in answers} == {200}
    assert {tuple(sorted(answer.get_json())) for answer in answers} == {("life_s", "next")}
    assert len({len(answer.get_json()["next"]) for answer in answers}) == 1
    assert len({len(str(answer.headers["Set-Cookie"])) for answer in answers}) == 1
    for one in (known, unknown):
        assert one.post("/m/face/settle").get_json() == {"outcome": "pending"}
    unknown.post(answers[1].get_json()["next"], {"passes": True})
    assert told(unknown.post("/m/face/settle")) == (422, "face_not_passed")
    assert unknown.get("/m/me").status_code == 401


@pytest.mark.row("F-05", "S-24")
@pytest.mark.parametrize(("typed", "passes"), [(NEWCOMER.id_number, True), (WEI.id_number, False)])
def test_a_reset_goes_on_after_a_face_that_fits_alone(
    product: Product, typed: str, passes: bool
) -> None:
    door = Door(product)
    door.post(door.begin(typed, RESET).get_json()["next"], {"passes": passes})

    assert told(door.post("/m/face/settle")) == (422, "face_not_passed")


@pytest.mark.row("F-06", "S-24")
def test_checks_are_counted_for_a_name_that_nobody_has_too(product: Product) -> None:
    for name in (NEWCOMER.phone, WEI.phone):
        door = Door(product)
        codes = [door.begin(name).status_code for _ in range(11)]
        assert codes == [200] * 10 + [429], name


@pytest.mark.row("F-05")
def test_a_forgotten_password_is_set_by_a_face_once(product: Product) -> None:
    door = Door(product)
    assert door.show(WEI.id_number, RESET).get_json()["outcome"] == "passed"
    assert door.get("/m/me").status_code == 401

    assert door.post("/m/reset").data == b"done"
    assert told(door.post("/m/reset")) == (422, "face_not_passed")
    with product.parts.db.read() as uow:
        mine = uow.session.scalars(select(Account).where(Account.name == WEI.name)).one()
    assert mine.password_digest == "digest"


@pytest.mark.row("F-05", "S-18")
def test_a_face_for_the_login_sets_no_password_and_the_reverse(product: Product) -> None:
    door = Door(product)
    door.post(door.begin(WEI.phone, LOGIN).get_json()["next"], {"passes": True})
    assert told(door.post("/m/reset")) == (404, "face_check_unknown")

    thief = Door(product)
    thief.show(WEI.phone, RESET)
    cookie = thief.client.get_cookie("gy_face", path="/m")
    assert cookie
    thief.client.set_cookie("gy_face", cookie.value.replace(RESET, LOGIN), path="/m")
    assert told(thief.post("/m/face/settle")) == (422, "face_not_passed")
    assert thief.get("/m/me").status_code == 401


@pytest.mark.row("F-06", "S-10")
def test_a_face_shown_for_one_browser_lets_no_other_in(product: Product) -> None:
    asker, thief = Door(product), Door(product)
    asker.post(asker.begin(WEI.phone).get_json()["next"], {"passes": True})
    cookie = asker.client.get_cookie("gy_face", path="/m")
    assert cookie
    thief.client.set_cookie("gy_face", cookie.value, path="/m")

    assert told(thief.post("/m/face/settle")) == (404, "face_check_unknown")
    assert thief.get("/m/me").status_code == 401
