"""What a scanned text means; the parser of the mini-program is held to the same file."""

import json
from pathlib import Path
from typing import Any

import pytest

from qr_session import frames
from qr_session.errors import NotASigningCode, SessionUnknown
from tests.qr_session.scene import BROWSER, make_service

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "qr_texts.json").read_text("utf-8"))
KINDS = {True: SessionUnknown, False: NotASigningCode}


@pytest.mark.parametrize("one", VECTORS["texts"], ids=lambda one: one["why"])
def test_a_text_is_a_signing_code_or_it_is_none(one: dict[str, Any]) -> None:
    service = make_service()
    assert service.base_url == VECTORS["base_url"]
    # A token of the right shape leads on to its session, which does not exist here.
    with pytest.raises(KINDS[one["token"] is not None]):
        service.resolve(one["text"], holder=BROWSER)


def test_the_token_of_the_vectors_has_the_three_parts() -> None:
    tokens = {one["token"] for one in VECTORS["texts"]} - {None}
    for text in tokens:
        token = frames.read(text)
        assert (token.session_id, token.step, token.mac) == (text[1:17], 4, text[20:])
