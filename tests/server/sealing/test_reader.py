"""Our reader counts a seal only when its signature saw it, and nobody has touched it since."""

import socket
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from server.sealing.errors import PdfDamaged
from server.sealing.inspection import inspect
from server.sealing.page_box import PageBox
from server.sealing.pdf_revision import prepare
from server.sealing.reader import read, read_seals
from server.sealing.seal_pdf import Signing, finish
from server.sealing.stamp import Timestamper
from tests.factories import attack
from tests.factories.pdf import (
    A4,
    ODD_PAGES,
    Page,
    make_pdf,
    pdf_with_a_field_that_waits_for_a_signature,
    pdf_with_annotations_in_an_object,
)
from tests.factories.signer import FakeSigner, SmallAuthority, fetch_from
from tests.factories.stamp import META, one_on_every_page, square_seal

TAKING = [
    attack.move_widget,
    attack.take_off_the_page,
    attack.change_picture,
    attack.change_box,
]
LEAVING = [attack.add_widget, attack.show_on_another_page, attack.cover_page]


@pytest.fixture(scope="module")
def sealed(signer: FakeSigner, timestamper: Timestamper) -> bytes:
    """Three pages; the first carries the only seal."""
    document = make_pdf([Page()] * 3)
    stamps = one_on_every_page(inspect(document).pages, square_seal())[:1]
    prepared = prepare(document, stamps, META)
    return finish(document, prepared, Signing(signer, timestamper))


def test_a_seal_is_found_where_it_was_placed(signer: FakeSigner) -> None:
    document = make_pdf(ODD_PAGES)
    stamps = one_on_every_page(inspect(document).pages, square_seal(size_mm=25.4), at=(0.3, 0.6))
    found = read_seals(finish(document, prepare(document, stamps, META), Signing(signer)))
    assert [seal.page for seal in found] == [1, 2, 3, 4]
    for seal, stamp, half in zip(found, stamps, (36, 36, 36, 18), strict=True):
        x, y = stamp.placement.x, stamp.placement.y
        assert seal.rectangle == pytest.approx((x - half, y - half, x + half, y + half), abs=1e-3)


def test_seals_of_two_companies_are_found_beside_other_annotations(
    signer: FakeSigner, second_signer: FakeSigner
) -> None:
    document = inspect(pdf_with_annotations_in_an_object()).document
    for each in (signer, second_signer):
        stamps = one_on_every_page(inspect(document).pages, square_seal())
        document = finish(document, prepare(document, stamps, META), Signing(each))
    assert [seal.field_name for seal in read_seals(document)] == ["Seal1", "Seal2"]


@pytest.mark.row("S-37")
@pytest.mark.parametrize("deed", LEAVING)
def test_a_seal_gained_later_is_not_counted_and_the_signature_not_valid(
    sealed: bytes,
    authority: SmallAuthority,
    now: datetime,
    deed: Callable[[bytes], bytes],
) -> None:
    reading = read(deed(sealed), [authority.root], now)
    assert [(seal.field_name, seal.page) for seal in reading.seals] == [("Seal1", 1)]
    (signature,) = reading.signatures
    assert not signature.valid
    assert signature.intact
    assert signature.changed_later
    assert not signature.covers_file


@pytest.mark.row("S-37")
@pytest.mark.parametrize("deed", TAKING)
def test_a_seal_that_was_touched_later_is_no_longer_counted(
    sealed: bytes,
    authority: SmallAuthority,
    now: datetime,
    deed: Callable[[bytes], bytes],
) -> None:
    reading = read(deed(sealed), [authority.root], now)
    assert reading.seals == ()
    assert not any(signature.valid for signature in reading.signatures)


@pytest.mark.row("S-37")
def test_we_name_the_forged_widget_that_pdfsig_calls_valid(sealed: bytes, tmp_path: Path) -> None:
    forged = attack.add_widget(sealed)
    path = tmp_path / "forged.pdf"
    path.write_bytes(forged)
    report = subprocess.run(["pdfsig", "-nocert", str(path)], capture_output=True, text=True)
    assert report.stdout.count("Signature is Valid") == 2
    assert [seal.field_name for seal in read_seals(forged)] == ["Seal1"]


def test_the_forged_widget_is_named_as_uncounted(
    sealed: bytes, authority: SmallAuthority, now: datetime
) -> None:
    assert read(attack.add_widget(sealed), [authority.root], now).uncounted == ("Forged",)


@pytest.mark.row("S-37")
def test_a_seal_of_a_signature_that_leaves_bytes_out_is_not_counted(sealed: bytes) -> None:
    start = int(sealed.split(b"/ByteRange [0 ")[1].split()[0])
    narrower = sealed.replace(b"/ByteRange [0 %d " % start, b"/ByteRange [0 %d " % (start - 1))
    assert read_seals(narrower + b"% more\n") == []


@pytest.mark.row("S-37")
def test_a_field_that_waited_for_the_signature_is_not_counted(signer: FakeSigner) -> None:
    document = pdf_with_a_field_that_waits_for_a_signature()
    stamps = one_on_every_page([PageBox(A4)], square_seal())
    sealed = finish(document, prepare(document, stamps, META), Signing(signer))
    assert sealed.count(b"/V %d 0 R" % read_seals(sealed)[0].signature) == 2
    assert [seal.field_name for seal in read_seals(sealed)] == ["Seal1"]


@pytest.mark.row("S-37")
@pytest.mark.parametrize(
    ("shown", "concealed"), [(b"/F 132", b"/F 134"), (b"/Fields [", b"/Fiends [")]
)
def test_a_seal_that_is_hidden_or_in_no_form_is_not_counted(
    signer: FakeSigner, shown: bytes, concealed: bytes
) -> None:
    document = make_pdf()
    prepared = prepare(document, one_on_every_page([PageBox(A4)], square_seal()), META)
    assert shown in prepared.revision
    revision = prepared.revision.replace(shown, concealed)
    sealed = finish(document, replace(prepared, revision=revision), Signing(signer))
    assert read_seals(sealed) == []


@pytest.mark.row("S-37")
def test_a_changed_byte_makes_the_signature_invalid(
    sealed: bytes, authority: SmallAuthority, now: datetime
) -> None:
    changed = sealed.replace(b"0.7 G 1 w", b"0.8 G 1 w", 1)
    (signature,) = read(changed, [authority.root], now).signatures
    assert not signature.intact
    assert not signature.valid


def test_a_signature_is_valid_only_below_a_root_that_was_given(
    sealed: bytes, now: datetime
) -> None:
    (signature,) = read(sealed, [SmallAuthority().root], now).signatures
    assert (signature.intact, signature.trusted, signature.valid) == (True, False, False)


def test_a_file_without_signatures_has_nothing_to_say(now: datetime) -> None:
    reading = read(make_pdf(), [], now)
    assert (reading.seals, reading.signatures, reading.uncounted) == ((), (), ())


def test_what_is_no_pdf_is_a_named_error(now: datetime) -> None:
    with pytest.raises(PdfDamaged):
        read(b"%PDF-1.7 and nothing more", [], now)


@pytest.mark.row("S-38")
def test_nothing_is_fetched_from_an_address_that_the_file_names(
    authority: SmallAuthority, now: datetime
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}/list"
        signer = authority.signer(extensions=fetch_from(url))
        document = make_pdf()
        stamps = one_on_every_page([PageBox(A4)], square_seal())
        sealed = finish(document, prepare(document, stamps, META), Signing(signer))
        read(sealed, [authority.root], now)
        server.setblocking(False)
        with pytest.raises(BlockingIOError):
            server.accept()
