"""Whose word on a certificate is heard, and what a certificate may be used for."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from server.pki.authority import Authority, Period, Subject, create_root
from server.pki.issuer_keys import sign_crl
from server.pki.revocation import Revocation, RevocationReason, build_crl, build_ocsp_response
from server.pki.sm2 import Sm2PrivateKey
from server.pki.subject_keys import Algorithm
from server.sealing import ses
from server.sealing.checks import verify
from server.sealing.report import Answer, CheckName, Report
from server.sealing.revocation_data import Word, words
from tests.factories.odd_seals import OddSeal, sealed_oddly
from tests.factories.sealing_world import BEGUN, SPKI, YEAR, Owner, World
from tests.factories.signer import FakeSigner
from tests.factories.stamp import META

SEALED = META.signing_time
AT = SEALED + timedelta(hours=1)
HOUR = timedelta(hours=1)
NAME = "南宁桂印科技有限公司"
LOST = Revocation(SEALED - HOUR, RevocationReason.KEY_COMPROMISE)
Answers = Callable[..., list[Word]]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(tmp_path_factory.mktemp("world") / "here")


@pytest.fixture(scope="module")
def owner(world: World) -> Owner:
    return world.owner(NAME)


@pytest.fixture(params=list(Algorithm))
def authority(request: pytest.FixtureRequest, world: World) -> Authority:
    return world.ca._kinds[request.param].issuing


@pytest.fixture
def certificate(authority: Authority, owner: Owner) -> x509.Certificate:
    is_sm2 = isinstance(authority.key, Sm2PrivateKey)
    der = owner.seal_signer.certificate if is_sm2 else owner.signer.certificate
    return x509.load_der_x509_certificate(der)


@pytest.fixture
def said(authority: Authority, certificate: x509.Certificate) -> Answers:
    """What is heard of the certificate as it stood when it sealed."""

    def ask(*, lists: tuple[bytes, ...] = (), answers: tuple[bytes, ...] = ()) -> list[Word]:
        sources = lists, answers
        issuer = authority.certificate
        return list(words(certificate, issuer, sources, at=SEALED, now=AT))

    return ask


def answer(
    responder: Authority,
    about: x509.Certificate,
    issuer: x509.Certificate,
    now: datetime,
    revocation: Revocation | None = None,
) -> bytes:
    request = ocsp.OCSPRequestBuilder().add_certificate(about, issuer, hashes.SHA256()).build()
    status = ocsp.OCSPCertStatus.REVOKED if revocation else ocsp.OCSPCertStatus.GOOD
    return build_ocsp_response(responder, request, status, revocation=revocation, now=now)


@pytest.mark.row("F-50")
def test_lists_of_the_issuer_are_heard_in_their_time(
    authority: Authority, certificate: x509.Certificate, said: Answers
) -> None:
    def made(now: datetime, *revoked: tuple[int, Revocation]) -> bytes:
        return build_crl(authority, revoked, number=1, now=now)

    assert said(lists=(made(SEALED),)) == [Word(None)]
    assert said(lists=(made(SEALED, (certificate.serial_number, LOST)),)) == [Word(LOST.at)]
    assert said(lists=(made(SEALED, (1, LOST)),)) == [Word(None)]
    assert said(lists=(made(AT + HOUR),)) == []
    assert said(lists=(made(SEALED - timedelta(days=8)),)) == []
    assert said(lists=(b"no list",)) == []


@pytest.mark.row("S-37")
def test_lists_of_others_or_of_a_part_are_not_heard(authority: Authority, said: Answers) -> None:
    is_sm2 = isinstance(authority.key, Sm2PrivateKey)
    key = Sm2PrivateKey.generate() if is_sm2 else ec.generate_private_key(ec.SECP256R1())
    forged = Authority(key, authority.certificate)
    assert said(lists=(build_crl(forged, [], number=1, now=SEALED),)) == []

    partly = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(authority.certificate.subject)
        .last_update(SEALED)
        .next_update(AT + HOUR)
        .add_extension(x509.DeltaCRLIndicator(1), critical=True)
    )
    assert said(lists=(sign_crl(partly, authority.key),)) == []


@pytest.mark.row("F-50", "S-37")
def test_answers_are_heard_from_the_issuer_and_whom_he_named(
    world: World, authority: Authority, certificate: x509.Certificate, said: Answers
) -> None:
    issuer = authority.certificate
    kinds = [one for one in world.ca._kinds.values() if one.issuing is authority]
    (responder,) = [kind.responder for kind in kinds]
    for one in (authority, responder):
        assert said(answers=(answer(one, certificate, issuer, SEALED),)) == [Word(None)]
        revoked = answer(one, certificate, issuer, SEALED, LOST)
        assert said(answers=(revoked,)) == [Word(LOST.at)]

    early, late = SEALED - timedelta(hours=2), AT + HOUR
    for now in (early, late):
        assert said(answers=(answer(responder, certificate, issuer, now),)) == []
    assert said(answers=(answer(responder, issuer, issuer, SEALED),)) == []
    assert said(answers=(b"no answer",)) == []


@pytest.mark.row("S-37")
def test_answers_of_others_are_not_heard(
    world: World, authority: Authority, certificate: x509.Certificate, said: Answers
) -> None:
    issuer = authority.certificate
    period = Period(BEGUN, BEGUN + YEAR)
    key = Sm2PrivateKey.generate()
    stranger = create_root("别家", key, period)
    named = stranger.issue_ocsp_responder("别家应答", key.public_key(), period)
    assert said(answers=(answer(Authority(key, named), certificate, issuer, SEALED),)) == []

    # A company's own certificate is of the same issuer, and answers for nobody.
    if isinstance(authority.key, Sm2PrivateKey):
        own = Authority(key, load(world.certificate(subject(), key.public_key().spki())))
    else:
        other = ec.generate_private_key(ec.SECP256R1())
        spki = other.public_key().public_bytes(*SPKI)
        own = Authority(other, load(world.certificate(subject(), spki)))
    assert said(answers=(answer(own, certificate, issuer, SEALED),)) == []


def subject() -> Subject:
    return Subject.of_company(NAME, "91450100MA5K8Q2X77")


def load(der: bytes) -> x509.Certificate:
    return x509.load_der_x509_certificate(der)


def told(report: Report, name: CheckName) -> tuple[Answer, str]:
    (seal,) = report.seals
    return next((one.answer, one.cause) for one in seal.checks if one.name is name)


def makers(period: Period, *, purpose: str = "maker") -> Iterator[Authority]:
    """A root for makers, and a maker below it."""
    root = create_root("制章根", Sm2PrivateKey.generate(), Period(BEGUN, BEGUN + YEAR))
    key = Sm2PrivateKey.generate()
    issue = root.issue_seal_maker if purpose == "maker" else root.issue_ocsp_responder
    yield root
    yield Authority(key, issue("制章者", key.public_key(), period))


def made_by(maker: Authority, owner: Owner) -> bytes:
    info = ses.read_seal(owner.seals[0]).signed
    certificate = maker.certificate.public_bytes(Encoding.DER)
    assert isinstance(maker.key, Sm2PrivateKey)
    return ses.build_seal(info, certificate, maker.key.sign(info))


@pytest.mark.row("F-50", "S-37")
@pytest.mark.parametrize(
    ("case", "expected"),
    [
        ("revoked after, unstamped", (Answer.UNKNOWN, "maker_revoked_later")),
        ("good", (Answer.PASSED, "")),
        ("ended before", (Answer.FAILED, "maker_expired")),
        ("begun after", (Answer.FAILED, "maker_not_yet_valid")),
        ("another purpose", (Answer.FAILED, "maker_key_usage")),
        ("revoked before", (Answer.FAILED, "maker_revoked")),
        ("revoked after", (Answer.PASSED, "")),
    ],
)
def test_a_maker_must_have_been_one_when_he_made_the_seal(
    world: World, owner: Owner, case: str, expected: tuple[Answer, str]
) -> None:
    made = ses.read_seal(owner.seals[0]).facts.created_at
    whole, day = Period(BEGUN, BEGUN + YEAR), timedelta(days=1)
    periods = {"ended before": Period(BEGUN, made - day), "begun after": Period(made + day, AT)}
    purpose = "responder" if case == "another purpose" else "maker"
    root, maker = makers(periods.get(case, whole), purpose=purpose)
    odd, stamped = OddSeal(seal=made_by(maker, owner)), not case.endswith("unstamped")
    file = sealed_oddly(world, owner, odd, stamped=stamped)
    moments = {"revoked before": SEALED - HOUR, "revoked after": SEALED + HOUR / 2}
    since = moments.get(case.removesuffix(", unstamped"))
    revoked = (
        [(maker.certificate.serial_number, replace(LOST, at=since))] if since is not None else []
    )
    trust = world.trust()
    trust = replace(
        trust,
        seal_maker_roots=(root.certificate.public_bytes(Encoding.DER),),
        crls=(*trust.crls, build_crl(root, revoked, number=1, now=AT)),
    )
    assert told(verify(file, trust, AT), CheckName.SEAL_VALIDITY) == expected


@pytest.mark.row("F-50")
@pytest.mark.parametrize("stamped", [True, False])
def test_a_certificate_that_has_ended_since_needs_a_time_stamp(
    world: World, owner: Owner, stamped: bool
) -> None:
    file = sealed_oddly(world, owner, OddSeal(), stamped=stamped)
    later = BEGUN + 2 * YEAR
    trust = world.trust()
    issuing = [kind.issuing for kind in world.ca._kinds.values()]
    crls = tuple(build_crl(one, [], number=2, now=later) for one in issuing)

    found = told(verify(file, replace(trust, crls=crls), later), CheckName.CERTIFICATE)
    passed, unknown = (Answer.PASSED, ""), (Answer.UNKNOWN, "expired_unstamped")
    assert found == (passed if stamped else unknown)


@pytest.mark.row("F-50", "S-37")
@pytest.mark.parametrize(
    ("life", "cause"),
    [((-30, -1), "certificate_expired"), ((1, 30), "certificate_not_yet_valid")],
)
def test_a_certificate_seals_within_its_own_life(
    world: World, owner: Owner, life: tuple[int, int], cause: str
) -> None:
    key = Sm2PrivateKey.generate()
    begins, ends = (SEALED + timedelta(days=days) for days in life)
    certificate = world.certificate(
        subject(), key.public_key().spki(), begins=begins, lives=ends - begins
    )
    signer = replace(owner.seal_signer, certificate=certificate, key=key)
    seal = world.seal(certificates=(certificate,))
    report = verify(
        sealed_oddly(world, owner, OddSeal(seal=seal, signer=signer)), world.trust(), AT
    )
    assert told(report, CheckName.CERTIFICATE) == (Answer.FAILED, cause)
    assert told(report, CheckName.SIGNING_TIME) == (Answer.FAILED, "outside_certificate_period")


@pytest.mark.row("S-37")
def test_the_key_of_a_responder_signs_no_document(world: World, owner: Owner) -> None:
    responder = world.ca._kinds[Algorithm.P256].responder
    assert isinstance(responder.key, ec.EllipticCurvePrivateKey)
    der = responder.certificate.public_bytes(Encoding.DER)
    signer = FakeSigner(der, owner.signer.chain, responder.key)
    report = verify(
        sealed_oddly(world, replace(owner, signer=signer), OddSeal()), world.trust(), AT
    )
    (signature,) = report.signatures
    assert (signature.intact, signature.trusted, signature.cause) == (True, False, "key_usage")
