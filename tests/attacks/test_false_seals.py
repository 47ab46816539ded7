"""Electronic seals that are not what they say are found by the check that looks at it (S-37)."""

import socket
from dataclasses import replace
from datetime import timedelta
from inspect import getmembers, isfunction
from pathlib import Path
from types import ModuleType

import pytest

from server.sealing.checks import verify
from server.sealing.report import Answer, CheckName, Overall, Report, SignatureKind
from server.sealing.sandbox import Sandbox
from tests.attacks import false_seals, false_signatures
from tests.attacks.scene import Scene
from tests.factories.pdf import make_pdf
from tests.factories.sealing_world import World, sealed_by, stamps_for
from tests.factories.stamp import META

LATER = META.signing_time + timedelta(hours=1)
FAILED, UNKNOWN = Answer.FAILED, Answer.UNKNOWN
FORGED = (CheckName.SEAL_VALIDITY, FAILED, "seal_forged")
NOT_LISTED = (CheckName.SIGNER_CERTIFICATE, FAILED, "signer_not_listed")
WRONG_VALUE = (CheckName.SEAL_SIGNATURE, FAILED, "seal_signature_wrong")
OTHER_BYTES = (CheckName.DOCUMENT_DIGEST, FAILED, "seal_digest_differs")
UNREADABLE = (CheckName.SEAL_FORMAT, FAILED, "seal_unreadable")
# The check that finds it, its answer, and the cause that a person is told.
FOUND: dict[str, tuple[CheckName, Answer, str]] = {
    "a_seal_of_somebody_else": NOT_LISTED,
    "a_seal_swapped_below_its_signature": NOT_LISTED,
    "a_renamed_seal": FORGED,
    "a_seal_with_another_picture": FORGED,
    "a_seal_that_lives_longer": FORGED,
    "a_list_with_one_more_signer": FORGED,
    "a_maker_of_the_same_name": FORGED,
    "a_seal_that_has_ended": (CheckName.SEAL_VALIDITY, FAILED, "seal_expired"),
    "a_seal_that_has_not_begun": (CheckName.SEAL_VALIDITY, FAILED, "seal_not_yet_valid"),
    "a_maker_of_another_world": (CheckName.SEAL_VALIDITY, UNKNOWN, "maker_untrusted"),
    "a_seal_made_by_its_owner": (CheckName.SEAL_VALIDITY, UNKNOWN, "maker_untrusted"),
    "a_signer_who_is_not_in_the_list": NOT_LISTED,
    "a_listed_certificate_with_another_key": WRONG_VALUE,
    "an_ended_certificate": (CheckName.SIGNING_TIME, FAILED, "outside_certificate_period"),
    "another_hash": OTHER_BYTES,
    "no_hash": OTHER_BYTES,
    "a_value_with_a_changed_bit": WRONG_VALUE,
    "an_empty_value": WRONG_VALUE,
    "signatures_of_another_document": OTHER_BYTES,
    "the_time_stamp_of_another_signature": (
        CheckName.TIME_STAMP, FAILED, "stamp_wrong_imprint",
    ),
    "a_time_stamp_of_another_world": (CheckName.TIME_STAMP, UNKNOWN, "stamp_untrusted"),
    "sealed_in_the_future": (CheckName.SIGNING_TIME, FAILED, "in_the_future"),
    "sealed_before_anybody_had_a_key": (CheckName.SIGNING_TIME, FAILED, "outside_seal_period"),
    "no_seal_in_the_value": UNREADABLE,
    "a_value_of_a_version_that_nobody_knows": UNREADABLE,
    "a_signature_value_of_nothing": (CheckName.TIME_STAMP, FAILED, "stamp_wrong_imprint"),
}  # fmt: skip
# No seal is left to be checked, or the seals are good and what stands around them is not.
WITHOUT: dict[str, tuple[Overall, str]] = {
    "the_seals_stripped": (Overall.INVALID, "signature_value_wrong"),
    "the_seals_stripped_and_signed_by_a_stranger": (Overall.UNKNOWN, "certificate_untrusted"),
    "no_certificate_at_all": (Overall.INVALID, "signature_unreadable"),
    "two_signers_in_one": (Overall.INVALID, "signature_unreadable"),
    "the_seals_among_what_nobody_signs": (Overall.VALID, "no_seal"),
    "under_another_number": (Overall.VALID, "no_seal"),
}


def attacks(module: ModuleType) -> dict[str, object]:
    own = {name: one for name, one in getmembers(module, isfunction) if not name.startswith("_")}
    return {name: one for name, one in own.items() if one.__module__ == module.__name__}


DEEDS = attacks(false_seals) | attacks(false_signatures)
APART = {"without_a_time_stamp", "signed_by_a_stranger_with_the_owners_seals"}


def told(sandbox: Sandbox, scene: Scene, file: bytes) -> Report:
    return sandbox.run(verify, file, scene.world.trust(), LATER)


def test_every_attack_is_made() -> None:
    assert set(DEEDS) == set(FOUND) | set(WITHOUT) | APART


@pytest.mark.row("S-37")
def test_the_same_file_without_the_attack_is_valid(sandbox: Sandbox, scene: Scene) -> None:
    report = told(sandbox, scene, scene.sealed())
    assert report.overall is Overall.VALID
    assert len(report.seals) == 2
    assert {check.answer for seal in report.seals for check in seal.checks} == {Answer.PASSED}


@pytest.mark.row("S-37", "F-50")
@pytest.mark.parametrize("name", FOUND)
def test_a_false_seal_is_found_by_the_check_that_looks_at_it(
    sandbox: Sandbox, scene: Scene, name: str
) -> None:
    report = told(sandbox, scene, DEEDS[name](scene))
    check, answer, cause = FOUND[name]
    assert report.seals
    for seal in report.seals:
        answers = {one.name: (one.answer, one.cause) for one in seal.checks}
        assert answers[check] == (answer, cause)
    overall = Overall.INVALID if answer is FAILED else Overall.UNKNOWN
    assert (report.overall, report.cause) == (overall, cause)


@pytest.mark.row("S-37", "F-50")
@pytest.mark.parametrize("name", WITHOUT)
def test_a_signature_whose_seals_are_gone_is_called_a_signature_and_no_seal(
    sandbox: Sandbox, scene: Scene, name: str
) -> None:
    report = told(sandbox, scene, DEEDS[name](scene))
    assert report.seals == ()
    assert [one.kind for one in report.signatures] == [SignatureKind.SIGNATURE]
    assert (report.overall, report.cause) == WITHOUT[name]


@pytest.mark.row("S-37", "F-50")
def test_without_a_time_stamp_seven_checks_are_passed_and_one_cannot_tell(
    sandbox: Sandbox, scene: Scene
) -> None:
    report = told(sandbox, scene, DEEDS["without_a_time_stamp"](scene))
    for seal in report.seals:
        left = {one.name: one.cause for one in seal.checks if one.answer is not Answer.PASSED}
        assert left == {CheckName.TIME_STAMP: "no_time_stamp"}


@pytest.mark.row("S-37")
def test_good_seals_in_a_stranger_s_signature_do_not_make_the_file_valid(
    sandbox: Sandbox, scene: Scene
) -> None:
    report = told(sandbox, scene, DEEDS["signed_by_a_stranger_with_the_owners_seals"](scene))
    assert (report.overall, report.cause) == (Overall.UNKNOWN, "certificate_untrusted")


@pytest.mark.row("S-37")
def test_the_seals_of_two_files_put_in_each_other_are_of_neither(
    sandbox: Sandbox, scene: Scene
) -> None:
    """Each value is good, each file is of the same owner, and only the bytes differ."""
    copied = false_signatures.signatures_of_another_document(scene)
    report = told(sandbox, scene, copied)
    assert [seal.name for seal in report.seals] == [scene.owner.name] * 2
    assert {seal.overall for seal in report.seals} == {Overall.INVALID}


@pytest.mark.row("S-38")
def test_no_address_in_a_certificate_is_asked_by_the_verifier(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    """In this process, where a connection would be possible, and in the child."""
    document = make_pdf()
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}/x"
        world = World(tmp_path / "named", address)
        owner = world.owner("南宁桂印科技有限公司")
        sealed = sealed_by(world.signing(owner), document, stamps_for(document))
        for certificate in (owner.signer.certificate, owner.seal_signer.certificate):
            assert certificate.count(address.encode()) == 3  # a list, a status, an issuer
        # Also when no list is at hand, and when the authorities between are not.
        bare = replace(world.trust(), crls=(), others=())
        for trust in (world.trust(), bare):
            verify(sealed, trust, LATER)
            sandbox.run(verify, sealed, trust, LATER)
        server.setblocking(False)
        with pytest.raises(BlockingIOError):
            server.accept()
