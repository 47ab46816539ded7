"""A whole file is judged: its signatures, its seals, what came later, and the worst of it all."""

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pikepdf
import pytest
from asn1crypto import core

from server.sealing import cms
from server.sealing.byte_range import byte_range_digest
from server.sealing.checks import MOST_SEALS, MOST_UNCOUNTED, verify
from server.sealing.errors import PdfDamaged, PdfEncrypted, PdfTooComplex
from server.sealing.page_box import PageBox
from server.sealing.pdf_revision import prepare
from server.sealing.report import (
    Answer,
    CheckName,
    Overall,
    Report,
    RevisionBy,
    SignatureKind,
)
from server.sealing.sandbox import Sandbox
from server.sealing.seal_pdf import Signing, finish
from server.sealing.trust import TrustList
from tests.factories import attack
from tests.factories.pdf import (
    A4,
    Page,
    make_pdf,
    pdf_with_a_field_that_waits_for_a_signature,
)
from tests.factories.sealing_world import ATTRIBUTE, Owner, World, sealed_by, stamps_for
from tests.factories.signer import SmallAuthority
from tests.factories.stamp import META, one_on_every_page, square_seal

AT = META.signing_time + timedelta(hours=1)
DOCUMENT = make_pdf([Page()] * 3)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(tmp_path_factory.mktemp("world") / "here")


@pytest.fixture(scope="module")
def owner(world: World) -> Owner:
    return world.owner("南宁桂印科技有限公司")


@pytest.fixture(scope="module")
def second(world: World) -> Owner:
    return world.owner("广西邕江建设工程有限责任公司", "91450100MA5K8Q2X24")


@pytest.fixture(scope="module")
def sealed(world: World, owner: Owner) -> bytes:
    """Two seals on each of the first two pages; the third has none."""
    return sealed_by(world.signing(owner), DOCUMENT, stamps_for(DOCUMENT))


def all_passed(report: Report) -> bool:
    checks = [check for seal in report.seals for check in seal.checks]
    return bool(checks) and all(check.answer is Answer.PASSED for check in checks)


@pytest.mark.row("F-50")
def test_our_own_file_passes_all_eight_checks(world: World, owner: Owner, sealed: bytes) -> None:
    report = verify(sealed, world.trust(), AT)
    assert all_passed(report)
    assert (report.overall, report.cause, report.uncounted) == (Overall.VALID, "", ())
    assert (report.pages, report.size) == (3, len(sealed))
    assert [seal.owner for seal in report.seals] == [owner.name] * 2
    assert {len(seal.places) for seal in report.seals} == {4}
    (signature,) = report.signatures
    assert signature.kind is SignatureKind.SEALED
    assert (signature.signer, signature.seals) == (owner.name, (0, 1))
    assert (signature.intact, signature.trusted, signature.covers_file) == (True, True, True)
    assert signature.stamped_at == signature.claimed_at == META.signing_time
    assert [one.by for one in report.revisions] == [RevisionBy.DOCUMENT, RevisionBy.SIGNATURE]
    assert [one.ends_at for one in report.revisions] == [len(DOCUMENT), len(sealed)]


@pytest.mark.row("F-50")
def test_the_report_comes_whole_out_of_the_child(
    world: World, sealed: bytes, sandbox: Sandbox
) -> None:
    trust = world.trust()
    assert sandbox.run(verify, sealed, trust, AT) == verify(sealed, trust, AT)


@pytest.mark.row("F-50")
def test_a_second_company_seals_and_both_stay_valid(
    world: World, owner: Owner, second: Owner, sealed: bytes
) -> None:
    both = sealed_by(world.signing(second), sealed, stamps_for(sealed, pages=(1, 2, 3)))
    report = verify(both, world.trust(), AT)
    assert (report.overall, all_passed(report)) == (Overall.VALID, True)
    assert [seal.owner for seal in report.seals] == [owner.name] * 2 + [second.name] * 2
    assert [one.covers_file for one in report.signatures] == [False, True]
    assert [one.by for one in report.revisions][1:] == [RevisionBy.SIGNATURE] * 2
    assert report.revisions[-1].changes == tuple(f"signature_field_added:{n}" for n in (1, 2, 3))


@pytest.mark.row("F-50", "S-37")
@pytest.mark.parametrize(
    ("deed", "change"),
    [
        (attack.add_widget, "signature_field_added:2"),
        (attack.move_widget, "annotation_changed:1"),
        (attack.show_on_another_page, "signature_field_added:2"),
        (attack.take_off_the_page, "annotation_removed:1"),
        (attack.change_picture, "annotation_changed:1"),
        (attack.change_box, "page_box:1"),
        (attack.cover_page, "page_content:1"),
    ],
)
def test_what_was_changed_after_sealing_is_named(
    world: World, sealed: bytes, deed: Callable[[bytes], bytes], change: str
) -> None:
    report = verify(deed(sealed), world.trust(), AT)
    assert (report.overall, report.cause) == (Overall.CHANGED, "changed_later")
    assert {seal.overall for seal in report.seals} == {Overall.CHANGED}
    assert (report.revisions[-1].by, report.signatures[0].intact) == (RevisionBy.CHANGE, True)
    assert change in report.revisions[-1].changes


@pytest.mark.row("F-50", "S-37")
def test_a_changed_byte_makes_seal_and_file_invalid(world: World, sealed: bytes) -> None:
    changed = sealed.replace(b"0.7 G 1 w", b"0.8 G 1 w", 1)
    assert changed != sealed
    report = verify(changed, world.trust(), AT)
    assert report.overall is Overall.INVALID
    assert report.signatures[0].cause == "document_digest_differs"
    assert report.seals[0].cause == "seal_digest_differs"


@pytest.mark.row("S-37")
def test_a_byte_range_that_leaves_something_out_is_invalid(world: World, sealed: bytes) -> None:
    start = int(sealed.split(b"/ByteRange [0 ")[1].split()[0])
    narrower = sealed.replace(b"/ByteRange [0 %d " % start, b"/ByteRange [0 %d " % (start - 1))
    report = verify(narrower, world.trust(), AT)
    assert report.overall is Overall.INVALID
    assert report.signatures[0].cause == "byte_range_incomplete"
    told = {check.name: check.cause for check in report.seals[0].checks}
    assert told[CheckName.DOCUMENT_DIGEST] == "byte_range_incomplete"


@pytest.mark.row("F-50")
def test_an_ordinary_signature_is_called_what_it_is(world: World, owner: Owner) -> None:
    signing = Signing(owner.signer, world.tsa.stamp)
    report = verify(sealed_by(signing, DOCUMENT, stamps_for(DOCUMENT)), world.trust(), AT)
    assert report.seals == ()
    assert report.signatures[0].kind is SignatureKind.SIGNATURE
    assert (report.overall, report.cause) == (Overall.VALID, "no_seal")


@pytest.mark.row("F-50")
def test_a_signature_of_nobody_we_know_cannot_be_judged(world: World) -> None:
    stranger = SmallAuthority().signer("外地公司")
    report = verify(sealed_by(Signing(stranger), DOCUMENT, stamps_for(DOCUMENT)), world.trust(), AT)
    assert (report.overall, report.cause) == (Overall.UNKNOWN, "certificate_untrusted")
    assert (report.signatures[0].intact, report.signatures[0].trusted) == (True, False)


@pytest.mark.row("F-50")
def test_a_file_without_a_signature_has_a_result_of_its_own(world: World) -> None:
    report = verify(DOCUMENT, world.trust(), AT)
    assert (report.overall, report.cause) == (Overall.UNKNOWN, "no_signature")
    assert (report.seals, report.signatures, report.pages) == ((), (), 3)


@pytest.mark.row("S-37")
@pytest.mark.parametrize(
    "forged", [b"/Contents ()", b"/Contents <00>", b"/Contents null", b"/Contents 0 0 R"]
)
def test_a_signature_that_is_none_is_invalid(world: World, sealed: bytes, forged: bytes) -> None:
    start, resume = (int(n) for n in sealed.split(b"/ByteRange [0 ")[1].split()[:2])
    head = sealed[: sealed.rindex(b"/Contents", 0, start)]
    filling = b" " * (resume - len(head) - len(forged))
    report = verify(head + forged + filling + sealed[resume:], world.trust(), AT)
    assert report.overall is Overall.INVALID
    assert report.signatures[0].cause in ("signature_unreadable", "byte_range_incomplete")


def test_what_cannot_be_opened_is_a_named_error(world: World, sealed: bytes) -> None:
    with pytest.raises(PdfDamaged):
        verify(b"%PDF-1.7 and nothing more", world.trust(), AT)
    output = io.BytesIO()
    with pikepdf.open(io.BytesIO(sealed)) as pdf:
        pdf.save(output, encryption=pikepdf.Encryption(owner="o", user="u"))
    with pytest.raises(PdfEncrypted):
        verify(output.getvalue(), world.trust(), AT)


@pytest.mark.row("F-50")
def test_seals_are_looked_for_under_the_names_that_were_given(world: World, sealed: bytes) -> None:
    named = replace(world.trust(), seal_attributes=("1.2.3.4",))
    assert verify(sealed, named, AT).cause == "no_seal"


@pytest.mark.row("S-37")
def test_a_seal_that_is_shown_nowhere_is_no_valid_seal(world: World, owner: Owner) -> None:
    signing = world.signing(owner)
    room = cms.room_for(signing.signer, signing.timestamper, signing.seals)
    prepared = prepare(DOCUMENT, stamps_for(DOCUMENT), META, room)
    hidden = replace(prepared, revision=prepared.revision.replace(b"/F 132", b"/F 134"))
    report = verify(finish(DOCUMENT, hidden, signing), world.trust(), AT)
    assert all_passed(report)
    assert {seal.cause for seal in report.seals} == {"seal_not_shown"}
    assert (report.overall, report.cause) == (Overall.UNKNOWN, "seal_not_shown")


@pytest.mark.row("S-37")
def test_a_field_that_shows_a_seal_where_none_counts_is_named(world: World, owner: Owner) -> None:
    document = pdf_with_a_field_that_waits_for_a_signature()
    stamps = one_on_every_page([PageBox(A4)], square_seal())
    report = verify(sealed_by(world.signing(owner), document, stamps), world.trust(), AT)
    assert len(report.uncounted) == 1
    assert {seal.overall for seal in report.seals} == {Overall.VALID}
    assert (report.overall, report.cause) == (Overall.UNKNOWN, "uncounted_fields")


def crowded(owner: Owner, values: int, widgets: int) -> bytes:
    """One signature with so many values that are no seals, and so many fields that show it."""
    document, room = make_pdf(), 40 * 1024
    prepared = prepare(document, stamps_for(document)[:1] * widgets, META, room)
    file = bytearray(document + prepared.revision)
    start, resume = prepared.slot
    seals = {ATTRIBUTE: [core.Integer(number).dump() for number in range(values)]}
    made = cms.make(byte_range_digest(file, start, resume), owner.signer, None, seals)
    file[start + 1 : start + 1 + 2 * len(made)] = made.hex().encode()
    return bytes(file)


@pytest.mark.row("S-34", "R-15")
@pytest.mark.parametrize(("values", "widgets"), [(1000, 1000), (MOST_SEALS + 1, 1), (200, 501)])
def test_more_seals_than_a_report_can_hold_are_refused_by_name(
    world: World, owner: Owner, values: int, widgets: int
) -> None:
    with pytest.raises(PdfTooComplex):
        verify(crowded(owner, values, widgets), world.trust(), AT)


@pytest.mark.row("S-34")
def test_as_many_seals_as_a_report_can_hold_are_told(world: World, owner: Owner) -> None:
    report = verify(crowded(owner, MOST_SEALS, 1), world.trust(), AT)
    assert len(report.seals) == MOST_SEALS


@pytest.mark.row("S-34", "R-15")
def test_more_uncounted_fields_than_a_report_can_hold_are_refused_by_name(
    world: World, owner: Owner
) -> None:
    hidden = crowded(owner, 1, MOST_UNCOUNTED + 1).replace(b"/F 132", b"/F 134")
    with pytest.raises(PdfTooComplex):
        verify(hidden, world.trust(), AT)


@pytest.mark.row("F-50")
def test_whoever_trusts_nobody_believes_nothing(sealed: bytes) -> None:
    report = verify(sealed, TrustList(), AT)
    assert report.overall is Overall.UNKNOWN
    assert not all_passed(report)
