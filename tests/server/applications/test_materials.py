"""Materials are taken by content, stored closed, put into their slot, and deleted in time."""

import io
from dataclasses import replace

import pytest
from PIL import Image
from sqlalchemy import select

from server.applications import materials
from server.applications.content import Wanted, materials_of
from server.applications.errors import (
    ApplicationIncomplete,
    ApplicationMovedOn,
    ApplicationNotFound,
    MaterialNotFound,
    MaterialTooLarge,
    PictureTooComplex,
    SlotUnknown,
)
from server.applications.materials import LARGEST, MaterialDesk
from server.applications.models import Material, Party, Way
from server.applications.slots import Slot
from server.certificates.errors import EnvelopeDamaged
from server.intents.methods import MethodChoice
from server.intents.models import VerificationMethod
from server.providers.keys import UnwrapRefused
from server.sealing.errors import NotAPicture, PdfTooComplex
from server.sealing.impression import NoInkInPhoto
from server.seals.models import SealKind
from server.seals.queries import operators_of
from server.worker import BLOB_NAMES, sweep_hourly
from tests.factories import pictures
from tests.factories.applications import HAND, Applicant
from tests.factories.issuing import made_for
from tests.factories.photo import a_photo, paper, photo
from tests.factories.product import HUANG, Product


def desk(wei: Applicant) -> MaterialDesk:
    return wei.product.parts.material_desk


def put(wei: Applicant, application_id: str, slot: Slot, content: bytes) -> Material:
    taken = desk(wei).take(slot, content)
    with wei.product.parts.db.begin() as uow:
        return materials.keep(uow, application_id=application_id, viewer=wei.viewer, taken=taken)


def found(wei: Applicant, application_id: str) -> dict[str, Material]:
    with wei.product.parts.db.read() as uow:
        return materials_of(uow, application_id)


@pytest.mark.row("F-22", "S-33")
def test_a_picture_is_kept_closed_and_read_as_it_was(wei: Applicant) -> None:
    application_id = wei.start()
    material = put(wei, application_id, Slot.LICENCE, pictures.photo())
    seen = desk(wei).read(material)
    assert Image.open(io.BytesIO(seen)).size == (material.width, material.height) == (400, 300)
    assert len(seen) == material.size
    stored = wei.product.parts.providers.storage.get(material.digest)
    assert stored != seen
    assert seen[:3] not in stored
    assert b"JFIF" not in stored


@pytest.mark.row("F-22", "S-32")
def test_five_mib_are_taken_and_one_byte_more_is_not(wei: Applicant) -> None:
    whole = pictures.of_size(LARGEST)
    assert len(whole) == LARGEST == 5 * 1024 * 1024
    assert desk(wei).take(Slot.LICENCE, whole).width == 400
    with pytest.raises(MaterialTooLarge):
        desk(wei).take(Slot.LICENCE, whole + b"\0")


@pytest.mark.row("S-33")
def test_a_file_of_another_kind_is_refused_and_nothing_is_stored(wei: Applicant) -> None:
    before = set(wei.product.parts.providers.storage.digests())
    with pytest.raises(NotAPicture):
        desk(wei).take(Slot.LICENCE, b"<svg/>")
    assert set(wei.product.parts.providers.storage.digests()) == before


@pytest.mark.row("R-15")
def test_a_picture_that_uses_its_child_up_is_named_as_one(wei: Applicant) -> None:
    class Spent:
        def run(self, *_: object) -> None:
            raise PdfTooComplex()

    spent = replace(desk(wei), sandbox=Spent())  # type: ignore[arg-type]
    with pytest.raises(PictureTooComplex):
        spent.take(Slot.LICENCE, pictures.photo())


def test_one_row_opens_no_other_rows_picture(wei: Applicant) -> None:
    application_id = wei.start()
    licence = put(wei, application_id, Slot.LICENCE, pictures.photo())
    other = put(wei, application_id, Slot.AGENT_BACK, pictures.photo("PNG"))
    swapped = Material(id=other.id, digest=licence.digest, key_closed=other.key_closed)
    with pytest.raises(EnvelopeDamaged):
        desk(wei).read(swapped)
    swapped.key_closed = licence.key_closed
    with pytest.raises(UnwrapRefused):
        desk(wei).read(swapped)


def test_a_second_picture_takes_the_place_of_the_first(wei: Applicant) -> None:
    application_id = wei.start()
    first = put(wei, application_id, Slot.LICENCE, pictures.photo())
    second = put(wei, application_id, Slot.LICENCE, pictures.photo())
    assert first.id != second.id
    assert {slot: one.id for slot, one in found(wei, application_id).items()} == {
        "licence": second.id
    }


def test_only_slots_of_the_way_are_filled_and_only_in_a_draft(wei: Applicant) -> None:
    personal = wei.start(Way.PERSONAL)
    with pytest.raises(SlotUnknown):
        put(wei, personal, Slot.LICENCE, pictures.photo())
    put(wei, personal, Slot.PERSON_BACK, pictures.photo())
    submitted = wei.filled()
    wei.submit(submitted, HAND)
    with pytest.raises(ApplicationMovedOn):
        put(wei, submitted, Slot.LICENCE, pictures.photo())
    wei.send_back(submitted)
    put(wei, submitted, Slot.LICENCE, pictures.photo())


@pytest.mark.row("F-25")
def test_a_signature_is_cut_out_of_its_photo_and_made_a_seal(wei: Applicant) -> None:
    application_id = wei.filled(Way.PERSONAL, [SealKind.SQUARE])
    wei.save(application_id, wanted=[Wanted(SealKind.HANDWRITTEN, picture=True)])
    with pytest.raises(ApplicationIncomplete) as refused:
        wei.check(application_id)
    assert refused.value.details == {"missing": ["material:handwriting"]}
    with pytest.raises(NoInkInPhoto):
        put(wei, application_id, Slot.HANDWRITING, photo(paper()))
    put(wei, application_id, Slot.HANDWRITING, a_photo())
    wei.submit(application_id)
    wei.certify(application_id)
    wei.product.work()
    (seal,) = made_for(wei, wei.found(application_id)).seals
    assert seal.kind == SealKind.HANDWRITTEN
    assert 0 < seal.height_mm <= 20
    with wei.product.parts.db.read() as uow:
        assert len(operators_of(uow, seal.id)) > 1000


@pytest.mark.row("S-18")
def test_nobody_else_finds_or_replaces_it(product: Product, wei: Applicant) -> None:
    application_id = wei.start()
    put(wei, application_id, Slot.LICENCE, pictures.photo())
    huang = Applicant(product, HUANG)
    with pytest.raises(ApplicationNotFound):
        put(huang, application_id, Slot.LICENCE, pictures.photo())
    with product.parts.db.read() as uow:
        with pytest.raises(ApplicationNotFound):
            materials.find(uow, application_id, Slot.LICENCE, huang.viewer)
        assert materials.find(uow, application_id, Slot.LICENCE, wei.viewer)
        with pytest.raises(MaterialNotFound):
            materials.find(uow, application_id, Slot.AGENT_BACK, wei.viewer)


@pytest.mark.row("S-44")
@pytest.mark.parametrize("ending", ["withdrawn", "rejected"])
def test_pictures_and_people_are_deleted_thirty_days_after_it_came_to_nothing(
    wei: Applicant, ending: str
) -> None:
    application_id, going_on = wei.filled(), wei.filled(Way.PERSONAL, [SealKind.SQUARE])
    wei.submit(application_id, HAND)
    if ending == "withdrawn":
        wei.withdraw(application_id)
    else:
        wei.reject(application_id)
    for days, is_there in ((29, True), (2, False)):
        wei.product.clock.advance(days=days)
        sweep_hourly(wei.product.parts)
        with wei.product.parts.db.read() as uow:
            for table, of in ((Material, Material.holder_id), (Party, Party.application_id)):
                mine = uow.session.scalars(select(table.id).where(of == application_id)).all()
                assert bool(mine) is is_there
                assert uow.session.scalars(select(table.id).where(of == going_on)).first()


@pytest.mark.row("S-44")
def test_what_was_drawn_and_chosen_as_a_password_goes_with_them(wei: Applicant) -> None:
    drawn, going_on = wei.filled(Way.PERSONAL, [SealKind.HANDWRITTEN]), wei.filled()
    choice = MethodChoice(VerificationMethod.PASSWORD, "digest")
    for application_id in (drawn, going_on):
        wei.save(application_id, method=choice)
    wei.withdraw(drawn)
    for days, is_there in ((29, True), (2, False)):
        wei.product.clock.advance(days=days)
        sweep_hourly(wei.product.parts)
        row = wei.found(drawn)
        assert ("strokes" in row.wanted[0], row.method_digest == "digest") == (is_there, is_there)
    assert row.wanted == [{"kind": SealKind.HANDWRITTEN, "picture": True}]
    assert wei.found(going_on).method_digest == "digest"


@pytest.mark.row("R-01")
def test_the_worker_sweeps_a_blob_once_no_material_names_it(product: Product) -> None:
    wei, storage = Applicant(product), product.parts.providers.storage
    material = put(wei, wei.start(), Slot.LICENCE, pictures.photo())
    assert Material.digest in BLOB_NAMES
    # The store has the machine's clock, which the test's is behind of.
    product.clock.advance(days=3650)
    sweep_hourly(product.parts)
    assert storage.exists(material.digest)
    with product.parts.db.begin() as uow:
        materials.forget(uow, material.holder_id)
    sweep_hourly(product.parts)
    assert not storage.exists(material.digest)
