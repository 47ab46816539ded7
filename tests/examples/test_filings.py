"""Quoting sealed materials in a filing."""

import pytest

from tests.examples.test_online_signing import file_id, ready, sealed  # noqa: F401  fixtures


@pytest.fixture
def filing(sealed):  # noqa: F811
    form = {"matter": "construction-permit", "project": "五象新区示范小学"}
    return sealed.post("/filings/", data=form).location


def quote(browser, filing, slot, *materials):
    return browser.post(f"{filing}/attachments/{slot}", data={"material": list(materials)})


@pytest.mark.row("F-45")
def test_a_sealed_material_is_quoted_as_an_attachment(sealed, filing):  # noqa: F811
    page = sealed.get(filing).text
    assert "引用我的上传材料" in page
    assert "签章材料（1）" in page
    material = file_id(sealed)
    assert f"/materials/sealed/{material}/view" not in page
    quote(sealed, filing, "application", material)
    quote(sealed, filing, "application", material)
    assert sealed.get(filing).text.count(f"/materials/sealed/{material}/view") == 1


@pytest.mark.row("F-45")
def test_a_filing_is_submitted_once_it_is_complete_and_then_stands(sealed, filing):  # noqa: F811
    material = file_id(sealed)
    quote(sealed, filing, "application", material)
    sealed.post(f"{filing}/submit")
    assert "还缺少必需的附件：施工合同。" in sealed.get(filing).text
    quote(sealed, filing, "contract", material)
    sealed.post(f"{filing}/submit")
    assert "申报已提交" in sealed.get(filing).text
    sealed.post(f"{filing}/attachments/contract/{material}/remove")
    page = sealed.get(filing).text
    assert "已经提交，不能再修改" in page
    assert page.count(f"/materials/sealed/{material}/view") == 2


def test_an_attachment_can_be_taken_off(sealed, filing):  # noqa: F811
    material = file_id(sealed)
    quote(sealed, filing, "application", material)
    sealed.post(f"{filing}/attachments/application/{material}/remove")
    assert f"/materials/sealed/{material}/view" not in sealed.get(filing).text


def test_nothing_ticked_is_told(sealed, filing):  # noqa: F811
    quote(sealed, filing, "application")
    assert "没有勾选材料" in sealed.get(filing).text


def test_a_slot_that_the_matter_does_not_have_is_refused(sealed, filing):  # noqa: F811
    assert quote(sealed, filing, "unknown", file_id(sealed)).status_code == 404


@pytest.mark.row("S-17")
def test_foreign_materials_and_filings_cannot_be_used(sealed, filing):  # noqa: F811
    material = file_id(sealed)
    sealed.post("/login", data={"person": "demo-huang"})
    assert sealed.get(filing).status_code == 404
    own = sealed.post("/filings/", data={"matter": "completion", "project": "邕江"}).location
    assert quote(sealed, own, "report", material).status_code == 404


@pytest.mark.parametrize("form", [{"matter": "nothing", "project": "a"}, {"matter": "completion"}])
def test_a_filing_needs_a_known_matter_and_a_project(browser, form):
    assert browser.post("/filings/", data=form).location == "/filings/new"
