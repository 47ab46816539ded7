"""The outside services of a demo: stand-ins, whose settings become those of the product."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class StandIn:
    """A program of `standins/`. Its folder has a file for each of `settings`; `own` is the setting
    by which somebody connects the real service instead."""

    module: str
    prefix: str
    own: str
    addresses: tuple[str, ...]
    settings: tuple[str, ...]

    def begin(self, folder: Path) -> "subprocess.Popen[str]":
        """Start it, without waiting."""
        command = [sys.executable, "-m", self.module, "--folder", str(folder)]
        return subprocess.Popen(
            command, cwd=ROOT, start_new_session=True, stdout=subprocess.PIPE, text=True
        )

    def connect(self, program: "subprocess.Popen[str]", folder: Path) -> None:
        """Wait for its address, and tell the programs that follow; nothing when it has ended."""
        address = ""
        if program.stdout is not None:
            with program.stdout as said:
                address = said.readline().strip()
        if not address:
            return  # It has ended, which ends the others too.
        for name in self.addresses:
            os.environ[f"GUIYIN_{self.prefix}_{name}"] = address
        for name in self.settings:
            os.environ[f"GUIYIN_{self.prefix}_{name.upper()}"] = (folder / name).read_text()


STAND_INS = {
    "wechat": StandIn(
        "standins.wechat",
        "WECHAT",
        "APPID",
        ("API_BASE",),
        ("appid", "secret", "push_token", "push_aes_key"),
    ),
    "alipay": StandIn(
        "standins.alipay",
        "ALIPAY",
        "APP_ID",
        ("GATEWAY", "PAGES"),
        ("app_id", "private_key", "public_key"),
    ),
    "sso": StandIn("standins.oidc", "SSO", "ISSUER", ("ISSUER",), ("client_id", "client_secret")),
}


def start_all(data: Path) -> dict[str, "subprocess.Popen[Any]"]:
    """Start those whose real service nobody has connected; by their names."""
    wanted = {
        name: one
        for name, one in STAND_INS.items()
        if not os.environ.get(f"GUIYIN_{one.prefix}_{one.own}")
    }
    running = {name: one.begin(data / name) for name, one in wanted.items()}
    for name, one in wanted.items():
        one.connect(running[name], data / name)
    return running
