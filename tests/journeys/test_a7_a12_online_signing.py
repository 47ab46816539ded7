"""Manual A, steps 7 to 12: a file is signed online at a partner's."""

import subprocess
from pathlib import Path

import pytest

from tests.factories.pdf import Page, make_pdf
from tests.factories.product import Product


@pytest.mark.row("F-37", "F-38", "F-39", "F-40", "F-41", "F-42", "F-44", "P-16", "P-17")
def test_a_file_is_sealed_from_upload_to_download(product: Product, tmp_path: Path) -> None:
    signing = product.signing(make_pdf([Page(), Page(rotate=90)]))
    state = signing.authorize()
    assert [seal["name"] for seal in state["seals"]] == ["企业法定名称章", "企业法定代表人章"]

    answer = signing.page.confirm(signing.page.everywhere())

    assert answer.status_code == 202
    assert answer.get_json()["task"]["status"] == "sealing"
    product.work()
    after = signing.page.read()
    assert after["task"]["status"] == "sealed"
    assert after["result"]["seals"] == 2
    sealed = signing.partner.result(signing.task["id"])
    (tmp_path / "sealed.pdf").write_bytes(sealed)
    said = subprocess.run(
        ["pdfsig", str(tmp_path / "sealed.pdf")], capture_output=True, text=True, check=False
    ).stdout
    assert said.count("Signature is Valid") == 2
    assert "Total document signed" in said
    link = signing.page.get(f"{signing.page.path}/download").get_json()
    assert signing.page.get(link["url"]).data == sealed
