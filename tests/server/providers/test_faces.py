"""Faces by Tencent, by WeChat, and by whichever of them can: what is asked, and what goes wrong."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr

from server.assembly import make_face, make_wechat
from server.providers.face import Face, FacePerson, FaceStarted, FaceUnavailable, Outcome
from server.providers.face.chosen import ChosenFace
from server.providers.face.local import LocalFace
from server.providers.face.tencent import TencentFace
from server.providers.face.wechat import MiniProgramFace
from server.settings import Settings
from standins.tencent.world import UNFINISHED
from tests.factories.tencent import SECRET_ID, SECRET_KEY, Cloud, cloud_of
from tests.factories.wechat import APPID, SECRET, Land, land_of
from tests.fakes.clock import FakeClock

WEI = FacePerson("韦志远", "resident_id", "450103198506123011")
START, RESULT = (
    "/cityservice/face/identify/getverifyid",
    "/cityservice/face/identify/queryverifyinfo",
)


@pytest.fixture
def cloud(clock: FakeClock) -> Iterator[Cloud]:
    with cloud_of(clock) as made:
        yield made


@pytest.fixture
def land(clock: FakeClock) -> Iterator[Land]:
    with land_of(clock) as made:
        yield made


@pytest.fixture
def in_wechat(land: Land) -> FacePerson:
    return replace(WEI, wechat_openid=land.world.openid("wei"))


def begin(face: Face, person: FacePerson = WEI) -> FaceStarted:
    return face.start(person, "real_name", "/m/faces/back")


def test_tencents_page_leads_back_to_our_own_site(cloud: Cloud) -> None:
    started = begin(cloud.face())
    assert started.url == f"{cloud.address}/face?token={started.reference}"
    assert cloud.world.faces[started.reference].back_url == "https://seal.example/m/faces/back"


@pytest.mark.row("F-07")
def test_tencent_checks_the_documents_of_its_rule_and_no_others(cloud: Cloud) -> None:
    taiwanese = replace(WEI, document_type="taiwan_permit")
    assert not cloud.face().supports(taiwanese)
    assert cloud.face("resident_id", "taiwan_permit").supports(taiwanese)


@pytest.mark.parametrize("unfinished", [None, UNFINISHED])
def test_a_check_of_tencents_waits_until_the_person_is_done(
    cloud: Cloud, unfinished: int | None
) -> None:
    face, started = cloud.face(), begin(cloud.face())
    cloud.world.faces[started.reference].outcome = unfinished  # type: ignore[assignment]
    assert face.result(started.reference, WEI).outcome is Outcome.PENDING
    cloud.world.show_face(started.reference)
    assert face.result(started.reference, WEI).outcome is Outcome.PASSED


@pytest.mark.parametrize("other", [{"name": "黄淼"}, {"id_number": "450102199009234528"}])
def test_a_face_that_passed_for_another_name_or_number_proves_nothing(
    cloud: Cloud, other: dict[str, str]
) -> None:
    started = begin(cloud.face())
    cloud.world.show_face(started.reference)
    result = cloud.face().result(started.reference, replace(WEI, **other))
    assert result.outcome is Outcome.FAILED


@pytest.mark.parametrize(
    ("said", "likeness"), [("97.5", 97.5), ("170", 100.0), ("-1", 0.0), ("", None)]
)
def test_a_likeness_is_between_nought_and_a_hundred(
    cloud: Cloud, said: str, likeness: float | None
) -> None:
    started = begin(cloud.face())
    cloud.world.show_face(started.reference, likeness=said)
    assert cloud.face().result(started.reference, WEI).score == likeness


TROUBLES: list[dict[str, object]] = [
    {"code": "InternalError"},
    {"code": "AuthFailure.SignatureFailure"},
    {"code": "InvalidParameterValue.RuleIdDisabled"},
    {"html": 502},
    {"cut": True},
    {"wait": 1.0},
    {"answer": {"Response": {}}},
    {"answer": {"Response": {"Text": "0", "Url": 1, "BizToken": 1}}},
]


@pytest.mark.row("R-09")
@pytest.mark.parametrize("trouble", TROUBLES, ids=str)
def test_a_tencent_in_trouble_neither_passes_nor_fails_anybody(
    cloud: Cloud, trouble: dict[str, object]
) -> None:
    face = cloud.face(read_seconds=0.3)
    started = begin(face)
    cloud.world.show_face(started.reference)
    for act in (lambda: begin(face), lambda: face.result(started.reference, WEI)):
        cloud.trouble(**trouble)
        with pytest.raises(FaceUnavailable) as refusal:
            act()
        assert SECRET_KEY not in repr(vars(refusal.value))
    assert face.result(started.reference, WEI).outcome is Outcome.PASSED


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "https://a.example/", "http:", "http:///face", "/m/"]
)
def test_nobody_is_sent_to_what_is_no_page_of_tencents(cloud: Cloud, url: str) -> None:
    cloud.trouble(answer={"Response": {"Url": url, "BizToken": "1"}})
    with pytest.raises(FaceUnavailable):
        begin(cloud.face())


@pytest.mark.row("F-07")
def test_wechat_checks_mainland_cards_and_only_in_the_mini_program(
    land: Land, in_wechat: FacePerson
) -> None:
    face = MiniProgramFace(land.client())
    assert face.supports(in_wechat)
    assert not face.supports(WEI)
    assert not face.supports(replace(in_wechat, document_type="taiwan_permit"))


def test_the_mini_program_opens_a_check_by_wechats_own_name_of_it(
    land: Land, in_wechat: FacePerson
) -> None:
    started = begin(MiniProgramFace(land.client()), in_wechat)
    assert started.verify_id in land.world.faces
    assert started.url == ""


@pytest.mark.row("R-09")
@pytest.mark.parametrize("errcode", [-1, 48001, 45009])
def test_a_wechat_in_trouble_neither_passes_nor_fails_anybody(
    land: Land, in_wechat: FacePerson, errcode: int
) -> None:
    face = MiniProgramFace(land.client())
    started = begin(face, in_wechat)
    land.world.faces[started.verify_id].outcome = 10000
    for path, act in (
        (START, lambda: begin(face, in_wechat)),
        (RESULT, lambda: face.result(started.reference, in_wechat)),
    ):
        land.trouble(path, errcode=errcode)
        with pytest.raises(FaceUnavailable):
            act()
    assert face.result(started.reference, in_wechat).outcome is Outcome.PASSED


def test_what_wechat_cannot_know_is_not_asked(land: Land, in_wechat: FacePerson) -> None:
    face = MiniProgramFace(land.client())
    started = begin(face, in_wechat)
    assert face.result(started.reference, WEI).outcome is Outcome.FAILED
    assert face.result("of another service", in_wechat).outcome is Outcome.FAILED
    assert land.count(RESULT) == 0


@pytest.mark.parametrize("other", [{"wechat_openid": ""}, {"wechat_openid": "o-somebody-else"}])
def test_another_users_wechat_cannot_fetch_the_result(
    land: Land, in_wechat: FacePerson, other: dict[str, str]
) -> None:
    face = MiniProgramFace(land.client())
    started = begin(face, in_wechat)
    land.world.faces[started.verify_id].outcome = 10000
    assert face.result(started.reference, replace(in_wechat, **other)).outcome is Outcome.FAILED


@pytest.fixture
def both(settings: Settings, cloud: Cloud, land: Land) -> Settings:
    """An installation that has a mini-program and an account at Tencent."""
    changes = {
        "face": "wechat",
        "wechat_appid": APPID,
        "wechat_secret": SecretStr(SECRET),
        "wechat_api_base": land.address,
        "tencent_secret_id": SecretStr(SECRET_ID),
        "tencent_secret_key": SecretStr(SECRET_KEY),
        "tencent_api_base": cloud.address,
        "tencent_face_rule_id": cloud.world.rule,
        "tencent_face_documents": ["resident_id", "taiwan_permit"],
    }
    return settings.model_copy(update=changes)


def assembled(settings: Settings, clock: FakeClock) -> Face:
    return make_face(settings, make_wechat(settings, clock), clock)


@pytest.mark.row("F-07")
def test_wechat_checks_whom_it_can_and_tencent_the_rest(
    both: Settings, clock: FakeClock, in_wechat: FacePerson
) -> None:
    face = assembled(both, clock)
    assert begin(face, in_wechat).reference.startswith("wechat:")
    for person in (WEI, replace(in_wechat, document_type="taiwan_permit")):
        assert face.supports(person)
        assert begin(face, person).reference.startswith("tencent:")
    assert not face.supports(replace(WEI, document_type="hk_macao_permit"))
    assert not face.development_only


def test_each_service_is_asked_for_its_own_checks(
    both: Settings, clock: FakeClock, cloud: Cloud, land: Land, in_wechat: FacePerson
) -> None:
    face = assembled(both, clock)
    by_wechat, by_tencent = begin(face, in_wechat), begin(face, WEI)
    land.world.faces[by_wechat.verify_id].outcome = 10000
    assert face.result(by_wechat.reference, in_wechat).outcome is Outcome.PASSED
    assert face.result(by_tencent.reference, WEI).outcome is Outcome.PENDING
    # Checks that were begun are still judged when the other way has become the usual one.
    only = assembled(both.model_copy(update={"face": "tencent"}), clock)
    cloud.world.show_face(by_tencent.reference.removeprefix("tencent:"))
    assert only.result(by_tencent.reference, WEI).outcome is Outcome.PASSED
    assert only.result(by_wechat.reference, in_wechat).outcome is Outcome.FAILED


def test_without_a_rule_of_tencents_only_the_mini_program_can(
    both: Settings, clock: FakeClock, in_wechat: FacePerson
) -> None:
    face = assembled(both.model_copy(update={"tencent_face_rule_id": ""}), clock)
    assert face.supports(in_wechat)
    assert not face.supports(WEI)
    with pytest.raises(ValueError, match="supports"):
        begin(face, WEI)


@pytest.mark.row("R-09")
def test_faces_stand_behind_a_breaker(both: Settings, clock: FakeClock, cloud: Cloud) -> None:
    face = assembled(both, clock)
    cloud.trouble(code="InternalError", times=99)
    for _ in range(9):
        with pytest.raises(FaceUnavailable):
            begin(face)
    assert cloud.world.calls["DetectAuth"] == 5


def test_a_name_that_would_not_fit_is_no_check(cloud: Cloud) -> None:
    long = {"Url": f"{cloud.address}/face", "BizToken": "x" * 400}
    cloud.trouble(answer={"Response": long})
    with pytest.raises(FaceUnavailable):
        begin(ChosenFace({"tencent": cloud.face()}))


@pytest.mark.row("S-51")
def test_no_double_hides_among_the_chosen(cloud: Cloud, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="double"):
        ChosenFace({"tencent": cloud.face(), "local": LocalFace(tmp_path)})
    assert not TencentFace.development_only
    assert LocalFace.development_only
