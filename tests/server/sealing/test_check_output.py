"""A sealed file is looked at once more before it is stored."""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest

from server.sealing.check_output import check_output
from server.sealing.errors import SealingBroken
from server.sealing.inspection import inspect
from server.sealing.known_documents import KnownDocuments
from server.sealing.pdf_revision import Prepared, prepare
from server.sealing.seal_pdf import Signing, finish
from server.sealing.stamp import Timestamper
from tests.factories.pdf import make_pdf
from tests.factories.signer import FakeSigner, SmallAuthority
from tests.factories.stamp import META, one_on_every_page, square_seal

DOCUMENT = make_pdf()
Check = Callable[..., None]


@pytest.fixture(scope="module")
def prepared() -> Prepared:
    stamps = one_on_every_page(inspect(DOCUMENT).pages, square_seal())
    return prepare(DOCUMENT, stamps, META)


@pytest.fixture(scope="module")
def sealed(prepared: Prepared, signer: FakeSigner, timestamper: Timestamper) -> bytes:
    return finish(DOCUMENT, prepared, Signing(signer, timestamper))


@pytest.fixture(params=["nothing known", "all known"])
def check(request: pytest.FixtureRequest) -> Check:
    """The check made afresh, and with the document's hashes remembered."""
    known = KnownDocuments()
    if request.param == "all known":
        known.prefix_of(DOCUMENT)
    return partial(check_output, known=known)


def changed(sealed: bytes, at: int) -> bytes:
    return sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]


def test_a_good_file_passes(check: Check, sealed: bytes, signer: FakeSigner) -> None:
    check(DOCUMENT, sealed, signer.certificate)


@pytest.mark.row("S-14")
@pytest.mark.parametrize("place", [0, 100, len(DOCUMENT) - 2, len(DOCUMENT) + 5, -3])
def test_no_byte_may_change_before_or_after_the_signature(
    check: Check, sealed: bytes, signer: FakeSigner, place: int
) -> None:
    with pytest.raises(SealingBroken):
        check(DOCUMENT, changed(sealed, place % len(sealed)), signer.certificate)


def test_the_signature_must_be_of_the_expected_key(
    check: Check, sealed: bytes, second_signer: FakeSigner
) -> None:
    with pytest.raises(SealingBroken):
        check(DOCUMENT, sealed, second_signer.certificate)


def test_another_certificate_of_the_same_key_is_another_signer(
    check: Check, sealed: bytes, signer: FakeSigner, authority: SmallAuthority
) -> None:
    namesake = authority.signer("另一家公司", signer.key)
    with pytest.raises(SealingBroken):
        check(DOCUMENT, sealed, namesake.certificate)


@pytest.mark.row("S-14")
def test_a_good_signature_of_another_document_does_not_pass(
    check: Check, sealed: bytes, signer: FakeSigner
) -> None:
    with pytest.raises(SealingBroken):
        check(changed(DOCUMENT, 100), sealed, signer.certificate)


def test_nothing_may_follow_the_signed_revision(
    check: Check, sealed: bytes, signer: FakeSigner
) -> None:
    with pytest.raises(SealingBroken):
        check(DOCUMENT, sealed + b"\n", signer.certificate)


def test_nothing_may_hide_in_the_room_of_the_signature(
    check: Check, sealed: bytes, prepared: Prepared, signer: FakeSigner
) -> None:
    end = prepared.slot[1]
    with pytest.raises(SealingBroken):
        check(DOCUMENT, sealed[: end - 3] + b"41>" + sealed[end:], signer.certificate)


def test_a_child_that_leaves_more_out_of_the_byte_range_is_found_out(
    prepared: Prepared, signer: FakeSigner
) -> None:
    start, end = prepared.slot
    rest = len(DOCUMENT) + len(prepared.revision) - end
    for numbers in ((start - 40, end, rest), (start, end + 40, rest), (start, end, rest - 40)):
        revision = re.sub(
            rb"/ByteRange \[[\d ]+\]", b"/ByteRange [0 %d %d %d]" % numbers, prepared.revision
        )
        with pytest.raises(SealingBroken):
            finish(DOCUMENT, replace(prepared, revision=revision), Signing(signer))
    with pytest.raises(SealingBroken):
        finish(DOCUMENT, replace(prepared, slot=(start - 2, end)), Signing(signer))


def test_a_key_that_does_not_belong_to_the_certificate_is_found_out(
    prepared: Prepared, signer: FakeSigner, second_signer: FakeSigner
) -> None:
    with pytest.raises(SealingBroken):
        finish(DOCUMENT, prepared, Signing(replace(signer, key=second_signer.key)))


def test_a_time_stamp_of_something_else_is_found_out(
    prepared: Prepared, signer: FakeSigner, timestamper: Timestamper
) -> None:
    with pytest.raises(SealingBroken):
        finish(DOCUMENT, prepared, Signing(signer, lambda _: timestamper(bytes(32))))
