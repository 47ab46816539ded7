"""What the phone's pages show of a seal: its card, and the detail behind it (F-26, P-42)."""

from datetime import datetime
from typing import Any

from cryptography.x509 import load_der_x509_certificate
from cryptography.x509.oid import NameOID

from server.certificates import service as certificates
from server.certificates.models import KeyRing
from server.core.db import UnitOfWork
from server.grants import queries as uses_of
from server.pki.subject_keys import Algorithm
from server.seals import history, renewing
from server.seals.models import STATE_WORDS, ChangeKind, ChangeState, SealChange, SealState
from server.web.identity import Person
from server.web.language import is_english
from server.web.pages.roles import only_company
from server.web.times import local
from server.web.visible_seals import SeenSeal, who_may_use
from server.web.words import say

LATEST_USES = 5
LOOKED_THROUGH = 100
Shown = dict[str, Any]


def card(seen: SeenSeal, now: datetime) -> Shown:
    """A card of the home page."""
    seal = seen.seal
    state = seal.state(now)
    return {
        "id": seal.id,
        "name": seal.name,
        "kind": seal.kind,
        "owner": seen.owner,
        "number": seal.number,
        "state": state.value,
        "state_word": say(STATE_WORDS[state]),
        "valid_until": local(seal.valid_until),
        "picture": f"/m/seals/{seal.id}/picture.png",
    }


def details(uow: UnitOfWork, seen: SeenSeal, person: Person) -> Shown:
    """Everything that the page of one seal shows."""
    seal = seen.seal
    return {
        **card(seen, uow.now),
        **_period(seen, uow.now),
        "of_company": seen.right is not None,
        "size": f"{seal.width_mm:g} × {seal.height_mm:g} mm",
        "why": _why(seen),
        "certificate": _certificate(uow, seen),
        "users": [{"name": name, "right": say(word)} for name, word in who_may_use(uow, seen)],
        "uses": _uses(uow, seen, person),
        "versions": _versions(uow, seen),
        "change": _change(renewing.latest(uow, seal.id)),
        "allowed": seen.allowed(uow.now),
        "is_owner": seen.is_owner,
        "manages": seen.hand is not None,
        "subject": seen.subject,
    }


def _period(seen: SeenSeal, now: datetime) -> Shown:
    seal = seen.seal
    early = seal.state(now) in (SealState.ACTIVE, SealState.EXPIRING) and now < seal.renewable_from
    return {
        "valid_from": local(seal.valid_from),
        "renewable_from": local(seal.renewable_from) if early else None,
    }


def _why(seen: SeenSeal) -> Shown | None:
    """The reason of a suspension and what can be done, in the reader's language."""
    problem = seen.seal.why_suspended()
    place = 1 if is_english() else 0
    if problem is None:
        return None
    return {
        "reason": seen.seal.reason,
        "message": problem.message[place],
        "next_step": problem.next_step[place],
    }


def _certificate(uow: UnitOfWork, seen: SeenSeal) -> Shown:
    ring = uow.session.get_one(KeyRing, seen.seal.ring_id)
    row = certificates.certificate_of(uow, ring, Algorithm.P256)
    return {
        "serial": row.serial,
        "issuer": _name(row.issuing_der),
        "from": local(row.not_before),
        "until": local(row.not_after),
    }


def _name(issuing: bytes) -> str:
    found = load_der_x509_certificate(issuing).subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(found[0].value) if found else ""


def _uses(uow: UnitOfWork, seen: SeenSeal, person: Person) -> list[Shown]:
    """The latest uses of this seal among those that this person may see."""
    only = only_company(person)
    page = uses_of.uses_seen_by(uow, person.account.id, only=only, limit=LOOKED_THROUGH)
    mine = [use for use in page.items if any(one["id"] == seen.seal.id for one in use.seals)]
    return [
        {
            "at": local(use.settled_at or use.reserved_at),
            "document": use.document_name,
            "signer": words["signer"],
            "right": say(words["right"]),
        }
        for use, words in uses_of.with_names(uow, mine[:LATEST_USES])
    ]


def _versions(uow: UnitOfWork, seen: SeenSeal) -> list[Shown]:
    """Former impressions, the newest first; the present one is shown by itself."""
    return [
        {
            "version": row.version,
            "at": local(row.created_at),
            "picture": f"/m/seals/{seen.seal.id}/impressions/{row.version}.png",
        }
        for row in history.versions(uow, seen.seal.id)[1:]
    ]


def _change(change: SealChange | None) -> Shown | None:
    if change is None or change.state == ChangeState.DONE:
        return None
    place = 1 if is_english() else 0
    failure = change.failure or {"message": ["", ""], "next_step": ["", ""]}
    return {
        "renewal": change.kind == ChangeKind.RENEWAL,
        "pending": change.state == ChangeState.PENDING,
        "message": failure["message"][place],
        "next_step": failure["next_step"][place],
    }
