"""The personal certificate: proved, downloaded once, under a PIN of one's own (A3-A4, F-14)."""

from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import load_der_x509_certificate

from server.accounts.errors import CodeExpired, NotForCompanyLogin, RealNameNeeded, WrongCode
from server.accounts.fresh_proofs import RESET_PIN
from server.accounts.sessions import Company
from server.certificates.errors import (
    CertificateHeld,
    NoCertificate,
    PinsDiffer,
    PinTooPlain,
    PinUnchanged,
    WrongPin,
)
from server.certificates.unlock import PIN_POLICY, PinLocked, open_person
from server.core.audit import AuditRow
from server.providers.ca import CaUnavailable
from tests.factories.holders import NEW_PIN, PIN, Holders, typed
from tests.factories.people import NEW_PHONE, NUMBER, claim
from tests.factories.product import WEI, Product
from tests.fakes.outside import ForgetfulCa
from tests.fakes.threads import together


def opens(holders: Holders, account_id: str, pin: str) -> bool:
    parts = holders.product.parts
    try:
        open_person(parts.db, parts.providers.keys, account_id, pin)
    except (WrongPin, PinLocked, NoCertificate):
        return False
    return True


def events(product: Product, subject: str) -> list[str]:
    with product.parts.db.read() as uow:
        return [row.event for row in uow.session.query(AuditRow).filter_by(subject=subject).all()]


@pytest.mark.row("F-14")
def test_a_proven_person_downloads_a_certificate_under_a_pin_of_his_own(holders: Holders) -> None:
    session = holders.proven()
    holders.download(session)
    (certificate,) = holders.certificates(session)
    key = holders.key(session)
    assert key is not None
    assert opens(holders, session.account_id, PIN)
    assert not opens(holders, session.account_id, NEW_PIN)
    leaf = load_der_x509_certificate(certificate.der)
    carried = leaf.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)  # type: ignore[call-arg]
    assert carried == key.public_point
    name = leaf.subject.rfc4514_string()
    assert holders.person(session).name in name
    assert NUMBER not in name
    assert "certificate.downloaded" in events(holders.product, session.account_id)


@pytest.mark.row("F-14", "P-37")
def test_a_name_that_no_face_has_proved_gets_no_certificate(holders: Holders) -> None:
    session = holders.people.log_in(holders.people.register(NEW_PHONE, claim()))
    proof = holders.code(session)
    with pytest.raises(RealNameNeeded):
        holders.desk().download(session, proof, typed(PIN))
    holders.faces.passed(session.account_id)
    holders.desk().download(session, proof, typed(PIN))  # the code was not lost by it


@pytest.mark.row("S-23")
def test_the_code_of_another_purpose_or_session_downloads_nothing(holders: Holders) -> None:
    session = holders.proven()
    other = holders.people.log_in(session.account_id)
    for proof in (holders.people.own_proof(session, RESET_PIN), holders.code(other)):
        with pytest.raises(WrongCode):
            holders.desk().download(session, proof, typed(PIN))
    assert holders.certificates(session) == []


@pytest.mark.row("F-14")
@pytest.mark.parametrize(
    ("new", "refused"),
    [
        (typed(PIN, NEW_PIN), PinsDiffer),
        (typed("888888"), PinTooPlain),
        (typed(NEW_PHONE[-6:]), PinTooPlain),
        (typed(NUMBER[6:14]), PinTooPlain),
    ],
)
def test_a_pin_that_is_refused_costs_no_code(
    holders: Holders, new: "object", refused: type[Exception]
) -> None:
    session = holders.proven()
    proof = holders.code(session)
    with pytest.raises(refused):
        holders.desk().download(session, proof, new)  # type: ignore[arg-type]
    holders.desk().download(session, proof, typed(PIN))


@pytest.mark.row("R-08", "R-12")
@pytest.mark.parametrize("losses", [1, 2])
def test_after_a_lost_answer_the_same_request_gives_the_one_certificate(
    holders: Holders, losses: int
) -> None:
    session = holders.proven()
    proof = holders.code(session)
    ca = ForgetfulCa(holders.product.parts.providers.ca, losses)
    for _ in range(losses):
        with pytest.raises(CaUnavailable):
            holders.desk(ca).download(session, proof, typed(PIN))
        assert holders.certificates(session) == []
    holders.desk(ca).download(session, proof, typed(PIN))
    assert len(set(ca.asked)) == 1
    assert len(holders.certificates(session)) == 1


@pytest.mark.row("R-08")
def test_who_comes_back_with_another_code_gets_the_certificate_that_was_issued(
    holders: Holders,
) -> None:
    session = holders.proven()
    ca = ForgetfulCa(holders.product.parts.providers.ca, 1)
    with pytest.raises(CaUnavailable):
        holders.desk(ca).download(session, holders.code(session), typed(PIN))
    holders.product.clock.advance(hours=3)
    holders.desk(ca).download(session, holders.code(session), typed(NEW_PIN))
    assert len(set(ca.asked)) == 1
    assert opens(holders, session.account_id, NEW_PIN)


@pytest.mark.row("R-12")
def test_sent_twice_it_is_downloaded_once_and_another_pin_is_not_taken_for_it(
    holders: Holders,
) -> None:
    session = holders.proven()
    proof = holders.code(session)
    ca = ForgetfulCa(holders.product.parts.providers.ca, 0)

    def send() -> None:
        holders.desk(ca).download(session, proof, typed(PIN))

    together([send, send])
    send()
    assert len(holders.certificates(session)) == 1
    assert len(set(ca.asked)) == 1
    assert events(holders.product, session.account_id).count("certificate.downloaded") == 1
    with pytest.raises(WrongPin):
        holders.desk().download(session, proof, typed(NEW_PIN))
    assert opens(holders, session.account_id, PIN)


def test_who_has_a_certificate_downloads_no_second_one(holders: Holders) -> None:
    session = holders.logged_in(WEI)
    proof = holders.code(session)
    with pytest.raises(CertificateHeld):
        holders.desk().download(session, proof, typed(PIN))
    assert len(holders.certificates(session)) == 1


@pytest.mark.row("S-23")
def test_an_old_code_is_spent_for_everything_but_its_own_request(holders: Holders) -> None:
    session = holders.logged_in(WEI)
    first, _ = holders.proofs(session)
    second, face = holders.proofs(session)
    with pytest.raises(CodeExpired):
        holders.desk().reset(session, first, face, typed(NEW_PIN))
    holders.desk().reset(session, second, face, typed(NEW_PIN))


def test_a_companys_own_login_downloads_nothing(holders: Holders) -> None:
    mine = holders.proven()
    company = holders.people.log_in(mine.account_id, Company("ent-1", "elog-1"))
    bound = replace(holders.code(mine), subject=company.id)
    with pytest.raises(NotForCompanyLogin):
        holders.desk().download(company, bound, typed(PIN))


@pytest.mark.row("P-40", "S-21")
def test_a_pin_is_changed_by_the_old_one_and_the_certificate_stays(holders: Holders) -> None:
    session = holders.logged_in(WEI)
    before = holders.key(session)
    holders.desk().change(session, WEI.pin, typed(NEW_PIN))
    after = holders.key(session)
    assert before is not None
    assert after is not None
    assert (after.public_point, after.certificate_id) == (
        before.public_point,
        before.certificate_id,
    )
    assert after.salt != before.salt
    assert opens(holders, session.account_id, NEW_PIN)
    assert not opens(holders, session.account_id, WEI.pin)
    assert "pin.changed" in events(holders.product, session.account_id)


@pytest.mark.row("S-21")
def test_a_wrong_old_pin_is_counted_like_any_other(holders: Holders) -> None:
    session = holders.logged_in(WEI)
    left = []
    for _ in range(PIN_POLICY.tries - 1):
        with pytest.raises(WrongPin) as wrong:
            holders.desk().change(session, "999999", typed(NEW_PIN))
        left.append(wrong.value.details["tries_left"])
    assert left == [4, 3, 2, 1]
    with pytest.raises(PinLocked) as locked:
        holders.desk().change(session, "999999", typed(NEW_PIN))
    assert locked.value.details["retry_after"] == 900
    with pytest.raises(PinLocked):
        holders.desk().change(session, WEI.pin, typed(NEW_PIN))


def test_the_new_pin_is_another_one_and_a_plain_one_costs_no_try(holders: Holders) -> None:
    session = holders.logged_in(WEI)
    with pytest.raises(PinUnchanged):
        holders.desk().change(session, WEI.pin, typed(WEI.pin))
    for _ in range(PIN_POLICY.tries + 1):
        with pytest.raises(PinTooPlain):
            holders.desk().change(session, "999999", typed("111111"))
    assert opens(holders, session.account_id, WEI.pin)


def test_without_a_certificate_there_is_no_pin_to_change(holders: Holders) -> None:
    session = holders.proven()
    with pytest.raises(NoCertificate):
        holders.desk().change(session, PIN, typed(NEW_PIN))
