"""The time-stamp authority of development as an HTTP service: `python -m standins.tsa`."""

import argparse
import sys
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from server.pki.timestamp_authority import TimestampAuthority

QUERY, REPLY = "application/timestamp-query", "application/timestamp-reply"
REQUEST_BYTES = 4096


class TsaServer(ThreadingHTTPServer):
    """Answers RFC 3161 requests on loopback; port 0 takes any free one."""

    daemon_threads = True

    def __init__(self, port: int, authority: TimestampAuthority) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.authority = authority

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"


class _Handler(BaseHTTPRequestHandler):
    server: TsaServer
    timeout = 10

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > REQUEST_BYTES:
            self.send_error(413)
            return
        if self.headers.get_content_type() != QUERY:
            self.send_error(415)
            return
        reply = self.server.authority.respond(self.rfile.read(int(length)))
        self.send_response(200)
        self.send_header("Content-Type", REPLY)
        self.send_header("Content-Length", str(len(reply)))
        self.end_headers()
        self.wfile.write(reply)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Silent: the caller logs what it asked."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until interrupted; 2 when started for production."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 (default) takes a free port")
    parser.add_argument("--folder", type=Path, required=True, help="where the keys are kept")
    parser.add_argument("--profile", default="development")
    options = parser.parse_args(arguments)
    if options.profile == "production":
        sys.stderr.write("演示时间戳服务不能用于生产环境。 This stand-in refuses production.\n")
        return 2
    with TsaServer(options.port, TimestampAuthority.open(options.folder)) as server:
        sys.stdout.write(f"{server.address}\n")
        sys.stdout.flush()
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
