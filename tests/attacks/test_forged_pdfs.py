"""A sealed PDF that was touched afterwards is never taken for what was sealed (S-37)."""

from collections.abc import Callable
from datetime import timedelta
from time import monotonic

import pytest

from server.sealing.checks import verify
from server.sealing.errors import PdfDamaged
from server.sealing.report import Overall, Report
from server.sealing.sandbox import Sandbox
from tests.attacks import (
    additions,
    byte_ranges,
    incremental,
    shadow,
    signed_changes,
    tables,
    touched_seals,
)
from tests.attacks.revision import Revision
from tests.attacks.scene import Scene
from tests.factories.sealing_world import sealed_by, stamps_for
from tests.factories.stamp import META

Deed = Callable[[bytes], bytes]
Outcome = tuple[Overall, str] | type[PdfDamaged]
LATER = META.signing_time + timedelta(hours=1)
MOST_SECONDS = 10

CHANGED = (Overall.CHANGED, "changed_later")
UNREADABLE = (Overall.INVALID, "signature_unreadable")
PARTIAL = (Overall.INVALID, "byte_range_incomplete")
DEEDS: dict[str, Deed] = {
    **{one.__name__: one for one in incremental.ATTACKS},
    **{one.__name__: one for one in touched_seals.ATTACKS},
    **{one.__name__: one for one in tables.ATTACKS},
    **additions.ATTACKS,
}
# What is not simply a later change. A file without a table that leads to its end is not read:
# what a reader that rebuilds it would show is nobody's word.
OTHERWISE: dict[str, Outcome] = {
    "other_content_without_a_table": PdfDamaged,
    "other_content_with_a_trailer_alone": PdfDamaged,
    "an_endless_history": PdfDamaged,
    "junk_in_front": PdfDamaged,
    "two_files_in_one": PdfDamaged,
    "cut_short": PdfDamaged,
    "other_content_and_a_copied_signature": PARTIAL,
    "other_content_and_a_signature_under_a_new_number": PARTIAL,
    "history_left_out": PARTIAL,
    "another_form": (Overall.UNKNOWN, "uncounted_fields"),
}
RANGES: dict[str, Outcome] = {
    "something behind the signature": UNREADABLE,
    "a_value_in_the_field": UNREADABLE,
    "a_value_of_another_kind": UNREADABLE,
    "no_value_in_the_field": CHANGED,
    "range: null": PdfDamaged,
    "range: words": PdfDamaged,
    "range: references": PdfDamaged,
    "entry: a number for a range": PdfDamaged,
    "entry: a string for a range": PdfDamaged,
    "entry: no range": UNREADABLE,
    **{name: UNREADABLE for name in byte_ranges.ATTACKS if "contents" in name},
    **{name: UNREADABLE for name in byte_ranges.ATTACKS if name.startswith("gap:")},
    "entry: one zero": UNREADABLE,
}
SHADOWS = {deed.__name__: (prepare, deed) for prepare, deed in shadow.ATTACKS}
SIGNED = {change.__name__: change for change in signed_changes.CHANGES}


def told(sandbox: Sandbox, scene: Scene, file: bytes) -> Report | type[PdfDamaged]:
    began = monotonic()
    try:
        report = sandbox.run(verify, file, scene.world.trust(), LATER)
    except PdfDamaged:
        return PdfDamaged
    finally:
        assert monotonic() - began < MOST_SECONDS
    # No word on the file is better than that on any seal in it.
    assert report.overall is not Overall.VALID or all(
        one.overall is Overall.VALID for one in (*report.seals, *report.signatures)
    )
    return report


def outcome(sandbox: Sandbox, scene: Scene, file: bytes) -> Outcome:
    report = told(sandbox, scene, file)
    return (report.overall, report.cause) if isinstance(report, Report) else report


@pytest.mark.row("S-37")
def test_what_was_sealed_and_not_touched_is_valid_with_all_eight_checks(
    sandbox: Sandbox, scene: Scene, sealed: bytes
) -> None:
    report = told(sandbox, scene, sealed)
    assert isinstance(report, Report)
    assert (report.overall, report.cause, report.uncounted) == (Overall.VALID, "", ())
    assert len(report.seals) == 2
    for seal in report.seals:
        assert [check.answer for check in seal.checks] == ["passed"] * 8
        assert len(seal.places) == 4


@pytest.mark.row("S-37")
@pytest.mark.parametrize("name", DEEDS)
def test_what_was_appended_is_found(
    sandbox: Sandbox, scene: Scene, sealed: bytes, name: str
) -> None:
    forged = DEEDS[name](sealed)
    assert forged != sealed
    assert outcome(sandbox, scene, forged) == OTHERWISE.get(name, CHANGED)


@pytest.mark.row("S-37")
@pytest.mark.parametrize("name", byte_ranges.ATTACKS)
def test_a_signature_that_says_oddly_what_it_covers_covers_nothing(
    sandbox: Sandbox, scene: Scene, sealed: bytes, name: str
) -> None:
    forged = byte_ranges.ATTACKS[name](sealed)
    assert forged != sealed
    assert outcome(sandbox, scene, forged) == RANGES.get(name, PARTIAL)


@pytest.mark.row("S-37")
@pytest.mark.parametrize("name", SHADOWS)
def test_a_document_that_was_prepared_to_change_its_face_is_valid_until_it_does(
    sandbox: Sandbox, scene: Scene, name: str
) -> None:
    prepare, deed = SHADOWS[name]
    document = prepare()
    sealed = sealed_by(scene.world.signing(scene.owner), document, stamps_for(document))
    assert outcome(sandbox, scene, sealed) == (Overall.VALID, "")
    assert outcome(sandbox, scene, deed(sealed)) == CHANGED


@pytest.mark.row("S-37")
def test_who_only_signs_afterwards_or_adds_what_verifies_changes_nothing(
    sandbox: Sandbox, scene: Scene, sealed: bytes
) -> None:
    twice = signed_changes.signed(Revision(sealed), scene.other, scene)
    assert outcome(sandbox, scene, twice) == (Overall.VALID, "")
    kept = additions.validation_data(sealed)
    assert outcome(sandbox, scene, kept) == (Overall.VALID, "")


@pytest.mark.row("S-37")
@pytest.mark.parametrize("left_out", [b" /Reason (paid in full)", b" "])
def test_a_signature_that_leaves_out_more_than_itself_covers_nothing(
    sandbox: Sandbox, scene: Scene, sealed: bytes, left_out: bytes
) -> None:
    """Whatever stands there may be exchanged later without breaking it."""
    revision = Revision(sealed)
    file = signed_changes.signed(revision, scene.other, scene, left_out=left_out)
    assert outcome(sandbox, scene, file) == PARTIAL


@pytest.mark.row("S-37")
@pytest.mark.parametrize("name", SIGNED)
def test_who_signs_afterwards_may_not_change_anything_else(
    sandbox: Sandbox, scene: Scene, sealed: bytes, name: str
) -> None:
    revision = Revision(sealed)
    SIGNED[name](revision)
    assert outcome(sandbox, scene, signed_changes.signed(revision, scene.other, scene)) == CHANGED


@pytest.mark.row("S-37")
def test_seals_that_a_later_signer_takes_off_the_form_are_not_passed_over(
    sandbox: Sandbox, scene: Scene, sealed: bytes
) -> None:
    """The widgets stay on their pages as kids of a field that no list of the form names."""
    revision = Revision(sealed)
    signed_changes.seals_off_the_form(revision)
    report = told(sandbox, scene, signed_changes.signed(revision, scene.other, scene))
    assert isinstance(report, Report)
    assert len(report.uncounted) == 4
    assert report.overall is not Overall.VALID


@pytest.mark.row("S-37")
@pytest.mark.parametrize("name", [b"(Later)", b"(Seal1)"])
def test_a_text_filled_in_by_a_later_signer_is_a_change_also_under_the_name_of_his_field(
    sandbox: Sandbox, scene: Scene, name: bytes
) -> None:
    document = shadow.with_a_form_to_fill()
    sealed = sealed_by(scene.world.signing(scene.owner), document, stamps_for(document))
    revision = Revision(sealed)
    signed_changes.a_text_filled_in(revision)
    file = signed_changes.signed(revision, scene.other, scene, name=name)
    assert outcome(sandbox, scene, file) == CHANGED


@pytest.mark.row("S-37")
def test_a_stranger_s_seals_beside_good_ones_are_nobody_s(
    sandbox: Sandbox, scene: Scene, sealed: bytes
) -> None:
    stamps = stamps_for(scene.document, [3])
    both = sealed_by(scene.elsewhere.signing(scene.stranger), sealed, stamps)
    report = told(sandbox, scene, both)
    assert isinstance(report, Report)
    assert [seal.overall for seal in report.seals] == ["valid", "valid", "unknown", "unknown"]
    assert (report.overall, report.cause) == (Overall.UNKNOWN, "maker_untrusted")
