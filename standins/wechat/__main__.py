"""`python -m standins.wechat --folder DIR`: serve until interrupted.

The folder holds what WeChat's console would show, one file each (`appid`, `secret`, `push_token`,
`push_aes_key`), made at the first start: they are the product's settings of these names.
"""

import secrets
import string
import sys
from collections.abc import Sequence
from pathlib import Path

from standins.program import kept, run
from standins.wechat.server import create_app
from standins.wechat.world import App, World


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until interrupted; 2 when started for production."""
    return run("standins.wechat", lambda folder: create_app(World(kept_app(folder))), arguments)


def kept_app(folder: Path) -> App:
    """The mini-program of a folder; what is missing there is made."""
    letters = string.ascii_letters + string.digits
    made = {
        "appid": lambda: f"wx{secrets.token_hex(8)}",
        "secret": lambda: secrets.token_hex(16),
        "push_token": lambda: secrets.token_hex(16),
        "push_aes_key": lambda: "".join(secrets.choice(letters) for _ in range(43)),
    }
    return App(**{name: kept(folder, name, make) for name, make in made.items()})


if __name__ == "__main__":
    sys.exit(main())
