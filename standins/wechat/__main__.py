"""`python -m standins.wechat --folder DIR`: serve until interrupted.

The folder holds what WeChat's console would show, one file each (`appid`, `secret`, `push_token`,
`push_aes_key`), made at the first start: they are the product's settings of these names.
"""

import argparse
import secrets
import signal
import string
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from standins.wechat.server import serving
from standins.wechat.world import App, World


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until interrupted; 2 when started for production."""
    parser = argparse.ArgumentParser(prog="standins.wechat", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 (default) takes a free port")
    parser.add_argument("--folder", type=Path, required=True, help="where the settings are kept")
    parser.add_argument("--profile", default="development")
    options = parser.parse_args(arguments)
    if options.profile == "production":
        sys.stderr.write("模拟微信不能用于生产环境。 This stand-in refuses production.\n")
        return 2
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with serving(World(kept_app(options.folder)), options.port) as address:
        sys.stdout.write(f"{address}\n")
        sys.stdout.flush()
        stop.wait()
    return 0


def kept_app(folder: Path) -> App:
    """The mini-program of a folder; what is missing there is made."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    letters = string.ascii_letters + string.digits
    fresh = {
        "appid": f"wx{secrets.token_hex(8)}",
        "secret": secrets.token_hex(16),
        "push_token": secrets.token_hex(16),
        "push_aes_key": "".join(secrets.choice(letters) for _ in range(43)),
    }
    return App(**{name: _kept(folder / name, value) for name, value in fresh.items()})


def _kept(path: Path, fresh: str) -> str:
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(fresh)
    return path.read_text()


if __name__ == "__main__":
    sys.exit(main())
