"""Start web, worker, the demo approval system and the stand-ins, and end them together."""

import argparse
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config

from server.cli import main as cli
from server.settings import ALIPAY_PAGES, WECHAT
from tools.standins import start_all

ROOT = Path(__file__).parent.parent
READY_SECONDS = 30


def main() -> int:
    """Run until Ctrl-C; the exit code."""
    options = _options()
    ports = {"PORT": options.port, "DEMO_PORT": options.demo_port}
    for name, port in ports.items():
        if not _is_free(port):
            print(
                f"端口 {port} 已被占用。请换一个端口：{name}={port + 100} ./run\n"
                f"Port {port} is in use. Choose another: {name}={port + 100} ./run",
                file=sys.stderr,
            )
            return 1
    environment = _environment(options)
    os.environ.update(environment)
    key_file = options.data / "demo" / "partner.key"
    _prepare(key_file)
    return _Processes(options, key_file).run()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run", description=__doc__)
    port = int(os.environ.get("PORT", "8321"))
    parser.add_argument("--port", type=int, default=port)
    demo = int(os.environ.get("DEMO_PORT", str(port + 1)))
    parser.add_argument("--demo-port", type=int, default=demo)
    parser.add_argument("--data", type=Path, default=ROOT / "var")
    return parser.parse_args()


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _environment(options: argparse.Namespace) -> dict[str, str]:
    return {
        "GUIYIN_DATA_DIR": str(options.data),
        "GUIYIN_SECRETS_DIR": str(options.data / "secrets"),
        "GUIYIN_PUBLIC_URL": f"http://127.0.0.1:{options.port}",
        "GUIYIN_DEMO_PARTNER_URL": f"http://127.0.0.1:{options.demo_port}",
    }


def _prepare(key_file: Path) -> None:
    """Secrets, tables and demo data: each step does nothing the second time."""
    folder = os.environ["GUIYIN_SECRETS_DIR"]
    cli(["make-secrets", folder])
    config = Config(str(ROOT / "alembic.ini"))
    config.set_main_option("script_location", str(ROOT / "migrations"))
    command.upgrade(config, "head")
    cli(["seed", "--key-file", str(key_file)])


class _Processes:
    """The programs; when one ends, all end."""

    def __init__(self, options: argparse.Namespace, key_file: Path) -> None:
        self._options, self._key_file = options, key_file
        self._stop = threading.Event()
        self._running: dict[str, subprocess.Popen[Any]] = {}

    def run(self) -> int:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: self._stop.set())
        try:
            self._start()
            if self._wait_until_ready():
                _greet(self._options)
            while not self._stop.wait(0.3):
                if ended := self._ended():
                    print(f"{ended} 意外退出。{ended} has ended.", file=sys.stderr)
                    return 1
            return 0
        finally:
            self._end()

    def _start(self) -> None:
        self._running |= start_all(self._options.data)
        python, options = sys.executable, self._options
        web = ["-m", "gunicorn", "--config", str(ROOT / "deploy" / "gunicorn_embedded.py")]
        demo = ["-m", "examples.approval_system", "--port", str(options.demo_port)]
        demo += ["--api", os.environ["GUIYIN_PUBLIC_URL"], "--api-key-file", str(self._key_file)]
        demo += ["--data", str(options.data / "demo" / "approval")]
        programs = {
            "web": [python, *web, "--bind", f"127.0.0.1:{options.port}", "wsgi:app"],
            "worker": [python, "-m", "server.worker"],
            "demo": [python, *demo],
        }
        for name, program in programs.items():
            # A session of its own: Ctrl-C reaches this process alone, which ends them in order.
            self._running[name] = subprocess.Popen(program, cwd=ROOT, start_new_session=True)

    def _wait_until_ready(self) -> bool:
        address = os.environ["GUIYIN_PUBLIC_URL"] + "/readyz"
        until = time.monotonic() + READY_SECONDS
        while time.monotonic() < until and not self._stop.is_set() and not self._ended():
            try:
                with urllib.request.urlopen(address, timeout=1):  # noqa: S310 - our own address
                    return True
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        return False

    def _ended(self) -> str:
        return next((name for name, one in self._running.items() if one.poll() is not None), "")

    def _end(self) -> None:
        for program in self._running.values():
            program.terminate()
        for program in self._running.values():
            try:
                program.wait(timeout=8)
            except subprocess.TimeoutExpired:
                program.kill()


def _greet(options: argparse.Namespace) -> None:
    from server.seed import PEOPLE

    base = os.environ["GUIYIN_PUBLIC_URL"]
    people = "\n".join(f"    {one.phone}  {one.name}  口令 {one.pin}  {one.role}" for one in PEOPLE)
    print(
        f"""
桂印 Guiyin 已启动 is running    (Ctrl-C 结束 ends it)

  演示审批系统 demo approval system   http://127.0.0.1:{options.demo_port}/
  手机页面     phone pages            {base}/m/
  短信收件箱   text messages          {base}/dev/outbox
  接口文档     partner interface      {base}/docs/
  微信接口     WeChat's interface     {os.environ.get("GUIYIN_WECHAT_API_BASE", WECHAT)}
  支付宝       Alipay                 {os.environ.get("GUIYIN_ALIPAY_PAGES", ALIPAY_PAGES)}
  一体化平台   single sign-on         {os.environ.get("GUIYIN_SSO_ISSUER")}

  演示账号 demo accounts (手机号 phone · 签名口令 signing PIN)
{people}
  登录密码 login password             {PEOPLE[0].password}
""",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
