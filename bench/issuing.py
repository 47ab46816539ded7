"""CPU of making five seals of a company: keys, certificates, pictures, SES_Seals, rows.

Run: python -m bench.issuing. Everything is in one process, as in `./run`: the authority and the
maker of seals are embedded ones, and no signing PIN is derived, as none is needed.
"""

import secrets
import statistics
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import select

from bench.figures import report
from server.accounts.models import Account
from server.applications.content import Wanted
from server.applications.issuing import Issuer, Outside
from server.applications.lifecycle import ApplicationState
from server.applications.models import COMPANY_KINDS, Application, Way
from server.assembly import assemble
from server.certificates.models import OwnerKind
from server.core.db import Base
from server.core.ids import new_id
from server.core.jobs import Claim
from server.enterprises.models import Enterprise
from server.providers.keys.local import LocalKeys
from server.runtime import Runtime
from server.sealing import impression
from server.seed import PEOPLE, seed
from server.settings import Settings

BOUND_MS, ROUNDS = 100.0, 15
# Companies in a row have different names in life too: no outline is found that was not drawn.
NAMES = "桂柳梧北防钦贵玉百贺河来崇兴灵邕青良江秀"


def main(rounds: int = ROUNDS) -> None:
    impression.warm()
    with tempfile.TemporaryDirectory() as folder:
        spent = statistics.median(cpu_ms(Path(folder), rounds))
    report(f"five seals at once: {spent:.1f} ms of CPU", spent / BOUND_MS, 1)


def cpu_ms(folder: Path, rounds: int) -> list[float]:
    """CPU of each round, after one that warms everything up."""
    parts = begun(folder)
    issue = issuer(parts)
    spent = []
    for number in range(rounds + 1):
        application_id = application(parts, number)
        before = time.process_time()
        issue(Claim("job-1", "applications.issue", {"application_id": application_id}, 1, 1, 1))
        spent.append((time.process_time() - before) * 1000)
        with parts.db.read() as uow:
            assert uow.session.get_one(Application, application_id).state == ApplicationState.DONE
    parts.bus.close()
    parts.db.close()
    return spent[1:]


def begun(folder: Path) -> Runtime:
    """The product with its demo people, in a folder."""
    settings = Settings(
        data_dir=folder / "data",
        public_url="http://127.0.0.1:1",
        master_key=SecretStr(secrets.token_hex(32)),
        link_key=SecretStr(secrets.token_hex(32)),
    )
    parts = assemble(settings)
    Base.metadata.create_all(parts.db.engine)
    seed(parts, settings.data_dir / "partner.key")
    keys = LocalKeys(settings.data_dir / "keys", parts.clock, calls_per_minute=10_000)
    return replace(parts, providers=replace(parts.providers, keys=keys))


def issuer(parts: Runtime) -> Issuer:
    outside = parts.providers
    others = Outside(outside.ca, outside.seal_maker, outside.seal_numbers)
    return Issuer(parts.db, outside.keys, others)


def application(parts: Runtime, number: int) -> str:
    """A company without seals, and an application for all five that is to be issued; its id."""
    with parts.db.begin() as uow:
        of_first = select(Account).where(Account.name == PEOPLE[0].name)
        representative = uow.session.scalars(of_first).one()
        company = Enterprise(id=new_id("ent"), code=f"9145010000000{number:04}X")
        company.name = f"南宁{NAMES[number % len(NAMES)]}印{number}号科技有限公司"
        company.place, company.created_at = "450100", uow.now
        company.representative_name = representative.name
        company.representative_id = representative.id
        company.representative_index = representative.id_number_index or ""
        row = Application(id=new_id("app"), way=Way.FAST, applicant_id=representative.id)
        row.owner_kind, row.owner_id = OwnerKind.ENTERPRISE, company.id
        row.unit_name, row.unit_number = company.name, company.code
        row.wanted = [Wanted(kind).as_json() for kind in COMPANY_KINDS]
        row.state = ApplicationState.ISSUING
        row.steps = [[row.state, uow.now.isoformat()]]
        row.created_at = row.changed_at = uow.now
        uow.session.add_all([company, row])
        return row.id


if __name__ == "__main__":
    main()
