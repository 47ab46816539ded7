"""Agreements: each version can be read again, is accepted as shown, and consents are withdrawn."""

from pathlib import Path

import pytest
from sqlalchemy import delete, select, update

from server.accounts.consents import VERSIONS, Agreement
from server.accounts.models import Account, Consent, FaceCheck, FaceState, Level
from server.web import agreement_texts
from tests.factories.product import NEWCOMER, WEI, Product
from tests.factories.visits import visit

HTML = {"Accept": "text/html"}
TEXTS = Path(__file__).parents[2] / "templates" / "agreements"


def accepted(product: Product) -> set[tuple[str, str]]:
    with product.parts.db.read() as uow:
        rows = uow.session.scalars(select(Consent).where(Consent.withdrawn_at.is_(None)))
        return {(row.kind, row.version) for row in rows}


def forget(product: Product, *kinds: Agreement) -> None:
    with product.parts.db.begin() as uow:
        uow.session.execute(delete(Consent).where(Consent.kind.in_(kinds)))


@pytest.mark.row("P-41")
@pytest.mark.parametrize("kind", Agreement)
def test_every_text_can_be_read_by_anybody_in_both_languages(
    product: Product, kind: Agreement
) -> None:
    chinese = product.browser().get(f"/m/agreements/{kind}")
    assert chinese.status_code == 200
    assert VERSIONS[kind] in chinese.text
    assert "0771-4977565" in chinese.text
    assert agreement_texts.TITLES[kind][0] in chinese.text

    english = product.browser()
    english.client.set_cookie("lang", "en")
    page = english.get(f"/m/agreements/{kind}").text
    assert "The Chinese text is the" in page
    assert agreement_texts.TITLES[kind][1] in page


@pytest.mark.row("P-41")
@pytest.mark.parametrize("kind", Agreement)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_present_version_of_every_text_is_a_file(kind: Agreement, language: str) -> None:
    assert (TEXTS / f"{kind}-{VERSIONS[kind]}.{language}.html").is_file()


@pytest.mark.row("P-41")
def test_a_text_names_what_the_law_asks_for() -> None:
    """Who, what, why, how long, which rights, and why a sensitive fact is needed (PIPL 17, 30)."""
    privacy = (TEXTS / f"privacy-{VERSIONS[Agreement.PRIVACY]}.zh.html").read_text("utf-8")
    for word in ("个人信息处理者", "保存多久", "您的权利", "撤回", "注销账号", "联系我们"):
        assert word in privacy, word
    for kind in (Agreement.FACE, Agreement.ID_NUMBER):
        text = (TEXTS / f"{kind}-{VERSIONS[kind]}.zh.html").read_text("utf-8")
        for word in ("单独同意", "处理目的", "保存期限", "必要性", "撤回"):
            assert word in text, (kind, word)


@pytest.mark.row("P-41")
def test_an_accepted_version_can_be_read_again_and_no_other(
    product: Product, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "agreements"
    folder.mkdir()
    for day in ("2026-11-21", "2027-03-01", "2028-01-01"):
        (folder / f"terms-{day}.zh.html").write_text(f"<p>{day}</p>", "utf-8")
    (folder / "terms-2027-03-01.changes.zh.html").write_text("<p>…</p>", "utf-8")
    monkeypatch.setitem(VERSIONS, Agreement.TERMS, "2027-03-01")  # type: ignore[arg-type]

    # The one of 2028 lies ready, and holds from its day.
    assert agreement_texts._versions(folder, Agreement.TERMS) == ["2027-03-01", "2026-11-21"]
    reader = product.browser()
    for path in ("terms/2020-01-01", "terms/..%2Fx", "consent", "changes"):
        assert reader.get(f"/m/agreements/{path}").status_code == 404, path
    assert reader.get("/m/agreements/terms/2026-11-21").status_code == 200


@pytest.mark.row("P-41")
def test_a_changed_agreement_is_shown_accepted_and_leads_back(product: Product) -> None:
    phone = product.phone()
    forget(product, Agreement.PRIVACY)

    led = phone.get("/m/uses", headers=HTML).headers["Location"]
    page = phone.get(led)
    assert "用户隐私政策" in page.text
    assert "用户注册协议》</h2>" not in page.text

    shown = {"privacy": VERSIONS[Agreement.PRIVACY]}
    answer = phone.post(led.replace("changed", "accept"), {"versions": shown})
    assert answer.get_json() == {"next": "/m/uses"}
    assert phone.get("/m/uses").status_code == 200
    assert phone.get(led).headers["Location"] == "/m/uses"


@pytest.mark.row("P-41")
def test_a_computer_is_asked_on_its_own_page(product: Product) -> None:
    computer = product.computer()
    forget(product, Agreement.TERMS)

    led = computer.get("/account", headers=HTML).headers["Location"]
    page = computer.get(led)
    assert "《用户注册协议》" in page.text
    assert VERSIONS[Agreement.TERMS] in page.text

    shown = {"versions": {"terms": VERSIONS[Agreement.TERMS]}}
    answer = computer.post("/account/agreements?next=%2Faccount", shown)
    assert answer.get_json() == {"next": "/account"}
    assert computer.get("/account").status_code == 200
    assert computer.get(led).headers["Location"] == "/account"


@pytest.mark.row("P-41")
def test_nobody_accepts_what_he_was_not_shown(product: Product) -> None:
    phone = product.phone()
    forget(product, Agreement.PRIVACY)

    answer = phone.post("/m/agreements/accept", {"versions": {"privacy": "2020-01-01"}})

    assert (answer.status_code, answer.get_json()["code"]) == (403, "agreements_changed")
    assert Agreement.PRIVACY not in {kind for kind, _ in accepted(product)}
    unknown = phone.post("/m/agreements/accept", {"versions": {"all": "2026-11-21"}})
    assert unknown.status_code == 422


@pytest.mark.row("P-41")
def test_whoever_disagrees_leaves_with_nothing_changed(product: Product) -> None:
    phone = product.phone()
    forget(product, Agreement.TERMS, Agreement.PRIVACY)

    assert phone.post("/m/logout").get_json() == {"next": "/m/login"}

    assert accepted(product) == set()
    assert phone.get("/m/me").status_code == 401


@pytest.mark.row("P-41", "S-28")
@pytest.mark.parametrize("elsewhere", ["https://evil.test/", "//evil.test", "/account", "/m/\\x"])
def test_the_way_on_stays_within_our_own_pages(product: Product, elsewhere: str) -> None:
    phone = product.phone()
    asked = {"query_string": {"next": elsewhere}}

    for path in ("/m/agreements/changed", "/m/gate"):
        assert phone.get(path, **asked).headers["Location"] == "/m/"
    shown = {"versions": {"terms": VERSIONS[Agreement.TERMS]}}
    answer = phone.post("/m/agreements/accept", shown, **asked)
    assert answer.get_json() == {"next": "/m/"}


@pytest.mark.row("P-41")
def test_a_withdrawn_consent_stays_on_record_and_ends_checks_under_way(product: Product) -> None:
    company = visit(product, by_company=True)
    company.settle(company.decide(company.begin_face(), passes=True))
    company.begin_face()
    phone = product.phone()
    assert "人脸信息处理同意书" in phone.get("/m/agreements").text

    assert phone.post("/m/agreements/face/withdraw").get_json() == {"next": "/m/agreements"}

    assert "撤回时间" in phone.get("/m/agreements").text
    assert "face" not in {kind for kind, _ in accepted(product)}
    with product.parts.db.read() as uow:
        states = sorted(one.state for one in uow.session.scalars(select(FaceCheck)))
    assert states == [FaceState.FAILED, FaceState.USED]


@pytest.mark.row("P-41")
def test_withdrawing_deletes_a_number_that_nobody_has_verified(product: Product) -> None:
    phone = product.phone()
    with product.parts.db.begin() as uow:
        mine = Account.name == WEI.name
        uow.session.execute(update(Account).where(mine).values(level=Level.DECLARED))

    phone.post("/m/agreements/id_number/withdraw")

    with product.parts.db.read() as uow:
        names = set(uow.session.scalars(select(Account.name)))
        row = uow.session.scalars(select(Account).where(Account.level == Level.PHONE)).one()
    assert WEI.name not in names
    assert (row.id_number_sealed, row.id_number_index, row.document_type) == (None, None, "")


@pytest.mark.row("P-41")
def test_withdrawing_keeps_what_was_verified_as_the_law_asks(product: Product) -> None:
    phone = product.phone()

    assert "至少五年" in phone.get("/m/agreements").text
    phone.post("/m/agreements/id_number/withdraw")

    with product.parts.db.read() as uow:
        row = uow.session.scalars(select(Account).where(Account.name == WEI.name)).one()
    assert row.level == Level.PROVEN
    assert row.id_number_sealed is not None


@pytest.mark.row("P-41")
@pytest.mark.parametrize("text", ["terms", "privacy", "anything"])
def test_an_agreement_is_ended_by_closing_the_account_alone(product: Product, text: str) -> None:
    phone = product.phone()
    before = accepted(product)

    assert phone.post(f"/m/agreements/{text}/withdraw").status_code == 404
    assert accepted(product) == before


@pytest.mark.row("F-04", "P-41")
@pytest.mark.parametrize("path", ["/m/login", "/m/register", "/m/register/company"])
def test_both_texts_stand_in_full_where_the_tick_is(product: Product, path: str) -> None:
    page = product.browser().get(path).text

    assert "依照《中华人民共和国电子签名法》" in page
    assert "《中华人民共和国个人信息保护法》处理您的个人信息" in page
    assert 'href="/m/agreements/terms"' in page
    assert 'href="/m/agreements/privacy"' in page


@pytest.mark.row("P-41")
def test_who_registers_has_agreed_to_what_the_page_showed(product: Product) -> None:
    phone = product.browser()
    phone.post("/m/login/sms", {"phone": NEWCOMER.phone})
    code = product.sms.messages(1)[0].text
    digits = "".join(one if one.isdigit() else " " for one in code).split()
    body = {"phone": NEWCOMER.phone, "code": next(d for d in digits if len(d) == 6), "agreed": True}

    assert phone.post("/m/register", body).status_code == 200

    texts = {(kind.value, VERSIONS[kind]) for kind in (Agreement.TERMS, Agreement.PRIVACY)}
    assert accepted(product) == texts
