"""Command line: `python -m examples.approval_system --help`."""

import argparse
import logging
import signal
import sys
from pathlib import Path
from urllib.parse import urlsplit

from werkzeug.serving import make_server

from examples.approval_system.app import TITLE, Config, create_app
from examples.approval_system.client import PartnerApi

log = logging.getLogger("approval_system")


def read_arguments(words: list[str] | None = None) -> argparse.Namespace:
    """The options with their defaults filled in."""
    parser = argparse.ArgumentParser(prog="approval_system", description=TITLE)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8322)
    parser.add_argument("--api", default="http://127.0.0.1:8321", help="the seal platform")
    parser.add_argument("--api-key-file", type=Path, default=Path("var/demo/partner.key"))
    parser.add_argument("--data", type=Path, default=Path("var/demo/approval"))
    parser.add_argument("--public-url", help="what browsers call us; its origin is registered")
    parser.add_argument("--signing-origin", help="where open_url leads; default: --api")
    options = parser.parse_args(words)
    options.public_url = (options.public_url or f"http://127.0.0.1:{options.port}").rstrip("/")
    options.signing_origin = options.signing_origin or options.api
    options.signing_origin = "{0.scheme}://{0.netloc}".format(urlsplit(options.signing_origin))
    return options


def main(words: list[str] | None = None) -> None:
    """Serve until Ctrl-C or SIGTERM."""
    logging.basicConfig(level=logging.INFO, format="%(name)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    options = read_arguments(words)
    try:
        api_key = options.api_key_file.read_text().strip()
    except OSError:
        sys.exit(
            f"接口密钥文件 {options.api_key_file} 读不到：请先启动电子印章平台，"
            "或用 --api-key-file 指定。 / The API key file cannot be read."
        )
    config = Config(options.data, options.public_url, options.signing_origin)
    api = PartnerApi(options.api, api_key)
    # When the port is taken this ends the program with a sentence that says so.
    server = make_server(options.host, options.port, create_app(config, api), threaded=True)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    log.info("%s %s", TITLE, options.public_url)
    try:
        server.serve_forever()
    finally:
        server.server_close()
        api.close()


if __name__ == "__main__":
    main()
