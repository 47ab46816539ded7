"""Attacks on a sealed PDF: each is a further revision that tries to gain or move a seal."""

import io
from collections.abc import Callable
from typing import Any

from pyhanko.pdf_utils.generic import ArrayObject, FloatObject, NameObject, StreamObject, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter


def add_widget(sealed: bytes) -> bytes:
    """A new field on page 2 with the old seal's picture, pointed at the old signature."""

    def attack(writer: IncrementalPdfFileWriter) -> None:
        field = type(first_field(writer))(first_field(writer))
        field[NameObject("/T")] = pdf_string("Forged")
        field[NameObject("/P")] = _page(writer, 1)
        reference = writer.add_object(field)
        writer.root["/AcroForm"]["/Fields"].append(reference)
        writer.update_container(writer.root["/AcroForm"])
        writer.register_annotation(_page(writer, 1), reference)

    return _attacked(sealed, attack)


def move_widget(sealed: bytes) -> bytes:
    """The seal's own field, at another place of its page."""

    def attack(writer: IncrementalPdfFileWriter) -> None:
        field = first_field(writer)
        field[NameObject("/Rect")] = ArrayObject(FloatObject(value) for value in (9, 9, 99, 99))
        writer.update_container(field)

    return _attacked(sealed, attack)


def show_on_another_page(sealed: bytes) -> bytes:
    """The seal's own widget, listed by page 2 as well."""

    def attack(writer: IncrementalPdfFileWriter) -> None:
        field = writer.root["/AcroForm"]["/Fields"].raw_get(0)
        writer.register_annotation(_page(writer, 1), field)

    return _attacked(sealed, attack)


def take_off_the_page(sealed: bytes) -> bytes:
    """Page 1 lists the seal's widget no longer."""

    def attack(writer: IncrementalPdfFileWriter) -> None:
        page = _page(writer, 0).get_object()
        page[NameObject("/Annots")] = ArrayObject()
        writer.update_container(page)

    return _attacked(sealed, attack)


def change_picture(sealed: bytes) -> bytes:
    """Another drawing under the number of the seal's appearance stream."""

    def attack(writer: IncrementalPdfFileWriter) -> None:
        reference = first_field(writer)["/AP"].raw_get("/N").reference
        drawing = reference.get_object()
        forged = StreamObject(
            {key: drawing.raw_get(key) for key in drawing if key not in ("/Length", "/Filter")},
            stream_data=b"0 0 1 rg 0 0 50 50 re f",
        )
        writer.objects[(reference.generation, reference.idnum)] = forged

    return _attacked(sealed, attack)


def change_box(sealed: bytes) -> bytes:
    """The page's box is changed, so that the seal is shown elsewhere."""

    def attack(writer: IncrementalPdfFileWriter) -> None:
        page = _page(writer, 0).get_object()
        page[NameObject("/CropBox")] = ArrayObject(FloatObject(v) for v in (0, 0, 300, 300))
        writer.update_container(page)

    return _attacked(sealed, attack)


def cover_page(sealed: bytes) -> bytes:
    """Other content on page 1, below an untouched seal."""

    def attack(writer: IncrementalPdfFileWriter) -> None:
        page = _page(writer, 0).get_object()
        forged = StreamObject(stream_data=b"1 g 0 0 600 900 re f")
        page[NameObject("/Contents")] = writer.add_object(forged)
        writer.update_container(page)

    return _attacked(sealed, attack)


def first_field(writer: IncrementalPdfFileWriter) -> Any:
    return writer.root["/AcroForm"]["/Fields"][0]


def _page(writer: IncrementalPdfFileWriter, index: int) -> Any:
    return writer.root["/Pages"]["/Kids"].raw_get(index)


def _attacked(sealed: bytes, attack: Callable[[IncrementalPdfFileWriter], None]) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(sealed))
    attack(writer)
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()
