"""What single sign-on must do for us: our client over HTTP, against the stand-in on loopback."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from joserfc.jwk import OctKey

from server.providers.sso import (
    NoSso,
    Sso,
    SsoNotConfigured,
    SsoRefused,
    SsoTrip,
    SsoUnavailable,
)
from server.providers.sso.oidc import OidcClient, OidcSso
from standins import oidc
from tests.factories.houses import (
    CLIENT,
    SECRET,
    TRIP,
    PlatformInReach,
    back_from,
    platform_of,
    query_of,
)


@pytest.fixture
def platform(clock) -> Iterator[PlatformInReach]:
    with platform_of(clock) as made:
        yield made


@pytest.fixture
def sso(platform: PlatformInReach) -> OidcSso:
    return platform.client()


def test_a_code_tells_who_is_there_with_his_verified_phone(
    platform: PlatformInReach, sso: OidcSso
) -> None:
    found = sso.exchange(platform.code(sso), TRIP)
    assert found.issuer == platform.address
    assert (found.name, found.phone) == ("韦志远", "13907710001")
    assert found == sso.exchange(platform.code(sso), TRIP)
    assert sso.exchange(platform.code(sso, "huang"), TRIP).subject != found.subject


def test_the_way_there_carries_state_nonce_and_a_hashed_verifier(sso: OidcSso) -> None:
    asked = query_of(sso.address(TRIP))
    assert (asked["state"], asked["nonce"]) == (TRIP.state, TRIP.nonce)
    assert asked["code_challenge_method"] == "S256"
    assert TRIP.verifier not in sso.address(TRIP)
    assert asked["redirect_uri"] == TRIP.back_url


@pytest.mark.row("S-42")
def test_a_code_counts_once_and_for_a_minute(platform: PlatformInReach, sso: OidcSso) -> None:
    code, late = platform.code(sso), platform.code(sso)
    sso.exchange(code, TRIP)
    platform.clock.advance(minutes=2)
    for refused in (code, late, "made up"):
        with pytest.raises(SsoRefused, match="code"):
            sso.exchange(refused, TRIP)


@pytest.mark.parametrize(
    "other",
    [{"verifier": "w" * 43}, {"back_url": "http://127.0.0.1:8321/elsewhere"}, {"nonce": "n"}],
    ids=lambda one: next(iter(one)),
)
def test_a_code_of_another_trip_is_refused(
    platform: PlatformInReach, sso: OidcSso, other: dict[str, str]
) -> None:
    with pytest.raises(SsoRefused):
        sso.exchange(platform.code(sso), replace(TRIP, **other))


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://another.test"},
        {"aud": "another-client"},
        {"aud": ["another-client"]},
        {"aud": [CLIENT, "another-client"], "azp": "another-client"},
        {"nonce": "of another login"},
        {"exp": 1_500_000_000},
        {"iat": 9_900_000_000},
        {"sub": ""},
        {"sub": 7},
        *({name: None} for name in ("iss", "aud", "nonce", "exp", "iat", "sub")),
    ],
    ids=str,
)
def test_an_id_token_for_somebody_or_something_else_proves_nothing(
    platform: PlatformInReach, sso: OidcSso, claims: dict[str, Any]
) -> None:
    platform.world.spoiled = {"claims": claims}
    with pytest.raises(SsoRefused, match="id_token"):
        sso.exchange(platform.code(sso), TRIP)


@pytest.mark.parametrize(
    "spoiled",
    [
        {"alg": "none"},
        {"key": oidc.new_key()},
        {"alg": "HS256", "key": OctKey.import_key(SECRET)},
    ],
    ids=["unsigned", "another key", "the shared secret"],
)
def test_an_id_token_that_the_platform_has_not_signed_proves_nothing(
    platform: PlatformInReach, sso: OidcSso, spoiled: dict[str, Any]
) -> None:
    platform.world.spoiled = spoiled
    with pytest.raises(SsoRefused, match="id_token"):
        sso.exchange(platform.code(sso), TRIP)


def test_an_id_token_ends_by_our_clock(platform: PlatformInReach, sso: OidcSso) -> None:
    now = int(platform.clock.now().timestamp())
    for ends, is_good in ((now - 30, True), (now - 60, False)):
        platform.world.spoiled = {"claims": {"exp": ends}}
        code = platform.code(sso)
        if is_good:
            assert sso.exchange(code, TRIP).subject
        else:
            with pytest.raises(SsoRefused):
                sso.exchange(code, TRIP)


def test_facts_about_somebody_else_are_refused(platform: PlatformInReach, sso: OidcSso) -> None:
    platform.world.spoiled = {"userinfo": {"sub": "another"}}
    with pytest.raises(SsoRefused, match="subject"):
        sso.exchange(platform.code(sso), TRIP)


@pytest.mark.parametrize("verified", [False, None, "true", 1])
def test_a_phone_counts_only_when_the_platform_says_that_it_is_verified(
    platform: PlatformInReach, sso: OidcSso, verified: object
) -> None:
    platform.world.spoiled = {"userinfo": {"phone_number_verified": verified}}
    assert sso.exchange(platform.code(sso), TRIP).phone == ""


def test_a_new_key_of_the_platform_is_fetched_and_a_forged_one_not_each_time(
    platform: PlatformInReach, sso: OidcSso
) -> None:
    sso.exchange(platform.code(sso), TRIP)
    platform.clock.advance(minutes=2)
    platform.world.key = oidc.new_key("standin-2")
    assert sso.exchange(platform.code(sso), TRIP).subject
    platform.world.calls.clear()
    platform.world.spoiled = {"key": oidc.new_key("standin-2")}
    for _ in range(3):
        with pytest.raises(SsoRefused):
            sso.exchange(platform.code(sso), TRIP)
    assert platform.world.calls.count("/jwks") == 0


def test_what_the_platform_publishes_is_asked_once_an_hour(
    platform: PlatformInReach, sso: OidcSso
) -> None:
    for _ in range(3):
        sso.exchange(platform.code(sso), TRIP)
    assert platform.world.calls.count("/.well-known/openid-configuration") == 1
    assert platform.world.calls.count("/jwks") == 1
    platform.clock.advance(hours=1)
    sso.exchange(platform.code(sso), TRIP)
    assert platform.world.calls.count("/jwks") == 2


@pytest.mark.parametrize(
    "metadata",
    [{"issuer": "https://another.test"}, {"authorization_endpoint": "javascript:alert(1)"}],
    ids=str,
)
def test_documents_of_another_issuer_are_not_believed(
    platform: PlatformInReach, sso: OidcSso, metadata: dict[str, str]
) -> None:
    platform.world.spoiled = {"metadata": metadata}
    with pytest.raises(SsoUnavailable):
        sso.address(TRIP)


def test_a_platform_that_is_away_is_said_without_a_secret(
    platform: PlatformInReach, sso: OidcSso, caplog: pytest.LogCaptureFixture
) -> None:
    code = platform.code(sso)
    gone = OidcSso(OidcClient("http://127.0.0.1:9", CLIENT, SECRET), platform.clock)
    platform.world.spoiled = {"error": "server_error"}
    for client, refusal in ((gone, SsoUnavailable), (sso, SsoRefused)):
        with pytest.raises(refusal) as raised:
            client.exchange(code, TRIP)
        chain = f"{raised.value!r} {raised.value.__context__!r} {caplog.text}"
        assert not [one for one in (SECRET, code, TRIP.verifier) if one in chain]


def test_a_client_that_the_platform_does_not_know_gets_nothing(platform: PlatformInReach) -> None:
    stranger = OidcSso(OidcClient(platform.address, CLIENT, "wrong"), platform.clock)
    with pytest.raises(SsoRefused):
        stranger.exchange(platform.code(stranger), TRIP)


def test_an_installation_without_a_platform_says_so() -> None:
    sso: Sso = NoSso()
    trip = SsoTrip("s", "n", "v", "b")
    for ask in (lambda: sso.address(trip), lambda: sso.exchange("c", trip)):
        with pytest.raises(SsoNotConfigured):
            ask()


def test_who_declines_brings_no_code_back(sso: OidcSso) -> None:
    brought = back_from(sso.address(TRIP), "nobody")
    assert brought == {"error": "access_denied", "state": TRIP.state}
