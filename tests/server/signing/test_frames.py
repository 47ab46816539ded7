"""The code on the page lives for seconds; what was photographed, forged or handed on is dead."""

import io

import pytest
import qrcode
from PIL.PngImagePlugin import PngInfo
from werkzeug.test import TestResponse

from tests.factories.product import HUANG, Product, Signing
from tests.factories.truth import truth_of


@pytest.fixture
def signing(product: Product) -> Signing:
    return product.signing()


def say(answer: TestResponse) -> tuple[int, str]:
    return answer.status_code, answer.get_json()["code"]


@pytest.mark.row("S-03", "P-03")
def test_a_frame_lives_three_steps_and_not_four(signing: Signing) -> None:
    frame = signing.page.frame()
    signing.product.clock.advance(seconds=6)
    assert signing.product.phone(HUANG).open_link(frame).status_code == 303
    signing.product.clock.advance(seconds=2)

    answer = signing.phone.open_link(frame)

    assert say(answer) == (410, "frame_stale")
    assert signing.page.read()["qr"]["state"] == "pending"


@pytest.mark.row("S-03")
def test_a_frame_of_the_future_is_not_good_yet(signing: Signing) -> None:
    assert say(signing.phone.open_link(signing.page.frame(5))) == (410, "frame_stale")


@pytest.mark.row("S-03")
@pytest.mark.parametrize("place", [17, 19, 20, 31])
def test_a_forged_frame_is_refused_and_changes_nothing(signing: Signing, place: int) -> None:
    """Places 17 to 19 are the step, the rest is the MAC."""
    frame = signing.page.frame()
    head, token = frame.rsplit("/", 1)
    other = "A" if token[place] != "A" else "B"

    answer = signing.phone.open_link(f"{head}/{token[:place]}{other}{token[place + 1 :]}")

    assert say(answer) == (422, "frame_forged")
    assert signing.page.read()["qr"]["state"] == "pending"


@pytest.mark.row("S-03")
@pytest.mark.parametrize(
    "token", ["x", "1" * 32, "0" * 32, "1" + "A" * 31, "A" * 400, "%00" * 32, "1é" * 16]
)
def test_what_is_no_code_of_ours_is_answered_with_a_sentence(signing: Signing, token: str) -> None:
    answer = signing.phone.get(f"/q/{token}", headers={"Accept": "application/json"})

    assert answer.status_code in (404, 422)
    assert answer.get_json()["detail"]
    assert answer.get_json()["next_step"]


@pytest.mark.row("S-01")
def test_the_codes_tell_nothing_of_person_partner_or_file(signing: Signing) -> None:
    frames = signing.page.get(f"{signing.page.path}/frames").get_json()["frames"]

    tokens = {frame["text"].rsplit("/", 1)[1] for frame in frames}

    assert len(tokens) == len(frames) == 10
    for token in tokens:
        assert len(token) == 32
        assert signing.id not in token
    assert signing.page.open_token not in str(frames)


@pytest.mark.row("S-05")
def test_the_ticket_of_one_phone_is_worth_nothing_on_another(signing: Signing) -> None:
    target = signing.phone.open_link(signing.page.frame()).headers["Location"]
    ticket = next(c.value for c in signing.phone.client._cookies.values() if c.key == "gy_scan")
    thief = signing.product.phone(HUANG)
    thief.client.set_cookie("gy_scan", ticket, path=target)

    answer = thief.post(f"{target}/scan")

    assert say(answer) == (403, "ticket_refused")
    assert signing.page.read()["qr"]["state"] == "pending"


@pytest.mark.row("S-08")
def test_a_scan_needs_the_ticket_of_a_fresh_code(signing: Signing) -> None:
    session_id = signing.page.frame().rsplit("/", 1)[1][1:17]

    assert say(signing.phone.post(f"/m/qr/{session_id}/scan")) == (403, "ticket_refused")


@pytest.mark.row("F-38")
def test_a_scan_is_not_lost_by_logging_in(signing: Signing) -> None:
    fresh = signing.product.browser()

    answer = fresh.get("/q/" + signing.page.frame().rsplit("/", 1)[1])

    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/m/login?next=%2Fm%2Fqr%2F")


@pytest.mark.row("F-38")
def test_the_scanner_reads_our_code_from_a_photo_and_from_text(signing: Signing) -> None:
    frame = signing.page.frame()
    picture = io.BytesIO()
    qrcode.make(frame).save(picture)
    by_photo = signing.phone.send_photo(picture.getvalue())
    by_text = signing.phone.post("/m/scan", {"text": frame})

    assert by_photo.get_json() == by_text.get_json()
    assert signing.phone.post(by_text.get_json()["next"] + "/scan").status_code == 200


@pytest.mark.row("S-33", "S-34")
@pytest.mark.parametrize(
    "photo",
    [b"", b"no picture", b"\x89PNG\r\n\x1a\n" + b"\0" * 50, b"<svg/>", b"GIF89a" + b"\0" * 20],
    ids=["empty", "text", "broken png", "svg", "gif"],
)
def test_a_photo_without_a_code_is_refused_with_a_next_step(signing: Signing, photo: bytes) -> None:
    answer = signing.phone.send_photo(photo)

    assert say(answer) == (422, "no_qr_in_photo")


@pytest.mark.row("S-33")
@pytest.mark.parametrize("kind", ["GIF", "BMP", "TIFF", "PPM"])
def test_the_code_itself_in_a_picture_of_another_kind_is_not_read(
    signing: Signing, kind: str
) -> None:
    assert say(signing.phone.send_photo(drawn(signing, kind))) == (422, "no_qr_in_photo")
    assert signing.phone.send_photo(drawn(signing, "PNG")).status_code == 200


@pytest.mark.row("S-33")
def test_a_photo_with_a_script_behind_it_is_read_and_nothing_of_it_is_kept(
    signing: Signing,
) -> None:
    script = b"<script>alert('kept')</script>"
    comment = PngInfo()
    comment.add_text("Comment", script.decode())
    polyglot = drawn(signing, "PNG", pnginfo=comment) + script

    answer = signing.phone.send_photo(polyglot)

    assert list(answer.get_json()) == ["next"]
    files = [one for one in signing.product.parts.settings.data_dir.rglob("*") if one.is_file()]
    assert [one for one in files if script in one.read_bytes()] == []


def drawn(signing: Signing, kind: str, **more: object) -> bytes:
    """The code that the page shows, as a picture of this kind."""
    picture = io.BytesIO()
    qrcode.make(signing.page.frame()).get_image().convert("RGB").save(picture, kind, **more)
    return picture.getvalue()


@pytest.mark.row("S-32")
def test_a_photo_beyond_ten_mebibytes_is_too_large(signing: Signing) -> None:
    largest = 10 * 1024 * 1024

    assert say(signing.phone.send_photo(bytes(largest))) == (422, "no_qr_in_photo")
    assert say(signing.phone.send_photo(bytes(largest + 1))) == (413, "too_large")


@pytest.mark.row("S-03")
@pytest.mark.parametrize(
    "text", ["", "https://evil.test/q/" + "1" * 32, "x" * 3000, 7, None, ["a"], "\ud800"]
)
def test_the_scanner_takes_no_text_of_others(signing: Signing, text: object) -> None:
    answer = signing.phone.post("/m/scan", {"text": text})

    assert answer.status_code in (404, 422)
    assert truth_of(signing.product, signing.id).status == "awaiting_signer"


@pytest.mark.row("F-39")
@pytest.mark.parametrize("page", ["0", "2", "99999999999999999999"])
def test_a_preview_of_a_page_that_is_not_there_is_refused(signing: Signing, page: str) -> None:
    asked = signing.scan()

    answer = signing.phone.get(f"/m/qr/{asked['session_id']}/preview/{page}.png")

    assert say(answer) == (422, "page_outside")
