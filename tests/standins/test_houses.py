"""The stand-ins of Alipay and of the platform are programs, and none for production."""

import re
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from standins import alipay, oidc
from standins.program import same_port
from tests.factories.houses import TRIP, alipay_of, platform_of, query_of

MAINS = {"alipay": alipay.main, "oidc": oidc.main}


@pytest.mark.row("S-51")
@pytest.mark.parametrize("name", MAINS)
def test_a_stand_in_refuses_production(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert MAINS[name](["--folder", str(tmp_path), "--profile", "production"]) == 2
    assert "production" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("name", "path", "files"),
    [
        ("alipay", "/oauth2/publicAppAuthorize.htm", ["app_id", "private_key", "public_key"]),
        ("oidc", "/.well-known/openid-configuration", ["client_id", "client_secret"]),
    ],
)
def test_a_stand_in_keeps_its_settings_and_its_address(
    name: str, path: str, files: list[str], tmp_path: Path
) -> None:
    seen = []
    for _ in range(2):
        command = [sys.executable, "-m", f"standins.{name}", "--folder", str(tmp_path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
            assert program.stdout
            address = program.stdout.readline().strip()
            assert re.fullmatch(r"http://127\.0\.0\.1:\d+", address)
            assert httpx.get(address + path).status_code in (200, 400)
            seen.append((address, [(tmp_path / one).read_text() for one in files]))
            program.terminate()
            assert program.wait(10) == 0
    assert seen[0] == seen[1]
    assert all((tmp_path / one).stat().st_mode & 0o077 == 0 for one in files)


def test_a_port_that_somebody_else_has_taken_is_left_to_him(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        (tmp_path / "port").write_text(str(taken))
        assert same_port(tmp_path) != taken


@pytest.mark.parametrize("made", ["sso", "alipay"])
def test_a_person_of_the_demo_is_chosen_on_a_page(made: str, clock) -> None:
    if made == "sso":
        with platform_of(clock) as platform:
            address = platform.client().address(TRIP)
            page = httpx.get(address).text
    else:
        with alipay_of(clock) as house:
            address = house.client().address("s", "http://127.0.0.1:9/")
            page = httpx.get(address).text
    links = re.findall(r"href='(\?[^']*)'", page)
    assert [query_of(one.replace("&amp;", "&"))["person"] for one in links] == [
        "wei",
        "huang",
        "li",
        "nong",
        "nobody",
    ]
