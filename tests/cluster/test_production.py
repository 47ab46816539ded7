"""The production profile stops the start of a web process and of a worker, and says why."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cluster.stack import ROOT, environment_of

SECRET = "0f" * 32
WEB = ["gunicorn", "--config", "deploy/gunicorn_production.py", "--bind", "127.0.0.1:0", "wsgi:app"]
WORKER = ["server.worker"]
REFUSALS = {
    "doubles": ({}, "development doubles in production: sms, face"),
    "SQLite": ({"GUIYIN_DATABASE_URL": ""}, "production needs a PostgreSQL database_url"),
    "no Redis": (
        {"GUIYIN_QR_STORE": "sqlite", "GUIYIN_REDIS_URL": ""},
        "production needs the redis store, which all processes see",
    ),
    "no secret": ({"GUIYIN_MASTER_KEY": ""}, "64 hexadecimal characters are needed"),
}


@pytest.mark.row("S-51")
@pytest.mark.parametrize("why", REFUSALS)
@pytest.mark.parametrize(("program", "exit_code"), [(WEB, 3), (WORKER, 1)], ids=["web", "worker"])
def test_production_does_not_start_with(
    program: list[str], exit_code: int, why: str, tmp_path: Path
) -> None:
    weakened, sentence = REFUSALS[why]
    settings = environment_of(
        tmp_path / "data",
        "https://seal.example",
        redis="redis://127.0.0.1:1/0",
        postgres="postgresql://127.0.0.1:1/guiyin",
    )
    keys = {"GUIYIN_MASTER_KEY": SECRET, "GUIYIN_LINK_KEY": SECRET}
    environment = {**settings, **keys, "GUIYIN_PROFILE": "production", **weakened}

    ended = subprocess.run(
        [sys.executable, "-m", *program],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert ended.returncode == exit_code
    assert sentence in ended.stderr
    assert SECRET[:8] not in ended.stderr
