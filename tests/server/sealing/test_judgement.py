"""The register's word is added to what a file says of itself, and only where it has one."""

from datetime import UTC, datetime, timedelta

import pytest

from server.sealing.checks import verify
from server.sealing.judgement import Register, SealStanding, judge_register
from server.sealing.report import Overall, Report
from tests.factories.odd_seals import OddSeal, sealed_oddly
from tests.factories.sealing_world import BEGUN, Owner, World
from tests.factories.stamp import META

SEALED = META.signing_time
AT = SEALED + timedelta(hours=1)
HOUR = timedelta(hours=1)
FAR = datetime(2030, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(tmp_path_factory.mktemp("world") / "here")


@pytest.fixture(scope="module")
def owner(world: World) -> Owner:
    return world.owner("南宁桂印科技有限公司")


@pytest.fixture(scope="module")
def report(world: World, owner: Owner) -> Report:
    return verify(sealed_oddly(world, owner, OddSeal()), world.trust(), AT)


def told(report: Report, standing: SealStanding) -> tuple[Overall, str]:
    judged = judge_register(report, Register({report.seals[0].id: standing}))
    assert (judged.overall, judged.cause) == (judged.seals[0].overall, judged.seals[0].cause)
    return judged.overall, judged.cause


@pytest.mark.row("F-50", "S-30")
@pytest.mark.parametrize(
    ("standing", "expected"),
    [
        (SealStanding(), (Overall.VALID, "")),
        (SealStanding(((BEGUN, SEALED - HOUR),)), (Overall.VALID, "")),
        (SealStanding(((SEALED + HOUR, None),)), (Overall.VALID, "")),
        (SealStanding(((SEALED - HOUR, None),)), (Overall.INVALID, "seal_suspended")),
        (SealStanding(((SEALED - HOUR, SEALED + HOUR),)), (Overall.INVALID, "seal_suspended")),
        (SealStanding(cancelled_at=SEALED - HOUR), (Overall.INVALID, "seal_cancelled")),
        (SealStanding(cancelled_at=SEALED + HOUR), (Overall.VALID, "")),
    ],
)
def test_a_seal_is_judged_as_it_stood_when_it_sealed(
    report: Report, standing: SealStanding, expected: tuple[Overall, str]
) -> None:
    assert told(report, standing) == expected


def test_a_seal_that_the_register_does_not_know_stays_as_it_was(report: Report) -> None:
    other = Register({"another": SealStanding(cancelled_at=BEGUN)}, {"beef": BEGUN})
    assert judge_register(report, other) == report


@pytest.mark.row("F-50")
@pytest.mark.parametrize(
    ("since", "expected"),
    [
        (None, (Overall.VALID, "")),
        (SEALED - HOUR, (Overall.INVALID, "certificate_revoked")),
        (SEALED + HOUR, (Overall.VALID, "")),
    ],
)
def test_the_register_knows_what_no_list_says_of_a_certificate(
    world: World, owner: Owner, since: datetime | None, expected: tuple[Overall, str]
) -> None:
    silent = verify(sealed_oddly(world, owner, OddSeal()), world.trust(b"no list"), AT)
    assert (silent.overall, silent.cause) == (Overall.UNKNOWN, "revocation_unknown")
    seal, signature = silent.seals[0].certificate, silent.signatures[0].certificate
    assert seal is not None
    assert signature is not None

    judged = judge_register(silent, Register({}, {seal.serial: since, signature.serial: None}))
    assert (judged.overall, judged.cause) == expected

    judged = judge_register(silent, Register({}, {seal.serial: None, signature.serial: since}))
    assert (judged.overall, judged.cause) == expected


@pytest.mark.row("S-37")
def test_the_register_makes_no_forged_seal_good(world: World, owner: Owner) -> None:
    file = sealed_oddly(world, owner, OddSeal(data_hash=bytes(32)))
    report = verify(file, world.trust(), AT)
    certificate = report.seals[0].certificate
    assert certificate is not None
    known = Register({report.seals[0].id: SealStanding()}, {certificate.serial: None})
    assert judge_register(report, known).overall is Overall.INVALID


@pytest.mark.row("S-37")
def test_the_register_makes_no_forged_signature_good(world: World, owner: Owner) -> None:
    file = sealed_oddly(world, owner, OddSeal(document_digest=bytes(32)))
    report = verify(file, world.trust(b"no list"), AT)
    certificate = report.signatures[0].certificate
    assert certificate is not None
    judged = judge_register(report, Register({}, {certificate.serial: None}))
    assert judged.signatures == report.signatures
    assert judged.signatures[0].overall is Overall.INVALID
