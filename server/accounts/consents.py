"""Agreements and consents: their versions, who agreed to which, who has not yet (P-41)."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from sqlalchemy import select

from server.accounts.errors import AgreementsChanged, AgreementsNotTicked, ConsentNeeded
from server.accounts.models import Consent
from server.core import audit
from server.core.db import UnitOfWork
from server.core.ids import new_id


class Agreement(StrEnum):
    """A text that people agree to; the last two are consents of their own (PIPL 29)."""

    TERMS = "terms"
    PRIVACY = "privacy"
    FACE = "face"
    ID_NUMBER = "id_number"


# The day from which a text holds is its version. A new one asks everybody again.
VERSIONS: Mapping[Agreement, str] = {
    Agreement.TERMS: "2026-11-21",
    Agreement.PRIVACY: "2026-11-21",
    Agreement.FACE: "2026-11-21",
    Agreement.ID_NUMBER: "2026-11-21",
}
AT_LOGIN = (Agreement.TERMS, Agreement.PRIVACY)


def require_ticked(agreed: bool) -> None:
    """Logging in or registering without the tick is refused (B2.1)."""
    if not agreed:
        raise AgreementsNotTicked()


def require_said(said: bool, kind: Agreement) -> None:
    """Raise ConsentNeeded unless a separate consent was ticked in this very request."""
    if not said:
        raise ConsentNeeded(consent=kind.value, version=VERSIONS[kind])


def give(uow: UnitOfWork, account_id: str, kinds: Sequence[Agreement] = AT_LOGIN) -> None:
    """Write down a person's word on the present versions; saying it again adds nothing."""
    given = {(row.kind, row.version) for row in _standing(uow, account_id)}
    for kind in kinds:
        if (kind, VERSIONS[kind]) in given:
            continue
        uow.session.add(
            Consent(
                id=new_id("con"),
                account_id=account_id,
                kind=kind,
                version=VERSIONS[kind],
                given_at=uow.now,
            )
        )
        about = {"kind": kind.value, "version": VERSIONS[kind]}
        audit.record(uow, "consent.given", actor=account_id, subject=account_id, **about)


def ticked() -> dict[str, str]:
    """What the tick of a login stands for now: kinds and their versions, to be kept until it is
    known whose word it was."""
    return {kind.value: VERSIONS[kind] for kind in AT_LOGIN}


def give_ticked(uow: UnitOfWork, account_id: str, versions: Mapping[str, str]) -> None:
    """Write down what `ticked` gave; a version that is no longer the present one is asked again."""
    give(uow, account_id, [kind for kind in AT_LOGIN if versions.get(kind) == VERSIONS[kind]])


def accept(uow: UnitOfWork, account_id: str, shown: Mapping[Agreement, str]) -> None:
    """Write down a person's word on the versions that he was shown.

    Raises AgreementsChanged where one of them is not the present one any more.
    """
    old = [kind.value for kind, version in shown.items() if version != VERSIONS[kind]]
    if old:
        raise AgreementsChanged(agreements=old)
    give(uow, account_id, list(shown))


def history(uow: UnitOfWork, account_id: str) -> Sequence[Consent]:
    """All that a person has ever agreed to, the newest first; what was withdrawn is among it."""
    mine = select(Consent).where(Consent.account_id == account_id)
    return uow.session.scalars(mine.order_by(Consent.given_at.desc(), Consent.id.desc())).all()


def withdraw(uow: UnitOfWork, account_id: str, kind: Agreement) -> None:
    """Take a consent back; what was done under it stays done."""
    for row in _standing(uow, account_id):
        if row.kind == kind:
            row.withdrawn_at = uow.now
            audit.record(
                uow, "consent.withdrawn", actor=account_id, subject=account_id, kind=kind.value
            )


def missing(uow: UnitOfWork, account_id: str) -> list[Agreement]:
    """The agreements whose present version this person has not accepted, in their order."""
    given = {(row.kind, row.version) for row in _standing(uow, account_id)}
    return [kind for kind in AT_LOGIN if (kind, VERSIONS[kind]) not in given]


def require(uow: UnitOfWork, account_id: str, kind: Agreement) -> None:
    """Raise ConsentNeeded unless the present version of this consent stands."""
    given = {(row.kind, row.version) for row in _standing(uow, account_id)}
    if (kind, VERSIONS[kind]) not in given:
        raise ConsentNeeded(consent=kind.value, version=VERSIONS[kind])


def _standing(uow: UnitOfWork, account_id: str) -> Sequence[Consent]:
    mine = (Consent.account_id == account_id, Consent.withdrawn_at.is_(None))
    return uow.session.scalars(select(Consent).where(*mine)).all()
