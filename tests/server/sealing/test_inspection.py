"""What is taken in, what is refused, and what is repaired before its digest is shown."""

import io
import random
from collections.abc import Callable
from hashlib import sha256

import pikepdf
import pytest
from pikepdf import Name

from server.core.errors import DomainError
from server.sealing import errors
from server.sealing.inspection import inspect
from server.sealing.page_box import PageBox
from server.sealing.pdf_revision import prepare
from server.sealing.sandbox import Sandbox
from server.sealing.seal_pdf import Signing, finish
from tests.factories import pdf
from tests.factories.signer import FakeSigner
from tests.factories.stamp import META, one_on_every_page, square_seal

REFUSED: list[tuple[Callable[[], bytes], type[DomainError]]] = [
    (lambda: b"", errors.NotAPdf),
    (lambda: b"GIF89a" + bytes(100), errors.NotAPdf),
    (lambda: b"<html>" + b" " * 1024 + pdf.make_pdf(), errors.NotAPdf),
    (pdf.damaged_pdf, errors.PdfDamaged),
    (pdf.pdf_with_a_deep_page_tree, errors.PdfDamaged),
    (pdf.encrypted_pdf, errors.PdfEncrypted),
    (lambda: pdf.encrypted_pdf(user=""), errors.PdfEncrypted),
    (pdf.pdf_with_unknown_encryption, errors.PdfUnsupportedEncryption),
    (pdf.pdf_without_pages, errors.PdfNoPages),
    (pdf.pdf_with_xfa, errors.PdfXfa),
    (pdf.pdf_with_javascript, errors.PdfActiveContent),
]
MASKED = [Name.JavaScript, Name.Launch, Name.SubmitForm, Name.ImportData, Name.Hide]


@pytest.mark.row("F-37", "F-46", "S-33", "S-35")
@pytest.mark.parametrize(("make", "error"), REFUSED)
def test_what_cannot_be_sealed_is_refused_by_name(
    make: Callable[[], bytes], error: type[DomainError]
) -> None:
    with pytest.raises(error) as caught:
        inspect(make())
    assert type(caught.value) is error


@pytest.mark.row("S-35")
@pytest.mark.parametrize("place", ["/OpenAction", "/AA"])
@pytest.mark.parametrize("kind", MASKED)
def test_an_action_that_may_change_what_is_shown_is_refused(kind: Name, place: str) -> None:
    with pytest.raises(errors.PdfActiveContent) as caught:
        inspect(pdf.pdf_with_action({"/S": kind}, place=place))
    assert caught.value.details == {"kinds": [str(kind)[1:]]}


@pytest.mark.row("S-35")
def test_a_name_spelt_in_hexadecimal_hides_no_script() -> None:
    masked = pdf.pdf_with_javascript().replace(b"/JavaScript", b"/J#61vaScript")
    with pytest.raises(errors.PdfActiveContent):
        inspect(masked.replace(b"/JS", b"/#4aS"))


@pytest.mark.row("S-35")
def test_a_name_kept_as_an_object_of_its_own_hides_no_script() -> None:
    with pikepdf.open(io.BytesIO(pdf.make_pdf())) as file:
        kind = file.make_indirect(Name.Launch)
        file.Root.OpenAction = pikepdf.Dictionary(S=kind, F="calc.exe")
        output = io.BytesIO()
        file.save(output)
    with pytest.raises(errors.PdfActiveContent):
        inspect(output.getvalue())


@pytest.mark.row("S-35")
def test_a_script_beside_a_harmless_action_is_refused() -> None:
    with pytest.raises(errors.PdfActiveContent):
        inspect(pdf.pdf_with_action({"/S": Name.GoTo, "/JS": "app.alert(1)"}))


def test_opening_at_a_page_is_no_script() -> None:
    assert inspect(pdf.pdf_that_opens_at_a_page()).warnings == ()


@pytest.mark.row("F-46")
@pytest.mark.parametrize("xref_stream", [False, True])
def test_a_clean_file_is_taken_byte_for_byte_with_its_pages(*, xref_stream: bool) -> None:
    data = pdf.make_pdf(pdf.ODD_PAGES, xref_stream=xref_stream)
    inspection = inspect(data)
    assert inspection.document == data
    assert not inspection.repaired
    assert inspection.warnings == ()
    assert inspection.original_digest == inspection.document_digest == sha256(data).hexdigest()
    assert inspection.pages == (
        PageBox((0, 0, 595.276, 841.89)),
        PageBox((50, 70, 500, 700), rotate=90),
        PageBox((-60, -20, 700, 500), rotate=270),
        PageBox((0, 0, 400, 500), rotate=180, user_unit=2),
    )


def test_pages_inherit_their_box_and_turn() -> None:
    with pikepdf.open(io.BytesIO(pdf.make_pdf())) as file:
        page = file.pages[0].obj
        tree = file.Root.Pages
        tree.MediaBox, tree.Rotate = pikepdf.Array([0, 0, 300, 400]), 90
        del page.MediaBox
        output = io.BytesIO()
        file.save(output)
    assert inspect(output.getvalue()).pages == (PageBox((0, 0, 300, 400), rotate=90),)


@pytest.mark.row("S-33", "S-14")
@pytest.mark.parametrize(
    "data",
    [
        pdf.pdf_with_broken_xref(),
        pdf.pdf_with_form(direct=True),
        b"MZ junk in front\n" + pdf.make_pdf(),
        b"MZ\njunk%PDF-1.4\n".ljust(15, b"\n") + pdf.make_pdf()[15:],
        pdf.make_pdf() + b"PK\x03\x04 an archive behind",
    ],
)
def test_an_unsigned_file_is_repaired_and_has_a_new_digest(data: bytes) -> None:
    inspection = inspect(data)
    assert inspection.repaired
    assert inspection.warnings[0].code == "repaired"
    assert inspection.original_digest == sha256(data).hexdigest()
    assert inspection.document_digest == sha256(inspection.document).hexdigest()
    assert inspection.document_digest != inspection.original_digest
    assert b"junk" not in inspection.document
    assert b"archive" not in inspection.document
    again = inspect(inspection.document)
    assert not again.repaired
    assert again.pages == inspection.pages


def test_an_older_text_is_not_kept_behind_an_unsigned_file() -> None:
    first = pdf.make_pdf()
    update = b"\n9 0 obj\n(older text)\nendobj\nstartxref\n%d\n%%%%EOF\n"
    inspection = inspect(first + update % first.rindex(b"xref\n0"))
    assert b"older text" not in inspection.document


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (pdf.pdf_with_hidden_layer(), "hidden_layers"),
        (pdf.pdf_with_unembedded_font(), "unembedded_font"),
        (pdf.pdf_with_attachment(), "embedded_files"),
        (pdf.pdf_with_form(), "form_fields"),
    ],
)
def test_what_readers_may_show_differently_is_a_warning_in_both_languages(
    data: bytes, code: str
) -> None:
    (warning,) = inspect(data).warnings
    assert warning.code == code
    assert all(warning.message)


def test_the_fonts_that_are_missing_are_named() -> None:
    (warning,) = inspect(pdf.pdf_with_unembedded_font()).warnings
    assert warning.details == ("SimSun",)


def sealed(signer: FakeSigner, document: bytes) -> bytes:
    stamps = one_on_every_page(inspect(document).pages, square_seal())
    return finish(document, prepare(document, stamps, META), Signing(signer))


def test_a_signed_file_is_never_repaired(signer: FakeSigner) -> None:
    data = sealed(signer, pdf.make_pdf())
    inspection = inspect(data)
    assert inspection.signed
    assert inspection.document == data
    with pytest.raises(errors.PdfDamaged):
        inspect(data[: data.rindex(b"startxref")])


@pytest.mark.row("S-35")
@pytest.mark.parametrize(
    "lock",
    [
        b"/TransformMethod /DocMDP /TransformParams << /P 1 >>",
        b"/TransformMethod /DocMDP /TransformParams << /P 2 >>",
        b"/TransformMethod /DocMDP /TransformParams << /P 3 >>",
        b"/TransformMethod /DocMDP",
        b"/TransformMethod /FieldMDP /TransformParams << /Action /All >>",
    ],
)
def test_a_file_whose_signature_forbids_more_is_locked(signer: FakeSigner, lock: bytes) -> None:
    signed = sealed(signer, pdf.make_pdf())
    reference = b"/Filter /Adobe.PPKLite /Reference [ << %s >> ]" % lock
    with pytest.raises(errors.PdfLocked):
        inspect(signed.replace(b"/Filter /Adobe.PPKLite", reference, 1))


@pytest.mark.row("S-34")
def test_whatever_is_cut_or_changed_the_answer_is_a_result_or_a_named_error() -> None:
    draw = random.Random(2026)
    sources = [pdf.make_pdf(pdf.ODD_PAGES, xref_stream=True), pdf.pdf_with_form(), pdf.make_pdf()]
    for _ in range(400):
        data = bytearray(draw.choice(sources))
        for _ in range(draw.randint(1, 8)):
            data[draw.randrange(len(data))] = draw.choice(b"0 9/<>[]()Rx\0\xff")
        if draw.random() < 0.2:
            del data[draw.randrange(len(data)) :]
        try:
            inspection = inspect(bytes(data))
        except DomainError:
            continue
        assert inspection.pages


@pytest.mark.row("S-37")
def test_a_field_that_waits_for_our_signature_is_emptied() -> None:
    inspection = inspect(pdf.pdf_with_a_field_that_waits_for_a_signature())
    assert inspection.repaired
    with pikepdf.open(io.BytesIO(inspection.document)) as file:
        assert "/V" not in file.Root.AcroForm.Fields[0]


@pytest.mark.row("S-34", "R-15")
def test_a_bomb_of_a_few_kilobytes_is_refused_and_the_next_file_is_served() -> None:
    bomb = pdf.pdf_with_a_bomb()
    assert len(bomb) < 10_000
    with Sandbox(memory_mb=150, workers=1) as sandbox:
        with pytest.raises((errors.PdfTooComplex, errors.PdfDamaged)):
            sandbox.run(inspect, bomb)
        assert sandbox.run(inspect, pdf.make_pdf()).pages


@pytest.mark.row("F-46", "S-32")
def test_twenty_mebibytes_pass_through_the_sandbox(sandbox: Sandbox) -> None:
    data = pdf.padded_pdf(20 * 2**20)
    assert len(data) == 20 * 2**20
    assert sandbox.run(inspect, data).document_digest == sha256(data).hexdigest()
