"""Files of one's own on the phone: handed in, looked at, seals placed on them (F-46, F-47)."""

import io
from datetime import timedelta
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from server.documents.models import Document
from server.grants.models import Grant
from server.seals.models import SealKind
from server.signing.own import service
from server.signing.own.models import OwnFile, OwnSigning
from server.worker import sweep_hourly
from tests.factories import own_signings as factory
from tests.factories import pdf
from tests.factories.devices import OWN_ORIGIN
from tests.factories.domain import only_grant, seal_of
from tests.factories.own_signings import SIGNINGS, begun, count, placed
from tests.factories.pdf import Page, make_pdf
from tests.factories.product import HUANG, LI, Product
from tests.factories.seals import enterprise_id, own_seal, told
from tests.factories.visits import visit

FOUR = make_pdf((Page(), Page(), Page(rotate=90), Page()))


def upload(product: Product, *files: tuple[str, bytes]) -> Any:
    data = {"file": [(io.BytesIO(content), name) for name, content in files]}
    client = visit(product).client
    return client.post(SIGNINGS, data=data, headers=OWN_ORIGIN)


@pytest.mark.row("F-46")
def test_a_file_is_looked_through_and_its_pages_are_told(product: Product) -> None:
    signing = begun(product, FOUR)
    assert signing.read()["documents"][0]["status"] == "checking"

    state = signing.ready()
    [file] = state["documents"]

    assert (state["status"], file["status"], file["name"]) == ("draft", "ready", "合同.pdf")
    sizes = [(round(one["width"]), round(one["height"])) for one in file["pages"]]
    assert sizes == [(595, 842), (595, 842), (842, 595), (595, 842)]
    assert len(file["digest"]) == 64
    assert state["owner"]["id"] == enterprise_id(product)


@pytest.mark.row("F-46")
def test_each_of_several_files_gets_its_own_answer(product: Product) -> None:
    answer = upload(product, ("a.pdf", make_pdf()), ("空.pdf", b""), ("b.pdf", FOUR)).get_json()

    assert [one["name"] for one in answer["documents"]] == ["a.pdf", "b.pdf"]
    [refused] = answer["refused"]
    assert (refused["name"], refused["problem"]["code"]) == ("空.pdf", "no_file")


@pytest.mark.row("F-46")
def test_what_is_not_a_pdf_is_rejected_by_name(product: Product) -> None:
    signing = begun(product, b"GIF89a")

    [file] = signing.ready()["documents"]
    assert (file["status"], file["problem"]["code"]) == ("rejected", "not_a_pdf")
    assert told(signing.place()) == (409, "document_rejected")


@pytest.mark.row("F-46")
def test_nine_files_are_the_most(product: Product) -> None:
    assert told(upload(product, *[(f"{n}.pdf", make_pdf()) for n in range(10)])) == (
        422,
        "too_many_files",
    )
    signing = begun(product)
    for _ in range(8):
        assert signing.add().status_code == 201
    assert told(signing.add()) == (422, "too_many_files")
    assert count(product, OwnFile) == 9


@pytest.mark.row("F-46")
def test_without_a_file_nothing_begins(product: Product) -> None:
    assert told(upload(product)) == (422, "no_file")
    assert count(product, OwnSigning) == 0


@pytest.mark.row("F-46", "S-43")
def test_a_file_over_twenty_mebibytes_is_refused(product: Product) -> None:
    small = product.restarted(largest_pdf_mib=1)

    assert told(visit(small).upload(SIGNINGS, b"%PDF" + bytes(2**20 - 3))) == (413, "pdf_too_large")
    assert count(product, Document) == 0


@pytest.mark.row("F-46", "S-14")
def test_a_picture_of_a_page_comes_from_the_stored_bytes(product: Product) -> None:
    signing = begun(product)
    assert told(signing.phone.get(f"{signing.file()}/pages/1.png")) == (409, "document_not_ready")
    signing.ready()

    widths = []
    for asked in ("", "?width=300", "?width=801", "?width=99999", "?width=-1"):
        answer = signing.phone.get(f"{signing.file()}/pages/1.png{asked}")
        widths.append(Image.open(io.BytesIO(answer.data)).width)
    assert widths == [800, 400, 1600, 1600, 400]
    assert told(signing.phone.get(f"{signing.file()}/pages/2.png")) == (422, "page_outside")


@pytest.mark.row("F-47")
def test_what_was_placed_is_kept_and_can_be_taken_away(product: Product) -> None:
    signing = placed(product)
    spot = signing.middle()

    [file] = signing.read()["documents"]
    assert file["placements"] == file["drawn"] == [{**spot, "clip": None}]

    before = signing.read()["submission"]["placements"]
    assert signing.phone.put(f"{signing.file()}/placements", {"placements": []}).status_code == 200
    [file] = signing.read()["documents"]
    assert (file["placements"], file["drawn"]) == ([], [])
    assert signing.read()["submission"]["placements"] != before


@pytest.mark.row("F-47")
def test_a_straddle_seal_is_kept_as_placed_and_shown_as_its_slices(product: Product) -> None:
    signing = begun(product, FOUR)
    seal_id = signing.ready()["seals"][0]["id"]
    across = {"seal_id": seal_id, "edge": "right", "pages": [1, 2, 3, 4], "along": 0.5}
    body = {"placements": [signing.middle()], "straddles": [across]}

    answer = signing.phone.put(f"{signing.file()}/placements", body)
    assert answer.status_code == 200, answer.get_json()

    [file] = signing.read()["documents"]
    assert file["straddles"] == [{**across, "two_sided": False}]
    slices = [one for one in file["drawn"] if one["clip"]]
    assert [one["page"] for one in slices] == [1, 2, 3, 4]
    assert len(file["drawn"]) == 5


@pytest.mark.row("F-47", "S-16")
@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"page": 2}, "page_outside"),
        ({"x": 5.0}, "seal_off_page"),
        ({"seal_id": "seal-x"}, "foreign_seal"),
    ],
)
def test_what_breaks_a_rule_is_refused_by_name_and_not_kept(
    product: Product, changed: dict[str, Any], code: str
) -> None:
    signing = begun(product)
    signing.ready()

    assert told(signing.place(**changed)) == (422, code)
    assert signing.read()["documents"][0]["placements"] == []


@pytest.mark.row("F-12")
def test_a_person_signs_for_himself_with_his_own_seals(product: Product) -> None:
    mine = own_seal(product, person=HUANG)
    phone = visit(product, HUANG)
    phone.post("/m/role", {"kind": "account", "id": phone.session.account_id})

    state = phone.upload(SIGNINGS, make_pdf()).get_json()

    assert [one["id"] for one in state["seals"]] == [mine.id]
    assert (state["owner"]["kind"], state["owner"]["name"]) == ("account", HUANG.name)
    assert phone.get(state["seals"][0]["picture"]).mimetype == "image/png"


@pytest.mark.row("F-12")
def test_who_has_no_seal_of_his_own_is_told_so(product: Product) -> None:
    phone = visit(product)
    phone.post("/m/role", {"kind": "account", "id": phone.session.account_id})

    assert told(phone.upload(SIGNINGS, make_pdf())) == (403, "no_usable_seal")
    assert count(product, Document) == 0


@pytest.mark.row("F-12", "F-32")
def test_who_was_granted_one_seal_may_place_that_one_alone(product: Product) -> None:
    signing = begun(product, person=LI)
    with product.parts.db.read() as uow:
        granted = only_grant(uow).seal_ids
        other = seal_of(uow, SealKind.LEGAL_REPRESENTATIVE).id

    assert [one["id"] for one in signing.ready()["seals"]] == granted
    assert told(signing.place(seal_id=other)) == (422, "foreign_seal")


@pytest.mark.row("S-29")
def test_after_the_grant_has_ended_nothing_can_be_placed(product: Product) -> None:
    signing = begun(product, person=LI)
    spot = {"placements": [{**signing.middle(), "seal_id": signing.ready()["seals"][0]["id"]}]}
    with product.parts.db.begin() as uow:
        uow.session.get_one(Grant, only_grant(uow).id).ends_at = uow.now

    assert told(signing.phone.put(f"{signing.file()}/placements", spot)) == (403, "no_right")
    state = signing.read()
    assert (state["owner"], state["seals"]) == (None, [])


@pytest.mark.row("F-10", "S-17")
def test_a_companys_login_sees_its_companys_signings_alone(product: Product) -> None:
    own_seal(product)
    phone = visit(product)
    phone.post("/m/role", {"kind": "account", "id": phone.session.account_id})
    his = phone.upload(SIGNINGS, make_pdf()).get_json()["id"]
    of_company = begun(product).id
    company = visit(product, by_company=True)

    assert told(company.get(f"{SIGNINGS}/{of_company}.json")) == (403, "face_required")
    company.pass_gate()
    assert company.get(f"{SIGNINGS}/{of_company}.json").status_code == 200
    assert told(company.get(f"{SIGNINGS}/{his}.json")) == (404, "signing_not_found")


@pytest.mark.row("F-46")
def test_a_file_that_is_taken_out_is_gone(product: Product) -> None:
    signing = begun(product)
    signing.add()

    assert signing.phone.delete(signing.file(0)).status_code == 200

    assert [one["name"] for one in signing.read()["documents"]] == ["附件.pdf"]
    assert count(product, Document) == 1


@pytest.mark.row("F-46")
def test_a_file_of_another_signing_is_not_found(product: Product) -> None:
    one, other = begun(product), begun(product)
    foreign = other.file().rsplit("/", 1)[1]

    assert told(one.phone.delete(f"{one.path}/documents/{foreign}")) == (404, "document_not_found")


@pytest.mark.row("F-46")
def test_a_cancelled_signing_takes_nothing_more(product: Product) -> None:
    signing = placed(product)
    assert signing.phone.post(f"{signing.path}/cancel").get_json()["status"] == "cancelled"

    assert told(signing.add()) == (409, "signing_over")
    assert told(signing.place()) == (409, "signing_over")
    assert told(signing.phone.delete(signing.file())) == (409, "signing_over")


@pytest.mark.row("P-38")
def test_what_was_never_submitted_is_forgotten_after_a_week(product: Product) -> None:
    old = begun(product)
    product.clock.advance(seconds=service.KEPT.total_seconds() - 60)
    fresh = begun(product)
    product.clock.advance(seconds=timedelta(minutes=1).total_seconds())

    sweep_hourly(product.parts)

    with product.parts.db.read() as uow:
        assert uow.session.scalars(select(OwnSigning.id)).all() == [fresh.id]
    assert (count(product, OwnFile), count(product, Document)) == (1, 1)
    assert old.id != fresh.id


@pytest.mark.row("S-43")
def test_pages_of_a_partners_task_do_not_show_somebodys_own(product: Product) -> None:
    signing = begun(product)
    with product.parts.db.read() as uow:
        task_id = uow.session.scalars(select(OwnFile.task_id)).one()

    assert product.browser().get(f"/sign/{task_id}").status_code == 404
    assert product.partner().get(f"/signing-tasks/{task_id}").status_code == 404
    document = signing.file().rsplit("/", 1)[1]
    assert told(product.partner().get(f"/documents/{document}")) == (404, "document_not_found")


@pytest.mark.row("F-46")
def test_cautions_about_a_file_are_told_in_the_readers_language(product: Product) -> None:
    signing = begun(product, pdf.pdf_with_hidden_layer())
    [caution] = signing.ready()["documents"][0]["cautions"]

    english = signing.phone.get(f"{signing.path}.json?lang=en").get_json()["documents"][0]
    assert caution["code"] == english["cautions"][0]["code"]
    assert caution["message"] != english["cautions"][0]["message"]


@pytest.mark.row("F-46", "P-12")
def test_the_mini_program_has_the_same(product: Product) -> None:
    phone, made = factory.mini(product)

    [file] = made["documents"]
    assert (made["errcode"], file["status"]) == (0, "ready")
    answer = phone.get(f"/signings/{made['id']}/documents/{file['id']}/pages/1?width=400")
    assert Image.open(io.BytesIO(answer.data)).width == 400
