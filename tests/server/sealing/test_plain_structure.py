"""The quick way to read a signed file sees what pyHanko sees, or says nothing at all."""

import re
from collections.abc import Callable
from types import ModuleType

import pytest

from server.sealing import plain_structure, sealed_revision
from server.sealing.page_box import PageBox
from server.sealing.plain_structure import read_plain
from server.sealing.seal_pdf import Signing
from server.sealing.structure_reading import read_by_pyhanko
from tests.factories import attack
from tests.factories.other_signers import rsa_signer, signed_elsewhere, with_store
from tests.factories.pdf import (
    A4,
    ODD_PAGES,
    Page,
    make_pdf,
    pdf_with_a_field_that_waits_for_a_signature,
    pdf_with_annotations_in_an_object,
    pdf_with_form,
)
from tests.factories.sealing_world import World, sealed_by, stamps_for
from tests.factories.signer import SmallAuthority
from tests.factories.stamp import one_on_every_page, square_seal

KINDS: dict[str, Callable[[], bytes]] = {
    "one page": make_pdf,
    "twenty pages": lambda: make_pdf([Page()] * 20),
    "stream of references": lambda: make_pdf([Page()] * 3, xref_stream=True),
    "odd pages": lambda: make_pdf(ODD_PAGES),
    "form": pdf_with_form,
    "annotations in an object": pdf_with_annotations_in_an_object,
    "blanks at the end": lambda: make_pdf() + b"\n\n",
}


@pytest.fixture(scope="module")
def signing(tmp_path_factory: pytest.TempPathFactory) -> Signing:
    world = World(tmp_path_factory.mktemp("world") / "here")
    return world.signing(world.owner("南宁桂印科技有限公司"))


@pytest.fixture(scope="module")
def sealed(signing: Signing) -> bytes:
    document = make_pdf([Page()] * 2)
    return sealed_by(signing, document, stamps_for(document))


@pytest.mark.row("F-50")
@pytest.mark.parametrize("kind", KINDS)
def test_both_ways_see_the_same_in_what_we_have_sealed(signing: Signing, kind: str) -> None:
    document = KINDS[kind]()
    sealed = sealed_by(signing, document, stamps_for(document))
    plain = read_plain(sealed)
    assert plain is not None
    assert plain == read_by_pyhanko(sealed)
    assert all(place.counts for place in plain.places)


@pytest.mark.row("S-37")
@pytest.mark.parametrize(
    "deed",
    [
        attack.add_widget,
        attack.move_widget,
        attack.show_on_another_page,
        attack.take_off_the_page,
        attack.change_picture,
        attack.change_box,
        attack.cover_page,
        lambda sealed: sealed + b"\n",
        lambda sealed: b"\n" + sealed,
        lambda sealed: with_store(sealed, ()),
    ],
)
def test_of_a_file_that_something_was_done_to_the_quick_way_says_nothing(
    sealed: bytes, deed: Callable[[bytes], bytes]
) -> None:
    assert read_plain(sealed) is not None
    assert read_plain(deed(sealed)) is None


@pytest.mark.row("S-37")
@pytest.mark.parametrize(
    ("written", "forged"),
    [
        (b"/ByteRange [0 ", b"/ByteRange [1 "),
        (b"/FT /Sig", b"/FT /Sog"),
        (b"/F 132", b"/F 134"),
        (b"/Fields [", b"/Fiends ["),
        (b"/ETSI.CAdES.detached", b"/ETSI.CAdES.detach  "),
    ],
)
def test_a_file_written_otherwise_is_read_alike_or_left_to_the_slow_way(
    sealed: bytes, written: bytes, forged: bytes
) -> None:
    assert written in sealed
    changed = sealed.replace(written, forged)
    plain = read_plain(changed)
    assert plain is None or plain == read_by_pyhanko(changed)


@pytest.mark.row("S-35", "S-37")
@pytest.mark.parametrize(
    ("ours", "other"),
    [
        (b"/Location (", b"/Reference("),
        (b"/T (Seal1)", b"/Lock(al1)"),
        (b"/T (Seal1)", b"/Parent(1)"),
        (b"/T (Seal1)", b"/Kids(al1)"),
        (b"/ETSI.CAdES.detached", b"/adbe.pkcs7.detached"),
        (b"\n>>\nstartxref", b" /XRefStm 9>>\nstartxref"),
    ],
)
def test_what_is_not_exactly_ours_is_left_to_the_slow_way(
    sealed: bytes, ours: bytes, other: bytes
) -> None:
    assert ours in sealed
    assert read_plain(sealed) is not None
    changed = sealed.replace(ours, other)
    grown = len(changed) - len(sealed)
    end = int(sealed.split(b"/ByteRange [0 ")[1].split(b"]")[0].split()[2])
    assert read_plain(changed.replace(b" %d]" % end, b" %d]" % (end + grown))) is None


@pytest.mark.row("S-37")
def test_a_widget_that_is_no_field_of_the_form_counts_in_neither_way(sealed: bytes) -> None:
    listed = re.search(rb"/Fields \[ \d+ 0 R", sealed)
    assert listed is not None
    file = sealed.replace(listed[0], b"/Fields [".ljust(len(listed[0])))
    plain = read_plain(file)
    assert plain is not None
    assert plain == read_by_pyhanko(file)
    assert [place.counts for place in plain.places].count(False) == 1

    # As a kid it has its kind and its value from above, which pyHanko alone goes to see.
    kind = b"/FT /Sig\n/T"
    start = file.index(kind)
    value = file.index(b"/V ", start)
    end = file.index(b"\n", value)
    above = b"/Parent %b " % re.findall(rb"\d+ 0 R", file[file.index(b"/Fields") :])[0]
    kid = file[:start] + above.ljust(len(kind) + 8) + file[start + len(kind) + 8 : value]
    kid += b" " * (end - value) + file[end:]
    assert len(kid) == len(file)
    assert read_plain(kid) is None
    assert len(read_by_pyhanko(kid).places) == len(plain.places)


@pytest.mark.row("S-37")
def test_a_time_without_a_zone_is_told_in_neither_way(sealed: bytes) -> None:
    file = re.sub(rb"(/M \([^)]*)Z\)", rb"\1) ", sealed)
    assert file != sealed
    plain = read_plain(file)
    assert plain is not None
    assert plain == read_by_pyhanko(file)
    assert plain.parts[0].claimed_at is None


@pytest.mark.row("S-35")
@pytest.mark.parametrize("module", [plain_structure, sealed_revision])
def test_a_place_without_end_is_none(module: ModuleType) -> None:
    assert module._rectangle({"/Rect": ["9", "8", "1", "2"]}) == (1, 2, 9, 8)
    with pytest.raises(ValueError, match="nowhere"):
        module._rectangle({"/Rect": ["0", "0", "1" + "0" * 310, "1"]})


@pytest.mark.row("S-37")
def test_a_byte_range_around_something_else_is_left_to_the_slow_way(sealed: bytes) -> None:
    start = sealed.rindex(b"> ]\n/Prev") - 32 - 1  # the file's second /ID
    resume = start + 32 + 2
    assert sealed[start : start + 1] + sealed[resume - 1 : resume] == b"<>"
    written = re.search(rb"/ByteRange \[[0-9 ]+\] *", sealed)
    assert written is not None
    other = b"/ByteRange [0 %d %d %d]" % (start, resume, len(sealed) - resume)
    changed = sealed.replace(written[0], other.ljust(len(written[0])))
    assert len(changed) == len(sealed)
    assert read_plain(changed) is None
    (part,) = read_by_pyhanko(changed).parts
    assert not part.whole


@pytest.mark.row("S-37")
@pytest.mark.parametrize(("shown", "concealed"), [(b"/F 132", b"/F 134"), (b"/AP", b"/AQ")])
def test_a_seal_that_is_hidden_counts_in_neither_way(
    sealed: bytes, shown: bytes, concealed: bytes
) -> None:
    file = sealed.replace(shown, concealed)
    plain = read_plain(file)
    assert plain is not None
    assert plain == read_by_pyhanko(file)
    assert not any(place.counts for place in plain.places)


@pytest.mark.row("S-37")
def test_a_field_that_waited_for_the_signature_is_left_to_the_slow_way(signing: Signing) -> None:
    document = pdf_with_a_field_that_waits_for_a_signature()
    stamps = one_on_every_page([PageBox(A4)], square_seal())
    assert read_plain(sealed_by(signing, document, stamps)) is None


def test_signatures_of_others_and_more_than_one_are_left_to_the_slow_way(
    signing: Signing, sealed: bytes, authority: SmallAuthority
) -> None:
    assert read_plain(sealed_by(signing, sealed, stamps_for(sealed))) is None
    assert read_plain(signed_elsewhere(make_pdf(), rsa_signer(authority))) is None
    assert read_plain(make_pdf()) is None
    assert read_plain(b"%PDF-1.7 and nothing more") is None
