"""Large bytes reach the child by shared memory, whole, and nothing of them stays there."""

import os
import stat
from pathlib import Path

import pytest

from server.sealing.lending import LARGE, Lent, lent, returned
from server.sealing.sandbox import Sandbox

DOCUMENT = bytes(range(256)) * (LARGE // 256)


def test_only_large_bytes_are_lent_and_they_come_back_whole(tmp_path: Path) -> None:
    arguments = [DOCUMENT, DOCUMENT[:-1], bytearray(DOCUMENT), "words", 7, None]
    with lent(arguments, tmp_path) as handed:
        assert [type(one) is Lent for one in handed] == [True, *[False] * 5]
        assert returned(handed) == arguments


@pytest.mark.row("S-32")
def test_what_is_lent_is_for_this_user_alone_and_is_gone_after_the_call(tmp_path: Path) -> None:
    def fail_with_it() -> None:
        with lent([DOCUMENT], tmp_path) as [handed]:
            assert stat.S_IMODE(os.stat(handed.path).st_mode) == 0o600
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_with_it()
    assert list(tmp_path.iterdir()) == []


def test_without_shared_memory_the_bytes_are_handed_over_as_they_are(tmp_path: Path) -> None:
    with lent([DOCUMENT], tmp_path / "nowhere") as handed:
        assert handed == [DOCUMENT]


def test_the_child_gets_the_bytes_themselves(sandbox: Sandbox) -> None:
    assert sandbox.run(bytes.count, DOCUMENT, b"\xff") == LARGE // 256
