"""Commands: `python -m server.cli NAME`. Secrets, demo data, partners, the audit chain, jobs."""

import argparse
import re
import secrets
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select

from server.accounts import passwords
from server.accounts.id_documents import read_number
from server.assembly import assemble, local_registry
from server.core import audit, logs
from server.core.errors import DomainError
from server.core.ids import new_id
from server.core.jobs import Job, JobState
from server.enterprises.jobs import follow
from server.partners.models import Partner
from server.partners.return_urls import fits_logins
from server.partners.service import issue_key
from server.providers.sms.templates import TEMPLATES, numbered
from server.reviewers import service as reviewers
from server.seed import seed
from server.settings import Settings
from server.validation import trust
from server.validation.models import TrustPurpose

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

SECRETS = ("guiyin_master_key", "guiyin_link_key")


def make_secrets(options: argparse.Namespace) -> int:
    """Make the secrets that are missing in a folder (0700); existing ones are never touched."""
    folder: Path = options.folder
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in SECRETS:
        path = folder / name
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(secrets.token_hex(32))
    return 0


def seed_demo(options: argparse.Namespace) -> int:
    """Demo companies, people and partner; the partner's key goes into a file."""
    parts = assemble(Settings.from_env())
    seed(parts, options.key_file)
    return 0


def create_partner(options: argparse.Namespace) -> int:
    """Register a partner and print its API key, once."""
    parts = assemble(Settings.from_env())
    loopback = not parts.settings.is_production
    unfit = [url for url in options.login_return_url if not fits_logins(url, loopback=loopback)]
    if unfit:
        print(f"not https, or not plain: {unfit[0]}", file=sys.stderr)
        return 1
    with parts.db.begin() as uow:
        partner = Partner(
            id=new_id("par"),
            name=options.name,
            domain=options.domain,
            support_phone=options.support_phone,
            return_origins=options.origin,
            requires_named_signer=options.names_signers,
            login_return_urls=options.login_return_url,
            login_shows_companies=options.login_shows_companies,
            created_at=uow.now,
        )
        uow.session.add(partner)
        uow.session.flush()
        key = issue_key(uow, partner.id)
    print(key)
    return 0


def create_reviewer(options: argparse.Namespace) -> int:
    """Make a reviewer for /admin, or give him a new password, and print it, once."""
    parts, password = assemble(Settings.from_env()), reviewers.one_time_password()
    digest = passwords.digest(password)
    with parts.db.begin() as uow:
        reviewers.create(uow, login=options.login, name=options.name, digest=digest)
    print(password)
    return 0


def disable_reviewer(options: argparse.Namespace) -> int:
    """Let a reviewer in no more; his logins end at once."""
    with assemble(Settings.from_env()).db.begin() as uow:
        known = reviewers.disable(uow, options.login)
    if not known:
        print(f"no such reviewer: {options.login}", file=sys.stderr)
    return 0 if known else 1


def verify_audit(_options: argparse.Namespace) -> int:
    """Check the audit chain; exit 1 and name the first bad row."""
    parts = assemble(Settings.from_env())
    with parts.db.read() as uow:
        flaw = audit.verify(uow)
    if flaw is not None:
        print(f"audit chain broken at row {flaw.seq}: {flaw.reason}", file=sys.stderr)
        return 1
    print("audit chain verified")
    return 0


def parked_jobs(_options: argparse.Namespace) -> int:
    """List the jobs that used up their tries."""
    parts = assemble(Settings.from_env())
    with parts.db.read() as uow:
        for job in uow.session.scalars(select(Job).where(Job.state == JobState.PARKED)):
            print(job.id, job.kind, job.last_error)
    return 0


def sms_templates(_options: argparse.Namespace) -> int:
    """Print each text message as an SMS gateway's console has to approve it."""
    for name in TEMPLATES:
        print(f"{name}\t{numbered(name)}")
    return 0


def registry_news(options: argparse.Namespace) -> int:
    """Tell the registry of development what changed at a company; the worker hears it at once."""
    settings = Settings.from_env()
    parts = assemble(settings)
    if options.id_number is not None:
        read_number(options.id_number)
    told = {
        "name": options.name,
        "representative": options.representative,
        "representative_id_number": options.id_number,
        "struck_off": options.struck_off or None,
    }
    news = {field: value for field, value in told.items() if value is not None}
    registry = local_registry(settings)
    registry.tell(replace(registry.company(options.code), **news))
    with parts.db.begin() as uow:
        follow(uow, options.code)
    return 0


def trust_add(options: argparse.Namespace) -> int:
    """Trust another authority's certificate (DER or PEM); prints its number."""
    with assemble(Settings.from_env()).db.begin() as uow:
        row = trust.add(uow, TrustPurpose(options.purpose), options.file.read_bytes())
    print(row.id)
    return 0


def trust_list(_options: argparse.Namespace) -> int:
    """Each authority that was added: number, purpose, end, fingerprint (SHA-256), name."""
    with assemble(Settings.from_env()).db.read() as uow:
        for row in trust.listed(uow):
            end = row.not_after.date().isoformat()
            print(row.id, row.purpose, end, row.fingerprint, row.subject, sep="\t")
    return 0


def trust_remove(options: argparse.Namespace) -> int:
    """Trust it no more."""
    with assemble(Settings.from_env()).db.begin() as uow:
        trust.remove(uow, options.number)
    return 0


def main(arguments: list[str] | None = None) -> int:
    """Run one command; its exit code."""
    parser = argparse.ArgumentParser(prog="python -m server.cli", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="NAME")
    _command(commands, "make-secrets", make_secrets).add_argument("folder", type=Path)
    _command(commands, "seed", seed_demo).add_argument("--key-file", type=Path, required=True)
    partner = _command(commands, "create-partner", create_partner)
    for option in ("--name", "--domain", "--support-phone"):
        partner.add_argument(option, required=True)
    partner.add_argument("--origin", action="append", default=[], help="may be repeated")
    back = "where logins by QR code come back to, letter by letter; may be repeated"
    partner.add_argument("--login-return-url", action="append", default=[], help=back)
    told = "a login also tells it the companies that the person may act for"
    partner.add_argument("--login-shows-companies", action="store_true", help=told)
    knows = "knows its users: each task has to say who is expected to sign"
    partner.add_argument("--names-signers", action="store_true", help=knows)
    reviewer = _command(commands, "create-reviewer", create_reviewer)
    reviewer.add_argument("--login", required=True, type=_login_name, help="what he types")
    reviewer.add_argument("--name", required=True, help="his name, as the desk shows it")
    gone = _command(commands, "disable-reviewer", disable_reviewer)
    gone.add_argument("--login", required=True)
    _command(commands, "verify-audit", verify_audit)
    _command(commands, "jobs", parked_jobs)
    news = _command(commands, "registry-news", registry_news)
    news.add_argument("--code", required=True, help="the company's unified social credit code")
    for option in ("--name", "--representative", "--id-number"):
        news.add_argument(option)
    news.add_argument("--struck-off", action="store_true")
    _command(commands, "sms-templates", sms_templates)
    _add_trust(commands)
    options = parser.parse_args(arguments)
    logs.configure("text")
    run: Callable[[argparse.Namespace], int] = options.run
    try:
        return run(options)
    except DomainError as problem:
        print(f"{problem.code}: {problem.message[1]} {problem.next_step[1]}", file=sys.stderr)
        return 1


def _add_trust(commands: "Commands") -> None:
    """Whom verification trusts beside our own authorities (decision 0030)."""
    whom = commands.add_parser("trust", help=_add_trust.__doc__)
    acts = whom.add_subparsers(required=True, metavar="ACT")
    added = _command(acts, "add", trust_add)
    added.add_argument("purpose", choices=[purpose.value for purpose in TrustPurpose])
    added.add_argument("file", type=Path)
    _command(acts, "list", trust_list)
    _command(acts, "remove", trust_remove).add_argument("number", help="as `trust list` shows it")


def _login_name(text: str) -> str:
    if not re.fullmatch("[a-z0-9._-]{2,32}", text):
        raise argparse.ArgumentTypeError("2 to 32 of a-z, 0-9, dot, hyphen and underscore")
    return text


def _command(
    commands: "Commands",
    name: str,
    run: Callable[[argparse.Namespace], int],
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=run.__doc__)
    parser.set_defaults(run=run)
    return parser


if __name__ == "__main__":
    sys.exit(main())
