"""Which doubles keep production from starting, and what is left when all that can be real is."""

from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr

from server.assembly import NotForProduction, make_providers, refuse_doubles
from server.providers.sms.templates import TEMPLATES
from server.settings import Settings
from tests.fakes.clock import FakeClock

REAL = {
    "sms": "tencent",
    "face": "tencent",
    "tencent_secret_id": SecretStr("AKID1"),
    "tencent_secret_key": SecretStr("0f" * 16),
    "tencent_sms_app_id": "1400000001",
    "tencent_sms_templates": dict.fromkeys(TEMPLATES, "2000001"),
    "tencent_face_rule_id": "1",
}


def refused(settings: Settings, clock: FakeClock) -> list[str]:
    """The doubles of a start with these settings, by the name that the refusal gives."""
    strict = settings.model_copy(update={"profile": "production"})
    with pytest.raises(NotForProduction) as refusal:
        refuse_doubles(strict, make_providers(settings, clock))
    return str(refusal.value).removeprefix("development doubles in production: ").split(", ")


@pytest.mark.row("S-51")
def test_real_messages_and_faces_are_no_doubles_and_all_others_are_still_refused(
    settings: Settings, clock: FakeClock
) -> None:
    usual = refused(settings, clock)
    assert {"sms", "face", "registry", "ca", "tsa", "keys"} <= set(usual)

    left = refused(settings.model_copy(update=REAL), clock)

    assert left == [one for one in usual if one not in ("sms", "face")]


def test_a_text_that_the_gateway_has_no_template_for_stops_the_start(
    settings: Settings, clock: FakeClock
) -> None:
    some = {**REAL, "tencent_sms_templates": {"enter_code": "2000001"}}
    with pytest.raises(ValueError, match="reset_password_code"):
        make_providers(settings.model_copy(update=some), clock)


@pytest.mark.row("S-51")
def test_nothing_is_refused_while_developing(
    settings: Settings, clock: FakeClock, tmp_path: Path
) -> None:
    refuse_doubles(settings, make_providers(settings, clock))
    sealed = make_providers(settings, clock)
    for name in vars(sealed):
        sealed = replace(sealed, **{name: sealed.wechat})
    refuse_doubles(settings.model_copy(update={"profile": "production"}), sealed)
