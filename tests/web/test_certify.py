"""The link in a text message by itself: what a stranger, another browser, or impatience is told."""

import pytest
from werkzeug.test import TestResponse

from server.providers.face import FacePerson
from server.providers.face.local import LocalFace
from tests.factories.applications import AGENT, STROKES
from tests.factories.certifications import Certifying
from tests.factories.certify_pages import LinkPage
from tests.factories.product import WEI, Product

PAGE = {"Accept": "text/html"}
STEPS = {
    "open": None,
    "read": None,
    "face": {"consent": True},
    "face/settle": None,
    "identify": None,
    "sign": STROKES,
}


@pytest.fixture
def case(product: Product) -> Certifying:
    return Certifying.begun(product)


def refusal(answer: TestResponse) -> tuple[int, str]:
    return answer.status_code, answer.get_json()["code"]


@pytest.mark.row("S-31")
@pytest.mark.parametrize("step", STEPS)
def test_an_unknown_link_does_nothing(product: Product, step: str) -> None:
    path = f"/m/certify/nonsense/{step}"
    answer = product.browser().post(path, STEPS[step])
    assert refusal(answer) == (404, "certification_link_unknown")


@pytest.mark.row("S-31")
@pytest.mark.parametrize("step", STEPS)
def test_another_browser_goes_nowhere_by_a_link_that_is_open(case: Certifying, step: str) -> None:
    mine = LinkPage.of(case, WEI.phone).up_to("identify")
    other = LinkPage.of(case, WEI.phone)
    assert refusal(other.take(step, STEPS[step])) == (409, "certification_elsewhere")
    assert refusal(other.browser.get(f"{other.path}/form/1.png"))[1] == "certification_elsewhere"
    assert "已在另一台设备或浏览器中打开" in other.look()
    assert WEI.phone not in other.look()
    assert "完成身份认证" in mine.look()


@pytest.mark.row("S-31")
@pytest.mark.parametrize("step", ["read", "face", "face/settle", "identify", "sign"])
def test_no_step_goes_before_the_link_is_opened(case: Certifying, step: str) -> None:
    page = LinkPage.of(case, WEI.phone)
    assert refusal(page.take(step, STEPS[step])) == (409, "certification_step")


@pytest.mark.row("S-31")
def test_a_link_that_was_looked_at_is_held_by_nobody_yet(case: Certifying) -> None:
    """What fetches an address to show a preview of it must not lock its owner out."""
    LinkPage.of(case, WEI.phone).look()
    assert LinkPage.of(case, WEI.phone).take("open").status_code == 200


def test_a_link_that_is_over_says_what_to_do(case: Certifying) -> None:
    page = LinkPage.of(case, WEI.phone)
    case.product.clock.advance(seconds=7 * 86_400)
    answer = page.browser.get(page.path, headers=PAGE)
    assert answer.status_code == 410
    assert "请让申请人重新申领印章" in answer.text


@pytest.mark.row("F-15")
def test_a_failed_face_says_so_and_may_be_shown_again(case: Certifying) -> None:
    page = LinkPage.of(case, WEI.phone).up_to("face")
    assert refusal(page.show_face(passes=False)) == (422, "face_not_passed")
    assert refusal(page.take("identify")) == (422, "face_not_passed")
    assert page.show_face().status_code == 200


class NoPermits(LocalFace):
    def supports(self, person: FacePerson) -> bool:
        return False


def test_a_document_that_no_service_checks_has_another_way(case: Certifying) -> None:
    page = LinkPage.of(case, WEI.phone).up_to("face")
    face = NoPermits(case.product.parts.settings.data_dir / "faces")
    there = case.product.restarted_with(face=face)
    client = there.app.test_client()
    for cookie in page.browser.client._cookies.values():
        client._cookies[(cookie.domain, cookie.path, cookie.key)] = cookie
    page.browser.client = client
    assert refusal(page.take("face", {"consent": True})) == (422, "face_not_supported")


@pytest.mark.row("P-50")
def test_a_typed_name_stands_in_for_a_hand_that_cannot_write(case: Certifying) -> None:
    page = LinkPage.of(case, WEI.phone).up_to("sign")
    assert refusal(page.sign({"typed": AGENT[0]})) == (422, "certification_name_differs")
    assert page.sign({"typed": WEI.name}).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"typed": 1},
        {"typed": WEI.name, **STROKES},
        {**STROKES, "picture": "data:"},
        {**STROKES, "strokes": [[["x", 1, 2]]]},
        {**STROKES, "strokes": [[[1, 2, 3]]] * 61},
        {**STROKES, "width": 1e9},
    ],
)
def test_what_is_no_signature_is_refused(case: Certifying, body: dict[str, object]) -> None:
    page = LinkPage.of(case, WEI.phone).up_to("sign")
    assert page.sign(body).status_code == 422
    assert not case.row().is_done
