"""The pages of 签署: which signings wait, and where one's own signing stands (F-46, F-48)."""

import pytest

from tests.factories.applying import Applying
from tests.factories.changes import Request
from tests.factories.devices import OWN_ORIGIN
from tests.factories.own_signings import PDF, begun, document_added, of_person, placed
from tests.factories.product import LI, WEI, Product
from tests.factories.seals import own_seal

NEW = "/m/signings/new"
WAITING = "未完成的签署"


@pytest.mark.row("F-12", "F-46")
def test_what_was_begun_waits_for_its_person_in_that_role_alone(product: Product) -> None:
    own_seal(product)
    signing = begun(product)
    link = f"{NEW}?signing={signing.id}"
    wei = Applying.here(product, WEI)
    assert link in wei.text(NEW)
    assert link not in Applying.here(product, LI).text(NEW)
    wei.act_for()
    assert link not in wei.text(NEW)


@pytest.mark.row("F-46")
@pytest.mark.parametrize("over", ["removed", "cancelled", "submitted"])
def test_what_is_over_or_empty_waits_no_more(product: Product, over: str) -> None:
    signing = placed(product)
    wei = Applying(signing.phone)
    assert WAITING in wei.text(NEW)
    if over == "removed":
        signing.phone.client.delete(signing.file(), headers=OWN_ORIGIN)
    elif over == "cancelled":
        signing.phone.post(f"{signing.path}/cancel")
    else:
        assert signing.submit().status_code == 202
    page = signing.phone.get(NEW)
    assert page.status_code == 200
    assert WAITING not in page.get_data(as_text=True)


@pytest.mark.row("F-48")
def test_the_end_is_shown_at_the_end_and_before_it_the_way_back(product: Product) -> None:
    signing = placed(product)
    done = f"{signing.path}/done"
    for _ in range(2):
        answer = signing.phone.get(done)
        assert (answer.status_code, answer.location) == (303, signing.path)
        signing.submit()
    product.work()
    assert "签章成功" in signing.phone.get(done).get_data(as_text=True)


@pytest.mark.row("F-48")
def test_a_person_reads_that_he_has_signed(product: Product) -> None:
    signing = of_person(product)
    signing.submit()
    product.work()
    said = signing.phone.get(f"{signing.path}/done").get_data(as_text=True)
    assert "签署成功" in said
    assert "签章成功" not in said


@pytest.mark.row("F-46", "R-12")
def test_a_file_sent_again_after_a_lost_answer_is_told_as_its_own_document(
    product: Product,
) -> None:
    request = document_added(product)
    first = request.send().get_json()
    assert first["added"] == first["documents"][1]["id"]
    other = Request(request.client, request.path, form=PDF, headers={"Idempotency-Key": "k-2"})
    assert other.send().get_json()["added"] != first["added"]

    assert request.send().get_json()["added"] == first["added"]
