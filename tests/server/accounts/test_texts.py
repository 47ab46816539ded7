"""Text messages wait sealed for a gateway that is away, and say so when it stays away (R-09)."""

import logging
from collections.abc import Mapping
from datetime import timedelta

import pytest
from sqlalchemy import select

from server.accounts import notices, texts
from server.accounts.errors import BadPhone
from server.accounts.models import Account, mask_phone
from server.accounts.news import News
from server.accounts.notice_models import Notice, TextMessage, TextState
from server.accounts.texts import AddressInWords, SecretInTheOpen
from server.core.jobs import Job, JobState
from tests.conftest import PUBLIC_URL
from tests.factories.people import NEW_PHONE, People
from tests.factories.product import Product
from tests.fakes.outside import SilentSms

LINK = f"{PUBLIC_URL}/m/certify/abc"
LINKED, PLAIN = "certification_link", "application_done"
COMPANY = "南宁桂印科技有限公司"
WORDS = {"owner": COMPANY, "days": "7", "link": LINK}


class Texts:
    """Texts that the product was asked for."""

    def __init__(self, product: Product, people: People) -> None:
        self.product, self.people = product, people

    def ask(self, phone: str = NEW_PHONE, words: Mapping[str, str] = WORDS) -> str:
        with self.product.parts.db.begin() as uow:
            return texts.send_text(uow, self.people.desk.keys, phone, LINKED, words)

    def row(self, text_id: str) -> TextMessage:
        with self.product.parts.db.read() as uow:
            return uow.session.get_one(TextMessage, text_id)

    def arrived(self) -> list[tuple[str, str]]:
        sent = self.product.sms.messages()
        return [(one.phone, one.text) for one in sent if one.template in (LINKED, PLAIN)]

    def notices(self) -> list[Notice]:
        with self.product.parts.db.read() as uow:
            return list(uow.session.scalars(select(Notice).order_by(Notice.id)))

    def wait_out(self, most: timedelta) -> int:
        """Let a worker whose gateway is down try until nothing is due for so long; the tries."""
        worker, tried = self.product.worker(sms=SilentSms()), 0
        end = self.product.clock.now() + most
        while self.product.clock.now() < end:
            tried += worker.run_all()
            self.product.clock.advance(seconds=721)  # the longest pause, with all its jitter
        return tried


@pytest.fixture
def sent(product: Product, people: People) -> Texts:
    return Texts(product, people)


@pytest.mark.row("P-43", "R-09")
def test_a_text_is_sent_by_the_worker_and_only_once(sent: Texts) -> None:
    text_id = sent.ask()
    assert sent.arrived() == []

    sent.product.work()
    sent.product.work()

    [(phone, text)] = sent.arrived()
    assert (phone, text.startswith("【桂印】")) == (NEW_PHONE, True)
    assert all(word in text for word in (COMPANY, LINK, "7 天内", "请勿泄露"))
    assert sent.row(text_id).state == TextState.SENT


@pytest.mark.row("R-15")
def test_a_job_that_is_run_again_after_its_end_sends_nothing_more(sent: Texts) -> None:
    account_id = sent.people.register()
    with sent.product.parts.db.begin() as uow:
        texts.text_account(uow, account_id, "password_set", {})
    sent.product.work()
    with sent.product.parts.db.begin() as uow:
        job = uow.session.scalars(select(Job).where(Job.kind == texts.SEND)).one()
        job.state = JobState.QUEUED

    sent.product.work()

    templates = [one.template for one in sent.product.sms.messages()]
    assert templates.count("password_set") == 1
    with sent.product.parts.db.read() as uow:
        assert uow.session.get_one(Job, job.id).state == JobState.DONE


@pytest.mark.row("S-21")
def test_phone_and_link_lie_open_in_no_table_and_are_wiped_at_the_end(sent: Texts) -> None:
    text_id = sent.ask()
    waiting = sent.row(text_id)
    with sent.product.parts.db.read() as uow:
        jobs = [job.payload for job in uow.session.scalars(select(Job))]
    lies_open = f"{waiting.words} {waiting.sealed!r} {jobs}"
    assert NEW_PHONE not in lies_open
    assert "certify" not in lies_open

    sent.product.work()

    assert (sent.row(text_id).sealed, sent.row(text_id).words) == (None, {})


def test_the_log_has_neither_phone_nor_words(sent: Texts, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    sent.ask()
    sent.wait_out(timedelta(days=2))
    sent.ask()
    sent.product.work()

    told = "\n".join(f"{one.getMessage()} {one.__dict__}" for one in caplog.records)
    assert "text_not_sent" in told
    assert NEW_PHONE not in told
    assert "certify" not in told


@pytest.mark.row("R-09")
def test_a_gateway_that_was_away_for_hours_gets_the_text_then(sent: Texts) -> None:
    sent.ask()
    assert sent.wait_out(timedelta(hours=5)) > 10

    sent.product.work()

    assert len(sent.arrived()) == 1


@pytest.mark.row("R-09")
def test_after_a_day_it_is_given_up_and_who_asked_hears_of_it(sent: Texts) -> None:
    account_id = sent.people.register()
    text_id = sent.ask()
    with sent.product.parts.db.begin() as uow:
        texts.tell_if_unsent(uow, text_id, account_id)
    before = len(sent.notices())

    sent.wait_out(timedelta(hours=26))
    sent.product.work()

    told = sent.notices()[before:]
    assert [(one.news, one.account_id) for one in told] == [(News.TEXT_UNSENT, account_id)]
    assert told[0].words == {"phone": mask_phone(NEW_PHONE)}
    assert (sent.arrived(), sent.row(text_id).sealed) == ([], None)
    assert sent.row(text_id).state == TextState.UNSENT


@pytest.mark.row("R-09", "P-36")
def test_a_notice_says_that_its_own_text_could_not_be_sent(sent: Texts) -> None:
    account_id = sent.people.register()
    with sent.product.parts.db.begin() as uow:
        about = {"subject": "s", "words": {"owner": "甲"}, "text": PLAIN}
        notices.tell(uow, account_id, News.PASSWORD_SET, **about)  # type: ignore[arg-type]
    assert [one.text_unsent for one in sent.notices()] == [False]

    sent.wait_out(timedelta(hours=26))

    assert [one.text_unsent for one in sent.notices()] == [True]


def test_a_text_to_an_account_goes_to_the_phone_that_it_has_by_then(sent: Texts) -> None:
    account_id = sent.people.register()
    with sent.product.parts.db.begin() as uow:
        texts.text_account(uow, account_id, PLAIN, {"owner": "甲公司"})

    sent.product.work()

    assert sent.arrived() == [
        (NEW_PHONE, "【桂印】甲公司申领的电子印章已生成，请登录广西统一电子印章查看。")
    ]


@pytest.mark.row("S-21")
def test_a_text_with_a_link_is_never_asked_for_without_a_key(sent: Texts) -> None:
    account_id = sent.people.register()
    with sent.product.parts.db.begin() as uow, pytest.raises(SecretInTheOpen):
        texts.text_account(uow, account_id, LINKED, WORDS)


@pytest.mark.row("S-31", "P-43")
@pytest.mark.parametrize("link", ["https://evil.test/m/", f"{PUBLIC_URL}.evil.test/m/certify/a"])
def test_no_text_leads_to_another_host(sent: Texts, link: str) -> None:
    text_id = sent.ask(words={**WORDS, "link": link})

    sent.product.work()

    assert (sent.arrived(), sent.row(text_id).state) == ([], TextState.UNSENT)


@pytest.mark.row("S-11", "P-43")
@pytest.mark.parametrize("name", ["请点 http://evil.test", "www.evil.test 有限公司"])
def test_a_companys_name_brings_no_address_into_a_text(sent: Texts, name: str) -> None:
    with pytest.raises(AddressInWords):
        sent.ask(words={**WORDS, "owner": name})


@pytest.mark.row("S-11", "P-43")
def test_a_companys_name_forges_no_signature_and_turns_no_line(sent: Texts) -> None:
    sent.ask(words={**WORDS, "owner": "甲\n【某银行】乙\u202e丙"})

    sent.product.work()

    assert sent.arrived()[0][1].startswith("【桂印】甲 某银行 乙 丙申领")


def test_a_wrong_phone_and_a_missing_word_are_told_to_the_caller(sent: Texts) -> None:
    with pytest.raises(BadPhone):
        sent.ask("12345")
    with pytest.raises(KeyError):
        sent.ask(words={"owner": "甲"})


def test_settled_texts_are_forgotten_after_a_month_and_waiting_ones_are_not(sent: Texts) -> None:
    first = sent.ask()
    sent.product.work()
    second = sent.ask()
    sent.product.clock.advance(seconds=timedelta(days=31).total_seconds())
    with sent.product.parts.db.begin() as uow:
        texts.sweep(uow)
        left = list(uow.session.scalars(select(TextMessage.id)))
    assert (first in left, second in left) == (False, True)


@pytest.mark.row("P-38")
def test_who_has_no_phone_any_more_is_sent_nothing(sent: Texts) -> None:
    account_id = sent.people.register()
    with sent.product.parts.db.begin() as uow:
        text_id = texts.text_account(uow, account_id, PLAIN, {"owner": "甲公司"})
    assert text_id
    with sent.product.parts.db.begin() as uow:
        uow.session.get_one(Account, account_id).phone_sealed = None

    sent.product.work()

    assert (sent.arrived(), sent.row(text_id).state) == ([], TextState.UNSENT)
