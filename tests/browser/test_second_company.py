"""Two companies seal one file, one after the other; the first seals stay valid."""

import re
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import expect

from server.seed import PEOPLE
from tests.browser import steps
from tests.browser.conftest import DESKTOP, Actor, PhoneOf
from tests.browser.steps import Stack
from tests.factories import pdf

pytestmark = pytest.mark.browser

WEI, HUANG = PEOPLE[0], PEOPLE[1]
COMPANIES = ["南宁桂印科技有限公司", "广西邕江建设工程有限责任公司"]


@pytest.mark.row("F-37", "F-42", "F-44", "P-16")
def test_a_second_company_seals_the_sealed_file_and_both_stay_valid(
    stack: Stack, actor: Actor, phone_of: PhoneOf, tmp_path: Path
) -> None:
    file = tmp_path / "施工合同.pdf"
    file.write_bytes(pdf.make_pdf([pdf.Page()] * 2))
    for person in (WEI, HUANG):
        desktop = actor(**DESKTOP).new_page()
        steps.log_in_at_partner(desktop, stack, person)
        steps.upload_and_sign(desktop, stack, file)
        steps.authenticate(desktop, phone_of(person), person)
        expect(desktop.locator("[data-fill=acting]").first).to_be_visible()
        steps.put_seal_everywhere(desktop)
        steps.confirm_signing(desktop)
        file = steps.download_from_materials(desktop, stack, file)

    signatures = re.split(r"Signature #\d+:", pdfsig(file))[1:]
    assert len(signatures) == 4
    assert all("Signature is Valid" in one for one in signatures)
    for company, (first, second) in zip(COMPANIES, [signatures[:2], signatures[2:]], strict=True):
        assert company in first
        assert company in second
    assert ["Total document signed" in one for one in signatures] == [False, False, True, True]


def pdfsig(file: Path) -> str:
    done = subprocess.run(["pdfsig", str(file)], capture_output=True, text=True, check=False)
    return done.stdout
