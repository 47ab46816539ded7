"""A seal is drawn where it was confirmed and nowhere else, however the file is put together."""

import io
from collections.abc import Callable
from dataclasses import replace

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from server.sealing import errors
from server.sealing.inspection import inspect
from server.sealing.numbers_to_come import may_name_numbers_to_come
from server.sealing.pdf_revision import prepare, rehearse
from server.sealing.placement import Placement
from server.sealing.sandbox import Sandbox
from server.sealing.seal_pdf import Signing, finish, seal
from server.sealing.stamp import Stamp, ValidationData
from tests.factories import pdf
from tests.factories.pdf_kinds import ODD, changed
from tests.factories.signer import FakeSigner
from tests.factories.stamp import META, one_on_every_page, square_seal

WAITING = b"/WaitingX"
SPELLINGS = [b"9 0 R", b"09 0 R", b"9%\n0 R", b"9\0\n0 R", b"9 0R", b"9. 0 R"]
SHARED = [
    *("shared annotations", "fields are a page's annotations"),
    "pages are a page's annotations",
]
BROKEN_STORES: list[Callable[[], object]] = [
    lambda: 5,
    lambda: Dictionary(Certs=Array([5])),
    lambda: Dictionary(Certs=7),
    lambda: Dictionary(OCSPs=Array([Name.Junk])),
]


def naming(spelling: bytes, *, in_stream: bool = False) -> bytes:
    """A page whose resources name an object that is still to come; it has less than nine."""

    def name_it(file: pikepdf.Pdf) -> None:
        page = file.pages[0].obj
        page.Resources = Dictionary(XObject=Dictionary(Later=Name(WAITING.decode())))

    document = changed(name_it, pdf.make_pdf())
    if in_stream:
        return _in_object_stream(document, spelling)
    return document.replace(WAITING, spelling.ljust(len(WAITING)))


def _in_object_stream(document: bytes, spelling: bytes) -> bytes:
    output = io.BytesIO()
    with pikepdf.open(io.BytesIO(document)) as file:
        file.save(
            output,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            compress_streams=False,
            stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
        )
    written = output.getvalue()
    assert WAITING in written
    return written.replace(WAITING, spelling.ljust(len(WAITING)))


def later_of(document: bytes) -> object:
    with pikepdf.open(io.BytesIO(document)) as file:
        return file.pages[0].obj.Resources.XObject.get("/Later")


def sealed(document: bytes, signer: FakeSigner, page: int | None = None) -> bytes:
    seal_ = square_seal()
    stamps = one_on_every_page(inspect(document).pages, seal_)
    if page is not None:
        stamps = [Stamp(seal_, Placement(seal_.id, page, 100, 100))]
    return finish(document, prepare(document, stamps, META), Signing(signer))


@pytest.mark.row("S-14", "S-16", "S-36")
@pytest.mark.parametrize("in_stream", [False, True])
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_no_unsigned_file_names_an_object_that_our_revision_will_bring(
    signer: FakeSigner, spelling: bytes, *, in_stream: bool
) -> None:
    found = inspect(naming(spelling, in_stream=in_stream))
    assert found.repaired
    assert not inspect(found.document).repaired  # it looks no more as if it named anything
    assert not isinstance(later_of(sealed(found.document, signer)), pikepdf.Object)


@pytest.mark.row("S-14", "S-36")
def test_what_stands_in_an_object_stream_is_looked_at_too() -> None:
    with pikepdf.open(io.BytesIO(naming(b"9 0 R", in_stream=True))) as file:
        assert may_name_numbers_to_come(b"", file)  # as if the stream could not be read as it is


@pytest.mark.row("S-14", "S-36")
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_signed_file_that_names_one_is_refused(signer: FakeSigner, spelling: bytes) -> None:
    document = naming(WAITING)
    signed = sealed(document, signer)
    size = int(signed.rpartition(b"/Size ")[2].split()[0])
    waiting = spelling.replace(b"9", b"%d" % (size + 3))
    assert inspect(signed).document == signed
    with pytest.raises(errors.PdfDamaged):
        inspect(signed.replace(WAITING, waiting.ljust(len(WAITING))))


@pytest.mark.row("S-34")
def test_bytes_that_only_look_like_a_reference_do_not_refuse_a_signed_file(
    signer: FakeSigner,
) -> None:
    def look_like(file: pikepdf.Pdf) -> None:
        file.Root.Words = pikepdf.String("see 90 0 R there")
        file.Root.Picture = pikepdf.Stream(file, b"\1\2 91 0 R \3")

    signed = sealed(changed(look_like), signer)
    assert b"90 0 R" in signed
    assert inspect(signed).document == signed


@pytest.mark.row("S-14", "S-16")
@pytest.mark.parametrize("kind", SHARED)
def test_a_seal_on_one_page_is_listed_on_no_other(signer: FakeSigner, kind: str) -> None:
    with pytest.raises(errors.PdfDamaged):
        rehearse(ODD[kind])
    found = inspect(ODD[kind])
    assert found.repaired
    with pikepdf.open(io.BytesIO(sealed(found.document, signer, page=2))) as file:
        [field] = [one for one in file.Root.AcroForm.Fields if one.get("/FT") == Name.Sig]
        listed = [[one.objgen for one in page.obj.get("/Annots", Array())] for page in file.pages]
        assert [field.objgen in one for one in listed] == [False, True]
        assert len(file.pages) == 2


@pytest.mark.parametrize("kind", ["form is a page", "form is the catalogue"])
def test_a_form_in_an_odd_place_loses_no_seal(
    signer: FakeSigner, sandbox: Sandbox, kind: str
) -> None:
    found = inspect(ODD[kind])
    stamps = one_on_every_page(found.pages, square_seal())
    whole = seal(found.document, stamps, META, sandbox=sandbox, signing=Signing(signer))
    with pikepdf.open(io.BytesIO(whole)) as file:
        assert [len(page.obj.Annots) for page in file.pages] == [1, 1]
        assert len(file.Root.AcroForm.Fields) == 2


@pytest.mark.row("F-50")
@pytest.mark.parametrize("store", BROKEN_STORES)
def test_a_broken_store_is_found_before_anybody_signs(store: Callable[[], object]) -> None:
    def with_store(file: pikepdf.Pdf) -> None:
        file.Root["/DSS"] = store()

    found = inspect(changed(with_store))
    assert found.repaired
    lasting = replace(META, lasting=ValidationData())
    prepare(found.document, one_on_every_page(found.pages, square_seal()), lasting)


@pytest.mark.row("F-50")
def test_a_signed_file_with_a_broken_store_is_refused(signer: FakeSigner) -> None:
    def with_store(file: pikepdf.Pdf) -> None:
        file.Root["/DSS"] = 5

    document = changed(with_store)
    stamps = one_on_every_page(inspect(pdf.make_pdf()).pages, square_seal())
    signed = finish(document, prepare(document, stamps, META), Signing(signer))
    with pytest.raises(errors.PdfDamaged):
        inspect(signed)
