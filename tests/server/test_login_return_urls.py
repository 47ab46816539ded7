"""Where a partner's logins may come back to, as an operator registers it (S-28, Settled 14)."""

import pytest

from server import cli
from server.partners.return_urls import fits_logins
from tests.factories.product import Product

COMMAND = ["create-partner", "--name", "甲", "--domain", "a.test", "--support-phone", "1"]


@pytest.mark.row("S-28")
@pytest.mark.parametrize(
    "url",
    [
        "http://sp.test/back",
        "https://",
        "https:///back",
        "https://user@sp.test/back",
        "https://sp.test/back#top",
        "https://sp.test/back#",
        "https://sp.test\\@evil.test/",
        "https://sp.test/a b",
        "https://sp.test/\r\nX: y",
        "https://ѕр.test/back",
        "https://sp.test:port/back",
        "https://[::1/back",
        "javascript:alert(1)",
        "http://127.0.0.1.evil.test/back",
        "/back",
        "",
    ],
)
def test_an_address_that_is_not_plain_https_is_not_registered(url: str) -> None:
    assert not fits_logins(url, loopback=True)


@pytest.mark.row("S-28")
def test_loopback_by_http_is_for_development_alone() -> None:
    for url in ("http://127.0.0.1:8322/back", "http://localhost/back", "http://[::1]:1/back"):
        assert fits_logins(url, loopback=True)
        assert not fits_logins(url, loopback=False)
    assert fits_logins("https://sp.test:8443/back?from=seal", loopback=False)


@pytest.mark.row("S-28", "P-11")
def test_the_command_registers_addresses_and_refuses_what_does_not_fit(
    product: Product, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = product.parts.settings
    for name in ("data_dir", "public_url"):
        monkeypatch.setenv(f"GUIYIN_{name.upper()}", str(getattr(settings, name)))
    for name in ("master_key", "link_key"):
        monkeypatch.setenv(f"GUIYIN_{name.upper()}", getattr(settings, name).get_secret_value())

    assert cli.main([*COMMAND, "--login-return-url", "http://sp.test/back"]) == 1
    assert "http://sp.test/back" in capsys.readouterr().err
    assert cli.main([*COMMAND, "--login-return-url", "https://sp.test/back"]) == 0

    partner = product.partner(capsys.readouterr().out.strip())
    body = {"code_challenge": "A" * 43, "code_challenge_method": "S256"}
    assert partner.post("/login-sessions", body).status_code == 201
