"""What every face recognition must do."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from server.providers.face import REFERENCE, Face, FacePerson, FaceStarted, Outcome
from server.providers.face.chosen import ChosenFace
from server.providers.face.local import LocalFace
from server.providers.face.wechat import MiniProgramFace
from tests.factories.tencent import cloud_of
from tests.factories.wechat import land_of
from tests.fakes.clock import FakeClock

WEI = FacePerson("韦志远", "resident_id", "450103198506123011")
HUANG = FacePerson("黄淼", "resident_id", "450102199009234528")
# What the services answer a person who turned away, and what WeChat answers for a face that passed.
UNLIKE, TURNED_AWAY, PASSED = 2016, 90002, 10000


@dataclass
class Service:
    """An implementation, and how a person shows his face to the service behind it."""

    face: Face
    show: Callable[[str, bool], None]
    openid: str = ""
    says_likeness: bool = True

    def of(self, person: FacePerson) -> FacePerson:
        return replace(person, wechat_openid=self.openid)

    def begin(self, person: FacePerson = WEI) -> FaceStarted:
        assert self.face.supports(self.of(person))
        return self.face.start(self.of(person), "real_name", "/m/faces/back")

    def shown(self, *, passes: bool) -> str:
        """The reference of a check of Wei's that is over."""
        started = self.begin()
        self.show(started.reference, passes)
        return started.reference

    def result(self, reference: str, person: FacePerson = WEI):
        return self.face.result(reference, self.of(person))


def local(_stack: ExitStack, clock: FakeClock, folder: Path) -> Service:
    face = LocalFace(folder)
    return Service(face, lambda reference, passes: face.decide(reference, passes=passes))


def tencent(stack: ExitStack, clock: FakeClock, _folder: Path) -> Service:
    cloud = stack.enter_context(cloud_of(clock))

    def show(reference: str, passes: bool) -> None:
        outcome, likeness = (0, "97.50") if passes else (UNLIKE, "31.20")
        cloud.world.show_face(reference, outcome, likeness)

    return Service(cloud.face(), show)


def wechat(stack: ExitStack, clock: FakeClock, _folder: Path) -> Service:
    land = stack.enter_context(land_of(clock))

    def show(reference: str, passes: bool) -> None:
        check = land.world.faces[reference.partition(".")[2]]
        check.outcome = PASSED if passes else TURNED_AWAY

    openid = land.world.openid("wei")
    return Service(MiniProgramFace(land.client()), show, openid, says_likeness=False)


def chosen(stack: ExitStack, clock: FakeClock, folder: Path) -> Service:
    behind = tencent(stack, clock, folder)
    face = ChosenFace({"tencent": behind.face})
    return replace(behind, face=face, show=lambda name, passes: behind.show(name[8:], passes))


@pytest.fixture(params=[local, tencent, wechat, chosen], ids=lambda one: one.__name__)
def service(request: pytest.FixtureRequest, clock: FakeClock, tmp_path: Path) -> Iterator[Service]:
    with ExitStack() as stack:
        yield request.param(stack, clock, tmp_path)


def test_a_check_says_where_the_face_is_shown_and_for_how_long(service: Service) -> None:
    started = service.begin()
    assert 0 < len(started.reference) <= REFERENCE
    assert bool(started.url) != bool(started.verify_id)
    assert started.life_s >= 600


def test_a_check_leaves_an_outcome_a_number_and_a_score(service: Service) -> None:
    first, second = service.shown(passes=True), service.shown(passes=True)
    result = service.result(first)
    assert result.outcome is Outcome.PASSED
    assert 0 < len(result.result_id) <= 64
    assert service.result(second).result_id != result.result_id
    likely = result.score if service.says_likeness else 100.0
    assert likely is not None
    assert 70 <= likely <= 100


def test_another_face_is_a_result_and_not_an_error(service: Service) -> None:
    result = service.result(service.shown(passes=False))
    assert result.outcome is Outcome.FAILED
    assert result.score is None or result.score < 70


def test_a_check_that_nobody_began_has_failed(service: Service) -> None:
    known = service.shown(passes=True)
    for unknown in ("", ".", "face-" + "0" * 32, "../../etc/passwd", "x" + known, known + "x"):
        assert service.result(unknown).outcome is Outcome.FAILED


def test_a_check_of_one_person_is_none_of_another(service: Service) -> None:
    passed = service.shown(passes=True)
    assert service.result(passed, HUANG).outcome is Outcome.FAILED
    assert service.result(passed, WEI).outcome is Outcome.PASSED


@pytest.mark.row("S-44")
def test_what_is_printed_of_a_check_does_not_tell_who_it_is_of(service: Service) -> None:
    started = service.begin()
    told = repr(started) + repr(service.of(WEI)) + repr(service.result(started.reference))
    assert WEI.id_number not in told
    assert not service.openid or service.openid not in told
