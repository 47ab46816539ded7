"""提交 of one's own files: what was shown, by whom it was proved, what comes of it (F-48)."""

import pytest

from server.certificates.models import KeyRelease, PersonalKey
from server.documents.models import Document
from server.grants.models import UseState
from server.signing.models import SigningTask
from tests.factories.domain import company
from tests.factories.own_signings import begun, count, of_person, placed, uses
from tests.factories.pdf import Page, make_pdf
from tests.factories.product import Product
from tests.factories.seals import told
from tests.fakes.outside import DownTsa

THREE = make_pdf((Page(), Page(), Page()))


@pytest.mark.row("F-48")
def test_a_company_seals_a_file_of_its_own(product: Product) -> None:
    signing = placed(product)

    answer = signing.submit()
    assert (answer.status_code, answer.get_json()["status"]) == (202, "sealing")
    product.work()

    state = signing.read()
    [file] = state["documents"]
    assert (state["status"], file["status"]) == ("done", "sealed")
    assert file["sealed_document"]["name"] == "合同（已签章）.pdf"
    sealed = signing.sealed()
    assert sealed.startswith(b"%PDF")
    assert len(sealed) == file["sealed_document"]["size"]


@pytest.mark.row("F-48")
def test_a_person_seals_with_a_seal_of_his_own(product: Product) -> None:
    signing = of_person(product)

    assert signing.submit().status_code == 202
    product.work()

    assert signing.read()["status"] == "done"
    [use] = uses(product)
    assert (use.enterprise_id, use.grant_id, use.state) == (None, "", UseState.DONE)
    page = signing.phone.get("/m/uses").get_data(as_text=True)
    assert "合同.pdf" in page
    assert "所有人" in page
    assert "法定代表人" not in page.split("合同.pdf")[1].split("</li>")[0]


@pytest.mark.row("F-47", "F-48")
def test_all_modes_meet_in_one_file(product: Product) -> None:
    signing = begun(product, THREE)
    seal_id = signing.ready()["seals"][0]["id"]
    across = {"seal_id": seal_id, "edge": "right", "pages": [1, 2, 3], "along": 0.5}
    everywhere = [signing.middle(page=page) for page in (1, 2, 3)]
    body = {"placements": everywhere, "straddles": [across]}
    assert signing.phone.put(f"{signing.file()}/placements", body).status_code == 200

    assert signing.submit().status_code == 202
    product.work()

    assert signing.read()["status"] == "done"
    assert [one["count"] for one in uses(product)[0].seals] == [4]


@pytest.mark.row("F-48")
def test_several_files_are_submitted_in_one_act(product: Product) -> None:
    signing = placed(product)
    signing.add()
    signing.ready()
    signing.place(1)

    assert signing.submit().status_code == 202
    product.work()

    state = signing.read()
    assert (state["status"], [one["status"] for one in state["documents"]]) == (
        "done",
        ["sealed", "sealed"],
    )
    assert len(uses(product)) == 2


@pytest.mark.row("F-48", "P-17")
def test_one_file_that_cannot_be_sealed_keeps_all_back(product: Product) -> None:
    signing = placed(product)
    signing.add()
    signing.ready()

    answer = signing.submit()

    assert told(answer) == (422, "nothing_placed")
    assert answer.get_json()["document"] == signing.file(1).rsplit("/", 1)[1]
    assert (uses(product), count(product, SigningTask), count(product, KeyRelease)) == ([], 0, 0)
    assert signing.read()["status"] == "draft"


@pytest.mark.row("F-48")
def test_a_file_that_was_rejected_has_to_be_taken_out_first(product: Product) -> None:
    signing = placed(product)
    signing.add(b"GIF89a")
    signing.ready()

    assert told(signing.submit()) == (409, "document_rejected")
    signing.phone.delete(signing.file(1))
    assert signing.submit().status_code == 202


@pytest.mark.row("F-48")
def test_what_failed_is_submitted_again_alone(product: Product) -> None:
    signing = placed(product)
    signing.add()
    signing.ready()
    signing.place(1)
    signing.submit()

    worker = product.worker(tsa=DownTsa(product.parts.providers.tsa, failures=7))
    for _ in range(5):
        worker.run_all()
        product.clock.advance(seconds=12)

    state = signing.read()
    assert (state["status"], sorted(one["status"] for one in state["documents"])) == (
        "failed",
        ["failed", "sealed"],
    )
    problems = [one["problem"]["code"] for one in state["documents"] if one["problem"]]
    assert problems == ["tsa_timeout"]
    assert signing.submit().status_code == 202
    product.work()
    assert signing.read()["status"] == "done"
    assert sorted(one.state for one in uses(product)) == ["done", "done", "released"]


@pytest.mark.row("R-12")
def test_submitted_again_nothing_is_sealed_twice(product: Product) -> None:
    signing = placed(product)
    before = {**signing.shown(), "pin": "135790"}
    signing.submit()

    for _ in range(2):
        answer = signing.phone.post(f"{signing.path}/submit", before)
        assert answer.status_code == 202
        product.work()

    assert len(uses(product)) == 1
    assert count(product, Document) == 2


@pytest.mark.row("S-21")
def test_a_wrong_pin_is_counted_and_seals_nothing(product: Product) -> None:
    signing = placed(product)

    for left in (4, 3, 2, 1):
        answer = signing.submit(pin="000001")
        assert (told(answer), answer.get_json()["tries_left"]) == ((422, "wrong_pin"), left)
    assert told(signing.submit(pin="000001")) == (429, "pin_locked")
    assert told(signing.submit()) == (429, "pin_locked")
    assert uses(product) == []


@pytest.mark.row("S-14", "S-16")
@pytest.mark.parametrize("name", ["documents", "placements"])
def test_what_was_not_shown_is_not_sealed(product: Product, name: str) -> None:
    signing = placed(product)

    assert told(signing.submit(**{name: "0" * 64})) == (409, "digest_mismatch")
    assert uses(product) == []


@pytest.mark.row("S-16")
def test_seals_that_were_moved_since_are_not_sealed(product: Product) -> None:
    signing = placed(product)
    shown = signing.shown()
    signing.place(x=200.0)

    assert told(signing.submit(**shown)) == (409, "digest_mismatch")


@pytest.mark.row("S-16")
def test_what_was_submitted_cannot_be_changed(product: Product) -> None:
    signing = placed(product)
    signing.submit()

    assert told(signing.place(x=200.0)) == (409, "file_being_sealed")
    assert told(signing.phone.delete(signing.file())) == (409, "file_being_sealed")
    assert told(signing.add()) == (409, "signing_over")
    assert told(signing.phone.post(f"{signing.path}/cancel")) == (409, "signing_over")


@pytest.mark.row("F-48")
def test_who_has_no_certificate_is_told_to_download_one(product: Product) -> None:
    signing = placed(product)
    with product.parts.db.begin() as uow:
        representative = company(uow).representative_id
        uow.session.delete(uow.session.get_one(PersonalKey, representative))

    assert told(signing.submit()) == (409, "no_certificate")


@pytest.mark.row("F-48")
def test_nothing_to_sign_is_said_so(product: Product) -> None:
    signing = begun(product)
    signing.phone.delete(signing.file())

    assert told(signing.submit()) == (409, "nothing_to_sign")


@pytest.mark.row("F-48")
def test_without_its_only_file_which_failed_a_signing_is_not_done(product: Product) -> None:
    signing = placed(product)
    signing.submit()
    worker = product.worker(tsa=DownTsa(product.parts.providers.tsa, failures=50))
    for _ in range(8):
        worker.run_all()
        product.clock.advance(seconds=120)
    assert signing.read()["status"] == "failed"

    assert signing.phone.delete(signing.file()).status_code == 200

    assert signing.read()["status"] == "cancelled"
