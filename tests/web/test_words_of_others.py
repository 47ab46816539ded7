"""What others wrote is shown as words: escaped on every page, stripped of what cannot be seen."""

from html.parser import HTMLParser

import pytest
from markupsafe import escape
from sqlalchemy import select, update

from server.accounts.models import Account
from server.enterprises.models import Enterprise
from server.grants.models import SealUse
from server.partners.models import Partner
from server.seals.models import Seal
from tests.factories.pdf import make_pdf
from tests.factories.product import Product, Signing

SCRIPT = "<script>alert(1)</script>"
PAYLOADS = [
    SCRIPT,
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "' autofocus onfocus='alert(1)",
    "{{ 7*7 }}{% raw %}",
    "</title><base href=//evil.test>",
]


class Acting(HTMLParser):
    """Collects what would act in a browser although it stands in no file of ours."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        ours = (given.get("src") or "").startswith("/static/")
        if tag == "base" or (tag == "script" and not ours and "json" not in str(given.get("type"))):
            self.found.append(tag)
        self.found += [name for name in given if name.startswith("on")]


def acting_parts(text: str) -> list[str]:
    parser = Acting()
    parser.feed(text)
    return parser.found


PHONE_PAGES = ["/m/", "/m/uses", "/m/me", "/m/scan"]


def rename_everything(product: Product, words: str) -> None:
    """Every name that a page shows, as if the registries held it."""
    with product.parts.db.begin() as uow:
        for column in (Partner.name, Partner.domain, Partner.support_phone):
            uow.session.execute(update(Partner).values({column: words}))
        uow.session.execute(update(Account).values(name=words))
        uow.session.execute(update(Seal).values(name=words, number=words[:32]))
        uow.session.execute(update(SealUse).values(document_name=words))
        for company in uow.session.scalars(select(Enterprise)):
            company.name = words + company.code


@pytest.fixture
def sealed(product: Product) -> Signing:
    signing = product.signing()
    signing.seal()
    return signing


@pytest.mark.row("S-45")
@pytest.mark.parametrize("words", PAYLOADS)
def test_names_act_on_no_page(product: Product, sealed: Signing, words: str) -> None:
    rename_everything(product, words)
    own = sealed.page.read()["placements"][0]["seal_id"]
    paths = [*PHONE_PAGES, f"/m/seals/{own}"]
    pages = [sealed.phone.get(path) for path in paths]
    pages.append(sealed.page.get(sealed.page.path))
    for page in pages:
        text = page.get_data(as_text=True)
        assert page.status_code == 200, page.request.path
        assert acting_parts(text) == [], page.request.path
        assert "<b>49" not in text
    for page in (pages[0], pages[1], pages[-2], pages[-1]):
        assert str(escape(words)) in page.get_data(as_text=True), page.request.path


@pytest.mark.row("S-45")
def test_names_in_answers_to_scripts_are_json_and_nothing_else(
    product: Product, sealed: Signing
) -> None:
    rename_everything(product, SCRIPT)

    answer = sealed.page.get(f"{sealed.page.path}/state")

    assert answer.mimetype == "application/json"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.get_json()["partner"]["name"] == SCRIPT


@pytest.mark.row("S-45")
def test_what_an_address_holds_is_not_repeated_as_markup(product: Product) -> None:
    phone = product.phone()
    for path in (
        "/q/%3Cscript%3Ealert(1)%3C%2Fscript%3E",
        "/m/login?next=/m/%22%3E%3Cscript%3E",
        "/m/qr/%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E",
        "/m/seals/%3Cscript%3E",
        "/m/uses?cursor=%3Cscript%3E",
        "/sign/%3Cscript%3E",
        "/nowhere/%3Cscript%3E",
        "/d/%3Cscript%3E",
    ):
        for browser in (phone, product.browser()):
            answer = browser.get(path, headers={"Accept": "text/html"})
            assert answer.status_code < 500, path
            assert "<script>" not in answer.get_data(as_text=True).replace("%3Cscript", ""), path


@pytest.mark.row("S-11", "P-02")
def test_the_phone_shows_the_registered_partner_whatever_the_request_says(
    product: Product,
) -> None:
    partner = product.partner()
    forged = "\u202e国家税务总局\u200b<b>官方</b>来自：税务局"
    body = {
        "document_id": partner.ready_document(make_pdf(), f"{forged}.pdf"),
        "title": forged,
        "user_reference": forged,
    }
    made = partner.post("/signing-tasks", body).get_json()
    signing = Signing(product, partner, made, product.page(made["open_url"]), product.phone())

    asked = signing.scan()

    assert asked["partner"]["name"] == "南宁市工程建设项目审批系统（演示）"
    assert asked["partner"]["domain"] == "127.0.0.1:8322"
    assert asked["documents"][0]["name"] == "b来自：税务局.pdf"
    assert signing.page.read()["task"]["title"] == "国家税务总局<b>官方</b>来自：税务局"
    assert "\u202e" not in str(asked)


@pytest.mark.row("S-11")
def test_a_title_of_nothing_but_hidden_letters_gives_way_to_the_files_name(
    product: Product,
) -> None:
    signing = product.signing(title="\u200b\u202e")

    assert signing.page.state["task"]["title"] == signing.page.state["document"]["name"]


@pytest.mark.row("P-02", "S-11")
def test_the_phone_shows_who_what_where_and_how_long(product: Product) -> None:
    signing = product.signing()

    asked = signing.scan()

    document = asked["documents"][0]
    state = signing.page.read()
    assert (document["name"], document["pages"]) == ("施工许可申请表.pdf", 1)
    assert document["size"] == state["document"]["size"]
    assert (asked["action"], asked["grant_minutes"], asked["most_seals"]) == ("签章", 30, 20)
    assert asked["acting"][0]["right"] == "法定代表人"
    assert [seal["name"] for seal in asked["acting"][0]["seals"]] == [
        "企业法定名称章",
        "企业法定代表人章",
    ]
    assert asked["browser"]["city"] == "本机或内网"
    assert len(asked["reference_choices"]) == len(set(asked["reference_choices"])) == 3
    assert asked["warning"]["code"] == "no_named_signer"
    picture = signing.phone.get(document["preview"])
    assert picture.data.startswith(b"\x89PNG")


@pytest.mark.row("P-02")
def test_the_phone_speaks_english_when_asked(product: Product) -> None:
    signing = product.signing()
    signing.phone.client.set_cookie("lang", "en")

    asked = signing.scan()

    assert asked["action"] == "Sealing"
    answer = signing.phone.confirm(asked, signing.page)
    assert answer.get_json()["message"].isascii()
