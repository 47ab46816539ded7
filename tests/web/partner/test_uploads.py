"""What a partner may hand in: judged by content, within 20 MiB, under a harmless name."""

import hashlib
import io
import re
import zipfile
from typing import Any
from urllib.parse import unquote

import pytest
from PIL import Image
from sqlalchemy import update

from server.documents.models import Document
from tests.factories import pdf
from tests.factories.devices import multipart
from tests.factories.names import NAUGHTY
from tests.factories.product import PartnerProgram, Product

LARGEST = 20 * 1024 * 1024
# The framework leaves the nameless spool of a broken body to the collector.
spool_left = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture
def partner(product: Product) -> PartnerProgram:
    return product.partner()


def png(name: str = "PNG") -> bytes:
    output = io.BytesIO()
    Image.new("RGB", (30, 30), "red").save(output, name)
    return output.getvalue()


def zip_before_pdf() -> bytes:
    """A ZIP by its first bytes, a PDF by those that follow, as both kinds of readers accept."""
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        archive.writestr("evil.js", "alert(1)")
    return output.getvalue() + pdf.make_pdf()


def pdf_before_zip() -> bytes:
    output = io.BytesIO(pdf.make_pdf())
    output.seek(0, io.SEEK_END)
    with zipfile.ZipFile(output, "a") as archive:
        archive.writestr("evil.js", "alert(1)")
    return output.getvalue()


BAD = {
    "not a pdf": (b"hello", "not_a_pdf"),
    "a picture": (png(), "not_a_pdf"),
    "a page": (b"<html><script>alert(1)</script></html>", "not_a_pdf"),
    "an svg": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not_a_pdf"),
    "a header too far in": (b" " * 1024 + pdf.make_pdf(), "not_a_pdf"),
    "encrypted": (pdf.encrypted_pdf(), "pdf_encrypted"),
    "restricted": (pdf.encrypted_pdf(user=""), "pdf_encrypted"),
    "unknown encryption": (pdf.pdf_with_unknown_encryption(), "pdf_unsupported_encryption"),
    "damaged": (pdf.damaged_pdf(), "pdf_damaged"),
    "no pages": (pdf.pdf_without_pages(), "pdf_no_pages"),
    "script": (pdf.pdf_with_javascript(), "pdf_active_content"),
    "xfa": (pdf.pdf_with_xfa(), "pdf_xfa"),
}


@pytest.mark.row("F-37", "S-33", "S-35")
@pytest.mark.parametrize("kind", BAD)
def test_a_file_that_cannot_be_sealed_is_rejected_with_a_sentence(
    partner: PartnerProgram, kind: str
) -> None:
    content, code = BAD[kind]
    answer = partner.upload(content)
    assert (answer.status_code, answer.get_json()["status"]) == (202, "checking")
    document_id = answer.get_json()["id"]

    partner.product.work()

    document = partner.get(f"/documents/{document_id}").get_json()
    assert (document["status"], document["problem"]["code"]) == ("rejected", code)
    assert document["problem"]["detail"]
    assert document["problem"]["next_step"]
    task = partner.post("/signing-tasks", {"document_id": document_id, "title": "在线签章"})
    assert (task.status_code, task.get_json()["code"]) == (409, "document_rejected")
    assert task.get_json()["problem"] == code


@pytest.mark.row("S-33")
@pytest.mark.parametrize("polyglot", [zip_before_pdf(), pdf_before_zip()], ids=["before", "after"])
def test_what_is_glued_to_a_pdf_is_gone_before_anybody_sees_it(
    product: Product, polyglot: bytes
) -> None:
    assert zipfile.is_zipfile(io.BytesIO(polyglot))

    signing = product.signing(polyglot)

    shown = signing.page.get(f"{signing.page.path}/document").data
    assert shown.startswith(b"%PDF-")
    assert b"evil.js" not in shown
    assert not zipfile.is_zipfile(io.BytesIO(shown))


def test_no_task_is_made_while_a_file_is_being_checked(partner: PartnerProgram) -> None:
    document_id = partner.upload(pdf.make_pdf()).get_json()["id"]

    answer = partner.post("/signing-tasks", {"document_id": document_id, "title": "在线签章"})

    assert (answer.status_code, answer.get_json()["code"]) == (409, "document_not_ready")


@pytest.mark.row("S-32", "F-46")
def test_twenty_mebibytes_are_taken_and_one_byte_more_is_not(partner: PartnerProgram) -> None:
    content = pdf.padded_pdf(LARGEST)
    assert len(content) == LARGEST
    stored = partner.product.parts.settings.data_dir / "blobs"

    taken = partner.upload(content)
    before = sorted(stored.rglob("*"))
    refused = partner.upload(content + b"\n")

    assert taken.status_code == 202
    assert (refused.status_code, refused.get_json()["code"]) == (413, "pdf_too_large")
    assert refused.get_json()["limit"] == LARGEST
    assert sorted(stored.rglob("*")) == before
    partner.product.work()
    document = partner.get(f"/documents/{taken.get_json()['id']}").get_json()
    assert (document["status"], document["size"]) == ("ready", LARGEST)


@pytest.mark.row("S-32")
def test_far_too_much_is_refused_before_it_is_read(partner: PartnerProgram) -> None:
    answer = partner.upload(bytes(LARGEST + 70_000))

    assert (answer.status_code, answer.get_json()["code"]) == (413, "too_large")


@spool_left
@pytest.mark.row("S-32")
@pytest.mark.parametrize("size", [LARGEST + 1, LARGEST + 70_000])
def test_a_body_without_a_stated_length_is_cut_off_at_the_limit_too(
    partner: PartnerProgram, size: int
) -> None:
    form = multipart("file", "a.pdf", bytes(size))

    answer = partner.client.post(
        "/partner/v1/documents",
        input_stream=io.BytesIO(form["data"]),
        content_type=form["content_type"],
        headers={**partner.headers, "Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input_terminated": True},
    )

    assert answer.status_code == 413
    assert answer.get_json()["code"] in ("pdf_too_large", "too_large")


@spool_left
@pytest.mark.row("S-32")
def test_a_body_shorter_than_its_stated_length_is_no_upload(partner: PartnerProgram) -> None:
    form = multipart("file", "a.pdf", pdf.make_pdf())

    answer = partner.client.post(
        "/partner/v1/documents",
        input_stream=io.BytesIO(form["data"][:200]),
        content_type=form["content_type"],
        content_length=len(form["data"]),
        headers=partner.headers,
    )

    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("form", "code"),
    [
        (multipart("file", "a.pdf", b""), "no_file"),
        (multipart("document", "a.pdf", b"%PDF-"), "invalid_fields"),
        ({"data": {"file": "a"}, "content_type": "multipart/form-data"}, "invalid_fields"),
        ({"json": {"file": "text"}}, "invalid_fields"),
        ({}, "invalid_fields"),
    ],
    ids=["empty", "other field", "text field", "json", "nothing"],
)
def test_an_upload_without_a_file_is_refused(
    partner: PartnerProgram, form: dict[str, Any], code: str
) -> None:
    answer = partner.client.post("/partner/v1/documents", headers=partner.headers, **form)

    assert (answer.status_code, answer.get_json()["code"]) == (422, code)


@pytest.mark.row("S-43", "S-45")
@pytest.mark.parametrize("name", [one for one in NAUGHTY if one], ids=lambda one: ascii(one)[:30])
def test_a_name_is_cleaned_before_it_is_stored(partner: PartnerProgram, name: str) -> None:
    """As browsers write it: quotes and line breaks are escaped, everything else stands as it is."""
    sent = name.replace("\ud800", "")
    sent = sent.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")

    shown = partner.upload(pdf.make_pdf(), sent).get_json()["name"]

    assert shown.endswith(".pdf")
    assert not set(shown) & set('/\\:*?"<>|\r\n\0\u202e')
    assert len(shown) <= 120


@pytest.mark.row("S-43")
def test_names_stay_within_their_header_on_every_download(product: Product) -> None:
    """Also those that the cleaning would have let through: the header does not rely on it."""
    signing = product.signing()
    signing.seal()
    link = signing.page.get(f"{signing.page.path}/download").get_json()
    names = [one for one in NAUGHTY if one and "\ud800" not in one]
    assert len(names) >= 30
    for name in (*names, "施工 许可；申请'表'.pdf", "%0d%0aSet-Cookie: x=1.pdf"):
        rename(product, name)
        answers = [
            signing.page.get(f"{signing.page.path}/document"),
            signing.page.get(link["url"]),
            signing.page.get(link["view_url"]),
            signing.partner.get(f"/signing-tasks/{signing.id}/result"),
        ]
        kinds = [one.headers["Content-Disposition"].split(";")[0] for one in answers]
        assert kinds == ["inline", "attachment", "inline", "attachment"]
        for answer in answers:
            header = answer.headers["Content-Disposition"]
            encoded = re.fullmatch(
                r"(?:inline|attachment); filename=\"document\.pdf\"; "
                r"filename\*=UTF-8''([A-Za-z0-9.%_~-]+)",
                header,
            )
            assert encoded, header
            assert unquote(encoded[1]) == name
            assert answer.mimetype == "application/pdf"
            assert "Set-Cookie" not in answer.headers


def rename(product: Product, name: str) -> None:
    with product.parts.db.begin() as uow:
        uow.session.execute(update(Document).values(name=name))


@pytest.mark.row("S-43")
def test_no_name_decides_where_a_file_is_stored(product: Product) -> None:
    folder, pdf_file = product.parts.settings.data_dir, pdf.make_pdf()
    digest = hashlib.sha256(pdf_file).hexdigest()
    before = {path for path in folder.parent.rglob("*") if path.is_file()}

    for name in NAUGHTY:
        sent = name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
        product.partner().upload(pdf_file, sent.replace("\ud800", ""))

    new = {path for path in folder.parent.rglob("*") if path.is_file()} - before
    databases = {path for path in new if path.parent == folder}
    assert all(path.name.startswith("guiyin.sqlite3") for path in databases)
    assert new - databases == {folder / "blobs" / digest[:2] / digest}
