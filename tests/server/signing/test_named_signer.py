"""A partner may say who is expected to sign: nobody else takes the task, and it learns nothing."""

from hashlib import sha256
from typing import Any

import pytest
from sqlalchemy import update
from werkzeug.test import TestResponse

from server.accounts import named_signer
from server.accounts.errors import BadIdNumber
from server.accounts.id_documents import read_document
from server.accounts.models import Account, Level
from server.accounts.names import RESIDENT
from server.accounts.phones import phone_index
from server.cli import main
from server.partners.models import Partner
from server.providers.keys import TooManyKeyCalls
from server.signing.models import SigningTask
from tests.factories.pdf import make_pdf
from tests.factories.product import HUANG, LI, WEI, Product
from tests.factories.truth import events_of

NOBODYS_PHONE = "13907719999"
NUMBER, OTHER_NUMBER = "450103198506123011", "11010519491231002X"


def ask(product: Product, expected: Any, **headers: str) -> TestResponse:
    """A task on the one file of this test, for this signer."""
    partner = product.partner()
    document_id = partner.upload(make_pdf(), **{"Idempotency-Key": "file"}).get_json()["id"]
    product.work()
    body = {"document_id": document_id, "title": "在线签章", "expected_signer": expected}
    return partner.post("/signing-tasks", body, **headers)


def said(answer: TestResponse) -> tuple[int, str]:
    return answer.status_code, answer.get_json()["code"]


def prove_number(product: Product, name: str, number: str, *, proved: bool = True) -> None:
    """As registering with a real name will keep it."""
    with product.parts.db.begin() as uow:
        account = uow.session.query(Account).filter_by(name=name).one()
        sealed = product.parts.providers.keys.wrap("id_number", account.id, number.encode())
        account.id_number_sealed = sealed
        account.level = Level.PROVEN if proved else Level.DECLARED


@pytest.mark.row("S-13", "P-05")
def test_a_task_for_one_person_is_signed_by_that_person(product: Product) -> None:
    signing = product.signing(person=WEI, expected_signer={"phone": WEI.phone})

    assert signing.seal().startswith(b"%PDF")


@pytest.mark.row("S-13", "P-05", "S-05")
def test_another_person_is_refused_and_the_page_is_told_no_more_than_that(
    product: Product,
) -> None:
    signing = product.signing(person=LI, expected_signer={"phone": HUANG.phone})
    session_id = signing.page.frame().rsplit("/", 1)[1][1:17]

    answer = signing.phone.scan(signing.page.frame())

    assert said(answer) == (403, "wrong_signer")
    page = signing.page.read()
    assert (page["qr"]["state"], page["qr"]["hint"]["code"]) == ("pending", "wrong_signer")
    assert page["qr"]["phone_name"] is None
    told = str(page) + signing.partner.get(f"/signing-tasks/{signing.id}").text
    assert not [name for name in (LI.name, "李*梅", HUANG.name, "黄*", HUANG.phone) if name in told]
    assert events_of(product, session_id) == ["qr.refused"]
    assert product.phone(HUANG).scan(signing.page.frame()).status_code == 200


@pytest.mark.row("S-13")
def test_a_person_can_be_named_by_number_and_name(product: Product) -> None:
    prove_number(product, WEI.name, NUMBER)
    prove_number(product, LI.name, OTHER_NUMBER)
    named = {"id_number": NUMBER, "name": WEI.name}
    signing = product.signing(person=LI, expected_signer=named)

    assert said(signing.phone.scan(signing.page.frame())) == (403, "wrong_signer")
    phone = product.phone(WEI)
    assert phone.scan(signing.page.frame()).status_code == 200


@pytest.mark.row("S-13")
def test_the_number_alone_is_not_enough_and_neither_is_a_number_nobody_has_proved(
    product: Product,
) -> None:
    prove_number(product, WEI.name, NUMBER)
    namesake = product.signing(expected_signer={"id_number": NUMBER, "name": "韦志强"})
    assert said(namesake.phone.scan(namesake.page.frame())) == (403, "wrong_signer")

    prove_number(product, WEI.name, NUMBER, proved=False)
    claimed = product.signing(expected_signer={"id_number": NUMBER, "name": WEI.name})
    assert said(claimed.phone.scan(claimed.page.frame())) == (403, "wrong_signer")


@pytest.mark.row("S-13", "S-23")
def test_the_partner_does_not_learn_who_is_registered(product: Product) -> None:
    known, unknown = (ask(product, {"phone": phone}) for phone in (WEI.phone, NOBODYS_PHONE))

    assert known.status_code == unknown.status_code == 201
    answers = [known.get_json(), unknown.get_json()]
    later = [product.partner().get(f"/signing-tasks/{one['id']}").get_json() for one in answers]
    for one in (*answers, *later):
        del one["id"]
        one.pop("open_url", None)
    assert answers[0] == answers[1]
    assert later[0] == later[1]
    assert set(later[0]) == {"status", "title", "failure", "sealed_at", "result"}


@pytest.mark.row("S-13")
def test_whoever_comes_to_have_the_phone_may_sign(product: Product) -> None:
    """The name is compared at the scan, so a person may register after the task was made."""
    signing = product.signing(person=LI, expected_signer={"phone": NOBODYS_PHONE})
    assert said(signing.phone.scan(signing.page.frame())) == (403, "wrong_signer")

    keys = product.parts.providers.keys
    with product.parts.db.begin() as uow:
        account = uow.session.query(Account).filter_by(name=LI.name).one()
        account.phone_sealed = keys.wrap("phone", account.id, NOBODYS_PHONE.encode())

    assert signing.phone.scan(signing.page.frame()).status_code == 200


@pytest.mark.row("S-22")
def test_phone_and_number_are_kept_nowhere_but_as_keyed_digests(product: Product) -> None:
    kept = []
    for expected in ({"phone": NOBODYS_PHONE}, {"id_number": NUMBER, "name": WEI.name}):
        key = {"Idempotency-Key": "-".join(expected)}
        made = ask(product, expected, **key).get_json()["id"]
        with product.parts.db.read() as uow:
            kept.append(uow.session.get_one(SigningTask, made).named_signer or "")
    index = phone_index(product.parts.providers.keys, NOBODYS_PHONE)
    assert len({*kept, index, sha256(NOBODYS_PHONE.encode()).hexdigest()}) == 4
    product.parts.db.close()
    folder = product.parts.settings.data_dir
    stored = b"".join(path.read_bytes() for path in folder.glob("*.sqlite3*"))
    assert all(one.encode() in stored for one in kept)
    assert NOBODYS_PHONE.encode() not in stored
    assert NUMBER.encode() not in stored


@pytest.mark.row("S-13")
def test_a_repeated_request_for_another_signer_is_another_request(product: Product) -> None:
    def again(phone: str) -> TestResponse:
        return ask(product, {"phone": phone}, **{"Idempotency-Key": "once"})

    made = again(WEI.phone)
    assert again("+86 139-0771-0001").get_json()["id"] == made.get_json()["id"]
    assert said(again(HUANG.phone)) == (422, "idempotency_key_reused")


@pytest.mark.row("S-13")
def test_a_signer_who_is_not_named_properly_is_refused(product: Product) -> None:
    for expected, code in (
        ({}, "invalid_fields"),
        ({"phone": WEI.phone, "name": WEI.name}, "invalid_fields"),
        ({"id_number": NUMBER}, "invalid_fields"),
        ({"name": WEI.name}, "invalid_fields"),
        ({"phone": WEI.phone, "id_number": NUMBER, "name": WEI.name}, "invalid_fields"),
        ({"phone": ""}, "invalid_fields"),
        ({"account": "acc-1"}, "invalid_fields"),
        (WEI.phone, "invalid_fields"),
        ({"phone": "110"}, "bad_phone"),
        ({"id_number": NUMBER[:-1] + "2", "name": WEI.name}, "bad_id_number"),
    ):
        answer = ask(product, expected)
        assert said(answer) == (422, code), expected
        assert NUMBER not in answer.text
        assert WEI.phone not in answer.text


@pytest.mark.row("S-13")
def test_a_partner_that_knows_its_users_has_to_say_who_signs(product: Product) -> None:
    with product.parts.db.begin() as uow:
        uow.session.execute(update(Partner).values(requires_named_signer=True))

    assert said(ask(product, None)) == (422, "expected_signer_required")
    assert ask(product, {"phone": WEI.phone}).status_code == 201


@pytest.mark.row("S-13")
def test_an_operator_says_which_partner_knows_its_users(
    product: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = product.parts.settings
    for name in ("data_dir", "public_url"):
        monkeypatch.setenv(f"GUIYIN_{name.upper()}", str(getattr(settings, name)))
    for name in ("master_key", "link_key"):
        monkeypatch.setenv(f"GUIYIN_{name.upper()}", getattr(settings, name).get_secret_value())
    words = ["create-partner", "--domain", "c.test", "--support-phone", "0771", "--name"]

    main([*words, "knows", "--names-signers"])
    main([*words, "knows not"])

    with product.parts.db.read() as uow:
        rows = {row.name: row.requires_named_signer for row in uow.session.query(Partner)}
    assert (rows["knows"], rows["knows not"]) == (True, False)


@pytest.mark.row("S-11", "S-13")
def test_the_phone_warns_strongly_unless_the_signer_was_named(product: Product) -> None:
    unnamed = product.signing().scan()
    named = product.signing(expected_signer={"phone": WEI.phone}).scan()

    assert unnamed["warning"]["code"] == "no_named_signer"
    assert unnamed["browser"]["city"]
    assert named["warning"] is None


@pytest.mark.parametrize(
    "written",
    [
        "45010319850612301x",
        "110105194912310021",
        "1101051949123100",
        "11010519491231002XX",
        "１１０１０５１９４９１２３１００２X",
        "",
    ],
)
def test_a_resident_number_has_18_characters_and_the_right_last_one(written: str) -> None:
    assert read_document(RESIDENT, " 110105 19491231 002x ").number == OTHER_NUMBER
    with pytest.raises(BadIdNumber):
        read_document(RESIDENT, written)


@pytest.mark.row("S-13")
def test_a_name_is_one_name_however_it_is_written(product: Product) -> None:
    keys = product.parts.providers.keys
    written = [
        "阿不都·热合曼",
        "阿不都•热合曼 ",
        "阿不都・热合曼",
        "阿不都 · 热合曼",
        "阿不都．热合曼",
    ]

    def called(number: str, name: str) -> str:
        return named_signer.by_id_number(keys, "par-1", number, name)

    assert len({called(NUMBER, name) for name in written}) == 1
    others = {called(NUMBER, "阿不都热合曼"), called(OTHER_NUMBER, written[0])}
    assert called(NUMBER, written[0]) not in others


@pytest.mark.row("S-22")
def test_two_partners_call_one_person_by_two_names_and_use_up_nobody_elses_calls(
    product: Product,
) -> None:
    keys = product.parts.providers.keys
    names = {named_signer.by_phone(keys, partner, WEI.phone) for partner in ("par-1", "par-2")}
    assert len(names) == 2

    def use_up() -> None:
        for _ in range(100):
            named_signer.by_phone(keys, "par-1", WEI.phone)

    with pytest.raises(TooManyKeyCalls):
        use_up()
    assert named_signer.by_phone(keys, "par-2", WEI.phone) in names
    assert product.phone(WEI).get("/m/").status_code == 200
