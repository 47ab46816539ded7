"""What the authority said at the signing stands in the file, for readers who cannot ask (B-LT)."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.dss import DocumentSecurityStore

from server.providers.ca.embedded import EmbeddedCa
from server.sealing import cms
from server.sealing.checks import verify
from server.sealing.fast_revision import write_revision
from server.sealing.pdf_revision import Prepared, prepare
from server.sealing.report import Overall, Report
from server.sealing.sandbox import Sandbox
from server.sealing.seal_pdf import finish, seal
from server.sealing.skeleton import read_skeleton
from server.sealing.stamp import SealingMeta, Stamp
from server.signing.lasting import validation_data
from tests.factories.pdf import Page, make_pdf
from tests.factories.pdf_kinds import PLAIN
from tests.factories.sealing_world import Owner, World, stamps_for
from tests.factories.stamp import META
from tests.fakes.silent_ca import DeafCa, SilentCa

AT = META.signing_time + timedelta(hours=1)
DOCUMENT = make_pdf([Page()] * 2)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(tmp_path_factory.mktemp("world") / "here")


@pytest.fixture(scope="module")
def owners(world: World) -> list[Owner]:
    names = {"南宁桂印科技有限公司": "13", "广西邕江建设工程有限责任公司": "24"}
    return [world.owner(name, f"91450100MA5K8Q2X{end}") for name, end in names.items()]


def lasting(world: World, owner: Owner) -> SealingMeta:
    data = validation_data(world.ca, owner.signer.certificate, owner.signer.chain)
    assert data is not None
    return replace(META, lasting=data)


def by_hand(
    document: bytes, stamps: Sequence[Stamp], meta: SealingMeta, slot_bytes: int
) -> Prepared:
    skeleton = read_skeleton(document)
    assert skeleton is not None
    digest = sha256(document).hexdigest()
    return write_revision(skeleton, digest, stamps, meta, slot_bytes)


def kept_in(sealed: bytes) -> tuple[set[bytes], set[bytes]]:
    """Certificates and OCSP answers in the file's store, as pyHanko finds them."""
    store = DocumentSecurityStore.read_dss(PdfFileReader(BytesIO(sealed)))
    certificates = {one.dump() for one in store.load_certs()}
    return certificates, {one.get_object().data for one in store.ocsps}


@pytest.mark.row("F-50")
@pytest.mark.parametrize("document", [DOCUMENT, PLAIN["newer, with a form"]])
@pytest.mark.parametrize("way", [by_hand, prepare])
def test_the_answer_of_the_authority_stands_beside_the_signature_in_one_revision(
    world: World, owners: list[Owner], way: Callable[..., Prepared], document: bytes
) -> None:
    meta, signing = lasting(world, owners[0]), world.signing(owners[0])
    room = cms.room_for(signing.signer, signing.timestamper, signing.seals)
    sealed = finish(document, way(document, stamps_for(document), meta, room), signing)
    assert sealed.count(b"startxref") == document.count(b"startxref") + 1
    data = meta.lasting
    assert data is not None
    certificates, answers = kept_in(sealed)
    assert certificates >= set(data.certificates)  # pyHanko adds those that an answer brings
    assert answers == set(data.ocsps)
    assert of_everybody(world, sealed).overall is Overall.VALID


@pytest.mark.row("F-50", "F-42")
def test_the_next_company_adds_its_own_and_both_seals_stay_valid(
    world: World, owners: list[Owner], sandbox: Sandbox
) -> None:
    document, certificates, answers = DOCUMENT, set[bytes](), set[bytes]()
    for owner in owners:
        meta, signing = lasting(world, owner), world.signing(owner)
        assert meta.lasting is not None
        certificates.update(meta.lasting.certificates)
        answers.update(meta.lasting.ocsps)
        document = seal(document, stamps_for(document), meta, sandbox=sandbox, signing=signing)
    kept = kept_in(document)
    assert kept[0] >= certificates
    assert kept[1] == answers
    report = of_everybody(world, document)
    assert report.overall is Overall.VALID
    assert len(report.signatures) == 2


@pytest.mark.row("F-50", "F-42")
def test_of_many_signatures_only_the_last_revision_brings_the_answers(
    world: World, owners: list[Owner], sandbox: Sandbox
) -> None:
    meta = lasting(world, owners[0])
    assert meta.lasting is not None
    signing = replace(world.signing(owners[0]), one_signature_per_page=True)
    stamps = stamps_for(DOCUMENT)
    sealed = seal(DOCUMENT, stamps, meta, sandbox=sandbox, signing=signing)
    assert len(stamps) > 1
    assert sealed.count(b"/Type /DSS") == 1
    assert kept_in(sealed)[1] == set(meta.lasting.ocsps)
    report = of_everybody(world, sealed)
    assert (report.overall, len(report.signatures)) == (Overall.VALID, len(stamps))


def test_who_asks_for_nothing_lasting_leaves_the_store_as_it_was(
    world: World, owners: list[Owner], sandbox: Sandbox
) -> None:
    first, second = owners
    stamps, signing = stamps_for(DOCUMENT), world.signing(first)
    once = seal(DOCUMENT, stamps, lasting(world, first), sandbox=sandbox, signing=signing)
    twice = seal(once, stamps, META, sandbox=sandbox, signing=world.signing(second))
    assert kept_in(twice) == kept_in(once)


@pytest.mark.row("R-08")
@pytest.mark.parametrize("ca", [SilentCa(), DeafCa()])
def test_without_an_answer_the_signature_is_made_without_it(
    owners: list[Owner], ca: EmbeddedCa
) -> None:
    signer = owners[0].signer
    assert validation_data(ca, signer.certificate, signer.chain) is None


def test_a_certificate_that_the_authority_does_not_know_gets_no_answer_kept(
    owners: list[Owner], world: World, tmp_path: Path
) -> None:
    other = World(tmp_path / "other").owner("另一家公司")
    assert validation_data(world.ca, other.signer.certificate, owners[0].signer.chain) is None


def of_everybody(world: World, sealed: bytes) -> Report:
    return verify(sealed, world.trust(), AT)
