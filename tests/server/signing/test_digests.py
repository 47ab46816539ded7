"""What was shown, what was confirmed and what is sealed are the same bytes at the same places."""

from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import select

from server.documents.models import Document
from server.grants.models import SealUse
from server.sealing import placement
from server.sealing.placement import Placement
from server.sealing.reader import read_seals
from server.signing.models import SigningTask
from tests.factories.pdf import Page, make_pdf, pdf_with_broken_xref
from tests.factories.product import Product, Signing
from tests.factories.truth import truth_of


def stored(product: Product, signing: Signing) -> Path:
    """The file that the stored bytes lie in."""
    digest = signing.page.state["document"]["sha256"]
    return product.parts.settings.data_dir / "blobs" / digest[:2] / digest


@pytest.mark.row("S-36", "S-14")
@pytest.mark.parametrize("pdf", [make_pdf(), pdf_with_broken_xref()], ids=["clean", "repaired"])
def test_the_page_gets_the_bytes_whose_digest_it_is_shown(product: Product, pdf: bytes) -> None:
    signing = product.signing(pdf)

    shown = signing.page.get(f"{signing.page.path}/document").data

    assert sha256(shown).hexdigest() == signing.page.state["document"]["sha256"]
    head = signing.scan()["documents"][0]["sha256_head"]
    assert signing.page.state["document"]["sha256"].startswith(head.replace(" ", ""))
    assert (shown == pdf) == (pdf == make_pdf())


@pytest.mark.row("S-14")
def test_the_sealed_file_begins_with_the_very_bytes_that_were_shown(product: Product) -> None:
    signing = product.signing()

    sealed = signing.seal()

    assert sealed.startswith(signing.page.get(f"{signing.page.path}/document").data)


@pytest.mark.row("S-14")
def test_a_page_that_shows_other_bytes_cannot_confirm(product: Product) -> None:
    signing = product.signing()
    signing.authorize()

    answer = signing.page.confirm(signing.page.everywhere(), sha256="0" * 64)

    assert (answer.status_code, answer.get_json()["code"]) == (409, "digest_mismatch")
    truth = truth_of(product, signing.id)
    assert (truth.status, truth.uses) == ("authorized", ())


@pytest.mark.row("S-14")
def test_a_document_that_changed_since_the_pin_cannot_be_confirmed(product: Product) -> None:
    signing = product.signing()
    signing.authorize()
    other = product.partner().ready_document(make_pdf([Page(), Page()]), "别的文件.pdf")
    with product.parts.db.begin() as uow:
        document_id = uow.session.get_one(SigningTask, signing.id).document_id
        swapped = uow.session.get_one(Document, other).digest
        uow.session.get_one(Document, document_id).digest = swapped

    answer = signing.page.confirm(signing.page.everywhere(), sha256=swapped)

    assert (answer.status_code, answer.get_json()["code"]) == (409, "digest_mismatch")
    assert truth_of(product, signing.id).uses == ()


@pytest.mark.row("S-14")
def test_a_document_that_changed_since_the_page_confirmed_is_not_the_one_that_is_sealed(
    product: Product,
) -> None:
    signing = product.signing()
    shown = signing.page.get(f"{signing.page.path}/document").data
    other = product.partner().ready_document(make_pdf([Page(rotate=90)]), "别的文件.pdf")
    signing.start_sealing()
    with product.parts.db.begin() as uow:
        document_id = uow.session.get_one(SigningTask, signing.id).document_id
        swapped = uow.session.get_one(Document, other).digest
        uow.session.get_one(Document, document_id).digest = swapped

    product.work()

    assert signing.partner.result(signing.id).startswith(shown)
    with product.parts.db.read() as uow:
        use = uow.session.scalars(select(SealUse)).one()
    assert (use.state, use.document_digest) == ("done", sha256(shown).hexdigest())


@pytest.mark.row("S-14", "S-36")
def test_bytes_exchanged_in_the_store_are_neither_previewed_nor_sealed(product: Product) -> None:
    signing = product.signing()
    asked = signing.scan()
    stored(product, signing).write_bytes(make_pdf([Page(), Page()]))

    preview = signing.phone.get(asked["documents"][0]["preview"])

    assert (preview.status_code, preview.get_json()["code"]) == (503, "blob_damaged")
    signing.phone.confirm(asked, signing.page)
    signing.page.load()
    assert signing.page.confirm(signing.page.everywhere()).status_code == 202
    for _ in range(4):
        product.work()
        product.clock.advance(seconds=12)
    truth = truth_of(product, signing.id)
    assert (truth.status, truth.failure, truth.uses) == ("failed", "blob_damaged", ("released",))
    assert truth.is_whole


@pytest.mark.row("S-36", "S-14")
@pytest.mark.parametrize("sealed", [False, True])
def test_bytes_exchanged_in_the_store_are_handed_out_to_nobody(
    product: Product, sealed: bool
) -> None:
    signing = product.signing()
    signing.seal()
    link = signing.page.get(f"{signing.page.path}/download").get_json()["url"]
    result = signing.partner.get(f"/signing-tasks/{signing.id}").get_json()["result"]
    digest = result["sha256"] if sealed else signing.page.state["document"]["sha256"]
    blob = product.parts.settings.data_dir / "blobs" / digest[:2] / digest
    blob.write_bytes(b"%PDF-" + bytes(blob.stat().st_size - 5))

    asked = {
        "shown": signing.page.get(f"{signing.page.path}/document"),
        "saved": signing.page.get(link),
        "fetched": signing.partner.get(f"/signing-tasks/{signing.id}/result"),
    }

    refused = {name for name, answer in asked.items() if answer.status_code == 503}
    assert refused == ({"saved", "fetched"} if sealed else {"shown"})
    assert {asked[name].get_json()["code"] for name in refused} == {"blob_damaged"}


@pytest.mark.row("S-16")
def test_the_digest_of_the_use_is_that_of_what_lies_in_the_file(product: Product) -> None:
    signing = product.signing(make_pdf([Page(), Page(rotate=90)]))
    signing.authorize()
    chosen = [{**one, "x": one["x"] + 7.25, "y": 300.5} for one in signing.page.everywhere()]
    signing.page.confirm(chosen)
    product.work()

    seals = read_seals(signing.partner.result(signing.id))

    seal_id = chosen[0]["seal_id"]
    found = [
        Placement(seal_id, seal.page, middle(seal.rectangle, 0), middle(seal.rectangle, 1))
        for seal in seals
    ]
    assert [(one.page, one.x, one.y) for one in found] == [
        (one["page"], pytest.approx(one["x"], abs=1e-3), pytest.approx(one["y"], abs=1e-3))
        for one in chosen
    ]
    with product.parts.db.read() as uow:
        use = uow.session.scalars(select(SealUse)).one()
    assert use.placements_digest == placement.digest([Placement(**one) for one in chosen])
    assert use.document_digest == signing.page.state["document"]["sha256"]


@pytest.mark.row("S-16")
@pytest.mark.parametrize("change", [{"x": 100.0}, {"page": 2}, {"seal_id": "other"}])
def test_placements_changed_behind_the_page_are_not_sealed(
    product: Product, change: dict[str, object]
) -> None:
    signing = product.signing(make_pdf([Page(), Page()]))
    other = signing.authorize()["seals"][1]["id"]
    signing.page.confirm(signing.page.everywhere())
    change = {"seal_id": other} if "seal_id" in change else change
    with product.parts.db.begin() as uow:
        task = uow.session.get_one(SigningTask, signing.id)
        task.placements = [{**task.placements[0], **change}, *task.placements[1:]]

    product.work()

    truth = truth_of(product, signing.id)
    assert (truth.status, truth.failure, truth.uses) == ("failed", "digest_mismatch", ("released",))
    assert truth.is_whole


def middle(box: tuple[float, float, float, float], axis: int) -> float:
    return (box[axis] + box[axis + 2]) / 2
