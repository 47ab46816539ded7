"""Manual B, 4.4 and 5.4: 验签 → 上传文件 → 立即验证 → 验签详情 with eight checks of every seal."""

import io
import subprocess
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from sqlalchemy import select

from server.certificates.platform_key import NAME
from server.core.audit import AuditRow
from server.sealing.seal_pdf import Signing, seal
from server.seals import lifecycle
from server.seals.models import Reason
from server.seals.queries import impression_of
from server.validation import trust
from server.validation.models import TrustPurpose
from server.validation.sealed_report import UNSEEN
from tests.factories import attack, pdf
from tests.factories.domain import seal_of
from tests.factories.product import Product
from tests.factories.signer import SmallAuthority
from tests.factories.stamp import META
from tests.factories.verifying import Verifier


@pytest.fixture
def verifier(product: Product) -> Verifier:
    return Verifier.at(product)


@pytest.fixture
def sealed(product: Product) -> bytes:
    """Two pages, a company's seal on each."""
    return product.signing(pdf.make_pdf([pdf.Page()] * 2)).seal()


def report(verifier: Verifier, content: bytes) -> dict[str, Any]:
    told: dict[str, Any] = verifier.get(
        f"/verify/{verifier.verified(content)}/report.json"
    ).get_json()
    return told


@pytest.mark.row("F-11", "F-49", "F-50")
def test_home_leads_to_verification_and_a_sealed_file_passes_all_eight(
    product: Product, sealed: bytes
) -> None:
    home = product.phone().get("/m/").get_data(as_text=True)
    assert 'href="/m/verify"' in home.split('class="entries"')[1].split("</nav>")[0]
    verifier = Verifier.at(product)
    upload = verifier.page("/m/verify")
    assert upload.index("上传文件") < upload.index("立即验证")
    assert "仅支持 PDF" in upload

    shown = verifier.page(f"/m/verify/{verifier.verified(sealed)}")

    assert shown.count('<li class="check-passed">') == 8
    assert "验签详情" in shown
    assert 'verdict-valid"' in shown
    for told in ("南宁桂印科技有限公司", "1、2"):
        assert told in shown


@pytest.mark.row("F-50", "S-37")
def test_a_page_that_was_covered_after_sealing_is_told(verifier: Verifier, sealed: bytes) -> None:
    shown = verifier.page(f"/verify/{verifier.verified(attack.cover_page(sealed))}")

    assert "文件在签章后被修改。" in shown
    assert 'verdict-valid"' not in shown
    assert "第 1 页" in shown


@pytest.mark.row("F-50", "S-37")
def test_one_altered_byte_fails_the_digest_and_leads_to_not_valid(
    verifier: Verifier, sealed: bytes
) -> None:
    place = sealed.index(b"/MediaBox")
    altered = sealed[:place] + sealed[place:].replace(b"/MediaBox", b"/MediaBix", 1)

    told = report(verifier, altered)

    assert told["overall"] == "invalid"
    [check] = [one for one in told["seals"][0]["checks"] if one["name"] == "document_digest"]
    assert (check["answer"], check["cause"]["code"]) == ("failed", "seal_digest_differs")


@pytest.mark.row("F-50")
def test_a_file_without_seals_is_said_to_have_none(verifier: Verifier) -> None:
    told = report(verifier, pdf.make_pdf())

    assert (told["overall"], told["seals"]) == ("unknown", [])
    assert told["cause"]["code"] == "no_signature"


@pytest.mark.row("F-50", "S-30")
def test_a_seal_that_our_register_had_suspended_when_it_sealed_is_told(
    product: Product, verifier: Verifier, sealed: bytes
) -> None:
    with product.parts.db.begin() as uow:
        lifecycle.suspend(uow, seal_of(uow).id, actor="acc-x", by=Reason.OWNER)

    # As somebody would have it who sealed by a stolen key: at the very moment it is suspended.
    told = report(verifier, sealed)

    assert told["overall"] == "invalid"
    assert told["seals"][0]["cause"]["code"] == "seal_suspended"


@pytest.mark.row("F-50")
def test_the_report_is_a_pdf_that_the_platform_has_signed(
    product: Product, verifier: Verifier, sealed: bytes, tmp_path: Path
) -> None:
    token = verifier.verified(sealed, "合同（已签章）.pdf")

    answer = verifier.get(f"/verify/{token}/report.pdf")

    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert "attachment" in answer.headers["Content-Disposition"]
    path = tmp_path / "report.pdf"
    path.write_bytes(answer.data)
    said = subprocess.run(["pdfsig", path], capture_output=True, text=True, timeout=60).stdout
    assert "Signature is Valid" in said
    assert "Total document signed" in said
    told = report(verifier, answer.data)
    assert (told["overall"], told["seals"]) == ("valid", [])
    assert told["signatures"][0]["signer"] == NAME
    words = subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True).stdout
    for one in ("验签报告", "合同（已签章）.pdf", "电子印章签名值", "南宁桂印科技有限公司", "通过"):
        assert one in words


@pytest.mark.row("F-50")
def test_an_ordinary_signature_is_called_what_it_is_and_trusted_by_what_an_operator_added(
    product: Product, verifier: Verifier
) -> None:
    authority = SmallAuthority()
    signing = Signing(authority.signer("某银行"), None)
    signed = seal(pdf.make_pdf(), [UNSEEN], META, sandbox=product.parts.sandbox, signing=signing)

    before = report(verifier, signed)
    with product.parts.db.begin() as uow:
        trust.add(uow, TrustPurpose.DOCUMENTS, authority.root)
    after = report(verifier, signed)

    [one] = before["signatures"]
    assert (one["kind"], one["signer"], one["trusted"]) == ("signature", "某银行", False)
    assert before["cause"]["code"] == "certificate_untrusted"
    assert after["cause"]["code"] != "certificate_untrusted"


@pytest.mark.row("F-50")
def test_the_data_of_a_seal_is_checked_without_its_document(
    product: Product, verifier: Verifier
) -> None:
    with product.parts.db.read() as uow:
        made = impression_of(uow, seal_of(uow).id).made
    assert made

    answer = verifier.hand_in_parts(seal=made)
    told = verifier.get(f"/verify/{answer.get_json()['id']}/report.json").get_json()

    answers = {one["name"]: one["answer"] for one in told["seals"][0]["checks"]}
    assert (answers["seal_format"], answers["seal_validity"]) == ("passed", "passed")
    assert answers["document_digest"] == "unknown"
    assert told["overall"] == "unknown"
    broken = verifier.hand_in_parts(seal=made[:-9])
    told = verifier.get(f"/verify/{broken.get_json()['id']}/report.json").get_json()
    assert (told["overall"], told["cause"]["code"]) == ("invalid", "seal_unreadable")


@pytest.mark.row("F-49")
def test_verifying_leaves_the_audit_trail_and_the_files_alone(
    product: Product, verifier: Verifier, sealed: bytes
) -> None:
    def trail() -> int:
        with product.parts.db.read() as uow:
            return len(uow.session.scalars(select(AuditRow.seq)).all())

    before = trail()
    verifier.verified(sealed)

    assert trail() == before
    assert pikepdf.open(io.BytesIO(sealed))
