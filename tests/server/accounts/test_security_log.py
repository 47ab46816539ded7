"""The security log: what happened to one's own account, in words, in pages."""

import ast
from pathlib import Path

import pytest

import server
from server.accounts import fresh_proofs, login, passwords, security_log, sessions
from server.accounts.errors import WrongPassword
from server.accounts.security_log import WORDS, Entry
from server.core import audit
from server.core.paging import BadCursor, Page
from tests.factories.people import NEW_PHONE, OTHER_PHONE, People

# Written for other readers: a QR session's refusals, and a login that goes on under a fresh token.
OF_OTHERS = {"qr.refused", "account.token_renewed"}


def log(people: People, account_id: str, *, cursor: str | None = None) -> Page[Entry]:
    with people.db.read() as uow:
        return security_log.entries(uow, account_id, cursor=cursor, limit=3)


def recorded() -> set[str]:
    """Every event that the accounts' own code writes into the audit trail."""
    found: set[str] = set()
    for path in Path(server.__file__).parent.glob("accounts/*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "audit.record":
                found |= {
                    one.value
                    for one in ast.walk(node.args[1])
                    if isinstance(one, ast.Constant) and isinstance(one.value, str)
                }
    return found


@pytest.mark.row("P-38")
def test_every_event_of_an_account_has_its_words() -> None:
    assert len(recorded()) > 10
    assert recorded() - OF_OTHERS <= set(WORDS)


@pytest.mark.row("P-38")
def test_what_happened_is_told_newest_first_and_in_pages(people: People) -> None:
    account_id = people.register()
    people.register(OTHER_PHONE)
    mine = people.log_in(account_id)
    other = people.log_in(account_id)
    with people.db.begin() as uow:
        sessions.end_session(uow, other.id, account_id=account_id)

    first = log(people, account_id)
    rest = log(people, account_id, cursor=first.next_cursor)

    assert [entry.words[0] for entry in first.items] == ["结束一台设备的登录", "登录", "登录"]
    assert [entry.event for entry in rest.items] == [
        "account.logged_in",
        "consent.given",
        "consent.given",
    ]
    assert [entry.event for entry in log(people, account_id, cursor=rest.next_cursor).items] == [
        "account.registered"
    ]
    assert mine.id not in str(first) + str(rest)


@pytest.mark.row("P-38")
def test_details_name_the_means_and_no_ids(people: People) -> None:
    newest = log(people, people.log_in(people.register()).account_id).items[0]

    assert (newest.event, newest.details) == ("account.logged_in", {"means": "sms"})


@pytest.mark.row("P-38", "S-24")
def test_a_lock_is_in_the_log_of_its_account_and_a_name_of_nobody_is_noted_alike(
    people: People,
) -> None:
    account_id = people.register()
    for phone in (NEW_PHONE, OTHER_PHONE):
        for _ in range(5):
            with pytest.raises(WrongPassword):
                login.check_password(people.db, people.name(phone), "wrong-2026")

    assert log(people, account_id).items[0].event == "account.password_locked"
    assert log(people, "nobody").items[0].event == "account.password_locked"


@pytest.mark.row("P-38")
def test_a_password_that_was_set_is_in_the_log(people: People) -> None:
    mine = people.log_in(people.register())
    proof = people.own_proof(mine, fresh_proofs.SET_PASSWORD)
    with people.db.begin() as uow:
        fresh_proofs.set_password(uow, mine, proof, passwords.digest("evening-2026"))

    assert log(people, mine.account_id).items[0].event == "account.password_set"


@pytest.mark.parametrize("cursor", ["", "-1", "1x", "१", "9" * 16, "evt-1"])
def test_a_cursor_that_we_did_not_give_is_refused(people: People, cursor: str) -> None:
    with pytest.raises(BadCursor):
        log(people, "acc-1", cursor=cursor)


def test_an_event_without_words_is_left_out(people: People) -> None:
    with people.db.begin() as uow:
        audit.record(uow, "seal.made", actor="acc-1", subject="acc-1")

    assert log(people, "acc-1").items == []
