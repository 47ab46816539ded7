"""What every holder of the master key must do."""

from pathlib import Path

import pytest

from server.providers.keys import Keys, TooManyKeyCalls, UnwrapRefused
from server.providers.keys.local import CALLS_PER_MINUTE, LocalKeys

SECRET = bytes(range(32))


@pytest.fixture(params=["local"])
def keys(tmp_path: Path, clock) -> Keys:
    return LocalKeys(tmp_path / "keys", clock)


@pytest.mark.row("S-22")
def test_the_same_question_has_the_same_answer_and_any_other_another(keys: Keys) -> None:
    questions = [
        ("pin", "acc-1", b"v1"),
        ("pin", "acc-1", b"v2"),
        ("pin", "acc-2", b"v1"),
        ("sms", "acc-1", b"v1"),
        ("pin", "acc-1v", b"1"),
        ("pin", "acc-1", b""),
    ]
    answers = [keys.hmac(*question) for question in questions]
    assert len(set(answers)) == len(questions)
    assert {len(answer) for answer in answers} == {32}
    assert keys.hmac("pin", "acc-1", b"v1") == answers[0]


@pytest.mark.row("S-22")
def test_a_wrapped_secret_opens_for_its_purpose_subject_and_data_only(keys: Keys) -> None:
    wrapped = keys.wrap("grant", "g-1", SECRET, b"seal-7")
    assert keys.unwrap("grant", "g-1", wrapped, b"seal-7") == SECRET
    for purpose, subject, aad in (
        ("other", "g-1", b"seal-7"),
        ("grant", "g-2", b"seal-7"),
        ("grant", "g-1", b"seal-8"),
        ("grant", "g-1seal", b"-7"),
        ("grant", "g-1", b""),
    ):
        with pytest.raises(UnwrapRefused):
            keys.unwrap(purpose, subject, wrapped, aad)


def test_a_wrapped_secret_shows_nothing_and_is_new_each_time(keys: Keys) -> None:
    first, second = (keys.wrap("grant", "g-1", SECRET) for _ in range(2))
    assert first != second
    assert SECRET not in first


def test_a_changed_or_cut_wrap_is_refused(keys: Keys) -> None:
    wrapped = keys.wrap("grant", "g-1", SECRET)
    for position in (0, 1, 13, len(wrapped) - 1):
        changed = bytearray(wrapped)
        changed[position] ^= 1
        with pytest.raises(UnwrapRefused):
            keys.unwrap("grant", "g-1", bytes(changed))
    for length in (0, 1, 12, 13, 20):
        with pytest.raises(UnwrapRefused):
            keys.unwrap("grant", "g-1", wrapped[:length])


@pytest.mark.row("S-21")
def test_calls_are_limited_for_each_subject_and_minute(keys: Keys, clock) -> None:
    wrapped = keys.wrap("pin", "acc-1", SECRET)
    for _ in range(CALLS_PER_MINUTE - 1):
        keys.hmac("pin", "acc-1")
    for call in (
        lambda: keys.hmac("another purpose", "acc-1"),
        lambda: keys.wrap("pin", "acc-1", SECRET),
        lambda: keys.unwrap("pin", "acc-1", wrapped),
    ):
        with pytest.raises(TooManyKeyCalls) as refused:
            call()
        assert 0 < refused.value.details["retry_after"] <= 60
    assert keys.hmac("pin", "acc-2")
    clock.advance(seconds=60)
    assert keys.unwrap("pin", "acc-1", wrapped) == SECRET
