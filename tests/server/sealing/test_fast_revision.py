"""The revision written by hand says what pyHanko's says, and odd files are left to pyHanko."""

import io
import subprocess
from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.sealing import errors
from server.sealing.fast_revision import write_revision
from server.sealing.inspection import inspect
from server.sealing.known_documents import KnownDocuments
from server.sealing.page_tree import boxes_by_pikepdf
from server.sealing.pdf_revision import Prepared, prepare
from server.sealing.placement import Placement
from server.sealing.reader import read
from server.sealing.sandbox import Sandbox
from server.sealing.seal_pdf import Signing, finish, seal
from server.sealing.skeleton import read_skeleton
from server.sealing.stamp import SealingMeta, Stamp
from tests.factories import pdf
from tests.factories.pdf_kinds import ODD, PLAIN
from tests.factories.signer import FakeSigner, SmallAuthority
from tests.factories.stamp import META, arrow_seal, one_on_every_page, oval_seal

ROOM = 4096
SLICE = (0.25, 0.0, 0.5, 1.0)


def by_hand(
    document: bytes, stamps: Sequence[Stamp], meta: SealingMeta = META, room: int = ROOM
) -> Prepared:
    skeleton = read_skeleton(document)
    assert skeleton is not None
    return write_revision(skeleton, sha256(document).hexdigest(), stamps, meta, room)


def what_it_says(sealed: bytes) -> dict[str, Any]:
    """All that a reader finds of the seals, whatever numbers the objects have."""
    with pikepdf.open(io.BytesIO(sealed)) as file:
        form = file.Root.AcroForm
        return {
            "root": _told(file.Root, leave=("/Pages", "/AcroForm")),
            "form": _told(form, leave=("/Fields",)),
            "fields": [_told(field) for field in form.Fields],
            "pages": [_told(page.obj) for page in file.pages],
            "info": _told(file.trailer.get("/Info")),
            "warnings": file.get_warnings(),
        }


def _told(item: Any, leave: Sequence[str] = ()) -> Any:
    leave = (*leave, "/P", "/Parent", "/Contents", "/ByteRange", "/Length")
    if isinstance(item, pikepdf.Stream):
        return _told(item.stream_dict, leave), item.read_bytes()
    if isinstance(item, pikepdf.Dictionary):
        return {key: _told(item[key], leave) for key in sorted(item.keys()) if key not in leave}
    if isinstance(item, pikepdf.Array):
        return [_told(one, leave) for one in item]
    if isinstance(item, pikepdf.String):
        return str(item)
    return float(item) if isinstance(item, int | float | Decimal) else item


def judged(sealed: bytes, root: bytes, at: datetime) -> Any:
    """What our reader says, without the numbers of objects."""
    reading = read(sealed, [root], at)
    seals = [(one.field_name, one.page, one.rectangle) for one in reading.seals]
    signatures = [
        (one.field_names, one.valid, one.intact, one.trusted, one.changed_later, one.covers_file)
        for one in reading.signatures
    ]
    return seals, reading.uncounted, signatures


def stamps_for(document: bytes) -> list[Stamp]:
    """A whole seal and a slice of another on each page."""
    with pikepdf.open(io.BytesIO(document)) as file:
        boxes = boxes_by_pikepdf(file)
    whole = one_on_every_page(boxes, oval_seal(), at=(0.4, 0.4))
    parts = one_on_every_page(boxes, arrow_seal(), at=(0.6, 0.7))
    return [*whole, *(Stamp(one.seal, _sliced(one.placement), None) for one in parts)]


def _sliced(place: Placement) -> Placement:
    return Placement(place.seal_id, place.page, place.x, place.y, SLICE)


@pytest.mark.row("F-41")
@pytest.mark.parametrize("kind", PLAIN)
def test_a_revision_by_hand_says_what_pyhanko_s_says(
    signer: FakeSigner,
    second_signer: FakeSigner,
    authority: SmallAuthority,
    now: datetime,
    kind: str,
) -> None:
    document = PLAIN[kind]
    stamps = stamps_for(document)
    once = [finish(document, way(document, stamps, META, ROOM), Signing(signer)) for way in WAYS]
    assert what_it_says(once[0]) == what_it_says(once[1])
    assert judged(once[0], authority.root, now) == judged(once[1], authority.root, now)

    second = Signing(second_signer)
    twice = [finish(file, way(file, stamps, META, ROOM), second) for file in once for way in WAYS]
    seals, uncounted, signatures = judged(twice[0], authority.root, now)
    assert (len(seals), uncounted) == (2 * len(stamps), ())
    assert [signature[1] for signature in signatures] == [True, True]
    for other in twice[1:]:
        assert what_it_says(other) == what_it_says(twice[0])
        assert judged(other, authority.root, now) == (seals, uncounted, signatures)


WAYS: Sequence[Callable[[bytes, Sequence[Stamp], SealingMeta, int], Prepared]] = (by_hand, prepare)
corners = st.integers(-200, 200)
lengths = st.floats(200, 3000, allow_nan=False)


@st.composite
def any_page(draw: st.DrawFn) -> pdf.Page:
    x, y, width, height = draw(corners), draw(corners), draw(lengths), draw(lengths)
    return pdf.Page(
        media=(x, y, x + width, y + height),
        crop=draw(st.sampled_from([None, (x + 10, y + 20, x + width - 30, y + height - 15)])),
        rotate=draw(st.sampled_from([0, 90, 180, 270])),
        user_unit=draw(st.sampled_from([1.0, 2.0])),
    )


@settings(max_examples=25, deadline=None)
@given(pages=st.lists(any_page(), min_size=1, max_size=4), xref_stream=st.booleans())
def test_both_ways_agree_on_any_pages(
    pages: list[pdf.Page], signer: FakeSigner, *, xref_stream: bool
) -> None:
    document = pdf.make_pdf(pages, xref_stream=xref_stream)
    stamps = stamps_for(document)
    sealed = [finish(document, way(document, stamps, META, ROOM), Signing(signer)) for way in WAYS]
    assert what_it_says(sealed[0]) == what_it_says(sealed[1])


@pytest.mark.parametrize("kind", ODD)
def test_an_odd_file_is_left_to_pyhanko(kind: str) -> None:
    assert read_skeleton(ODD[kind]) is None


def test_a_file_that_is_left_to_pyhanko_is_sealed_all_the_same(
    signer: FakeSigner, authority: SmallAuthority, sandbox: Sandbox, now: datetime
) -> None:
    document = ODD["inherited annotations"]
    stamps = one_on_every_page(inspect(document).pages, oval_seal())
    sealed = seal(document, stamps, META, sandbox=sandbox, signing=Signing(signer))
    seals, uncounted, [signature] = judged(sealed, authority.root, now)
    assert (len(seals), uncounted, signature[1]) == (2, (), True)


@pytest.mark.parametrize("kind", ["odd pages", "odd pages, stream"])
def test_qpdf_and_poppler_find_nothing_wrong_and_draw_the_same(
    signer: FakeSigner, tmp_path: Path, kind: str
) -> None:
    document = PLAIN[kind]
    stamps, drawn = stamps_for(document), []
    for number, way in enumerate(WAYS):
        path = tmp_path / f"{number}.pdf"
        path.write_bytes(finish(document, way(document, stamps, META, ROOM), Signing(signer)))
        checked = subprocess.run(["qpdf", "--check", str(path)], capture_output=True, text=True)
        assert (checked.returncode, checked.stderr) == (0, "")
        command = ["pdftoppm", "-r", "60", str(path), str(path.with_suffix(""))]
        assert subprocess.run(command, capture_output=True, check=True).stderr == b""
        drawn.append([one.read_bytes() for one in sorted(tmp_path.glob(f"{number}-*.ppm"))])
    assert len(drawn[0]) == len(pdf.ODD_PAGES)
    assert drawn[0] == drawn[1]


def test_a_page_that_is_not_there_and_a_name_that_is_taken_are_refused() -> None:
    document = pdf.pdf_with_form()
    seal_ = oval_seal()
    with pytest.raises(errors.PageOutside):
        by_hand(document, [Stamp(seal_, Placement(seal_.id, 2, 100, 100))])
    with pytest.raises(errors.FieldNameTaken):
        by_hand(document, [Stamp(seal_, Placement(seal_.id, 1, 100, 100), "Seal1")])


@pytest.mark.row("S-14")
def test_words_that_look_like_syntax_stay_words(
    signer: FakeSigner, authority: SmallAuthority, now: datetime
) -> None:
    words = r"a) \( >> /V 1 0 R endobj"
    meta = SealingMeta(words, words, "名) >>", META.signing_time, contact="\n")
    document = pdf.make_pdf()
    sealed = finish(document, by_hand(document, stamps_for(document), meta), Signing(signer))
    with pikepdf.open(io.BytesIO(sealed)) as file:
        value = file.Root.AcroForm.Fields[0].V
        assert [str(value[key]) for key in ("/Name", "/Reason", "/Location", "/ContactInfo")] == [
            *(words, words),
            *("名) >>", "\n"),
        ]
    assert judged(sealed, authority.root, now)[2][0][1]


@pytest.mark.row("F-42")
@pytest.mark.parametrize("kind", ["odd pages", "inherited annotations"])
def test_on_request_no_two_seals_share_a_signature(
    signer: FakeSigner,
    authority: SmallAuthority,
    sandbox: Sandbox,
    now: datetime,
    tmp_path: Path,
    kind: str,
) -> None:
    document = {**PLAIN, **ODD}[kind]
    stamps = one_on_every_page(inspect(document).pages, oval_seal())
    signing = Signing(signer, known=KnownDocuments(), one_signature_per_page=True)
    sealed = seal(document, stamps, META, sandbox=sandbox, signing=signing)
    seals, uncounted, signatures = judged(sealed, authority.root, now)
    assert [page for _, page, _ in seals] == list(range(1, len(stamps) + 1))
    assert uncounted == ()
    assert [names for names, *_ in signatures] == [(name,) for name, *_ in seals]
    assert all(valid for _, valid, *_ in signatures)
    path = tmp_path / "sealed.pdf"
    path.write_bytes(sealed)
    said = subprocess.run(["pdfsig", "-nocert", str(path)], capture_output=True, text=True).stdout
    assert said.count("Signature is Valid") == len(stamps)
