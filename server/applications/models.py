"""Tables of applications for seals, of the people named in them, and of their materials."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.applications import lifecycle
from server.applications.lifecycle import ApplicationState, Move
from server.certificates.models import OwnerKind
from server.core.db import Base
from server.seals.models import SealKind


class Way(StrEnum):
    """The ways to apply (Settled 1): both of a company, and a person's own."""

    FAST = "fast"
    FULL = "full"
    PERSONAL = "personal"


COMPANY_KINDS = (
    SealKind.COMPANY,
    SealKind.CONTRACT,
    SealKind.FINANCE,
    SealKind.INVOICE,
    SealKind.LEGAL_REPRESENTATIVE,
)
PERSONAL_KINDS = (SealKind.SQUARE, SealKind.HANDWRITTEN)
KINDS = {Way.FAST: COMPANY_KINDS, Way.FULL: COMPANY_KINDS, Way.PERSONAL: PERSONAL_KINDS}

# Stands for the digest where the owner has chosen before: what verifies his uses stays as it is.
KEPT = "kept"


class PartyRole(StrEnum):
    """As what a person stands in an application (Settled 4: the agent needs no account)."""

    REPRESENTATIVE = "representative"
    AGENT = "agent"
    PERSON = "person"


class Application(Base):
    """One application of an owner for some seals, from the draft to the seals.

    `wanted` is a list of {kind, font?, strokes?, picture?}, `corrections` says per part what has
    to be mended, `steps` is [[state, time]] as it went. `method` with `method_digest` is the
    verification method chosen for later uses (F-23), empty where none was chosen; `KEPT` is the
    digest of a method that the owner had before.
    """

    __tablename__ = "applications"
    __table_args__ = (Index("ix_applications_state_expires_at", "state", "expires_at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    owner_kind: Mapped[str] = mapped_column(String(16))
    owner_id: Mapped[str] = mapped_column(String(32), index=True)
    applicant_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    way: Mapped[str] = mapped_column(String(16))
    unit_name: Mapped[str] = mapped_column(String(128), default="")
    unit_number: Mapped[str] = mapped_column(String(18), default="")
    wanted: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    method: Mapped[str] = mapped_column(String(16), default="")
    method_digest: Mapped[str] = mapped_column(String(200), default="")
    state: Mapped[str] = mapped_column(String(16), default=ApplicationState.DRAFT)
    reason: Mapped[str] = mapped_column(Text, default="")
    corrections: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    steps: Mapped[list[list[str]]] = mapped_column(JSON, default=list)
    content_digest: Mapped[str] = mapped_column(String(64), default="")
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    @property
    def is_of_company(self) -> bool:
        return self.owner_kind == OwnerKind.ENTERPRISE

    @property
    def kinds(self) -> list[SealKind]:
        """The kinds of seals that it asks for, in its order."""
        return [SealKind(one["kind"]) for one in self.wanted]

    def move(self, move: Move, now: datetime) -> None:
        """Take one step and note its time; raises what `lifecycle.after` raises."""
        self.state = lifecycle.after(ApplicationState(self.state), move)
        self.steps = [*self.steps, [self.state, now.isoformat()]]
        self.changed_at = now
        if self.state in (*lifecycle.ENDED, ApplicationState.DONE):
            self.ended_at, self.expires_at = now, None

    def forget_secrets(self) -> None:
        """Delete what its people wrote by hand and chose as a password; photos go by themselves."""
        self.method_digest = ""
        self.wanted = [
            {key: value for key, value in one.items() if key != "strokes"}
            | ({"picture": True} if "strokes" in one else {})
            for one in self.wanted
        ]

    def require_editable(self) -> None:
        """Raise ApplicationEnded or ApplicationMovedOn unless its content may be changed."""
        lifecycle.require_editable(ApplicationState(self.state))


class Party(Base):
    """A person as an application names him; number and phone are sealed for this row's id.

    Who is named without an account has consented to the use of his number by the applicant's
    word; he gives his own at the certification.
    """

    __tablename__ = "application_parties"
    __table_args__ = (UniqueConstraint("application_id", "role"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    application_id: Mapped[str] = mapped_column(ForeignKey("applications.id"), index=True)
    role: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(64))
    document_type: Mapped[str] = mapped_column(String(32))
    number_index: Mapped[str] = mapped_column(String(64))
    number_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    phone_index: Mapped[str] = mapped_column(String(64))
    phone_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    consented_at: Mapped[datetime]


class Material(Base):
    """A picture handed in for one slot of an application, or of a seal's cancellation.

    `digest` names the blob, which is closed under a key of its own; `key_closed` is that key under
    the service's. `holder_id` is the application's or cancellation's id. `outlines` is what was cut
    out of the photo of a signature.
    """

    __tablename__ = "materials"
    __table_args__ = (UniqueConstraint("holder_id", "slot"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    holder_id: Mapped[str] = mapped_column(String(32), index=True)
    slot: Mapped[str] = mapped_column(String(32))
    digest: Mapped[str] = mapped_column(String(64), index=True)
    key_closed: Mapped[bytes] = mapped_column(LargeBinary)
    width: Mapped[int]
    height: Mapped[int]
    size: Mapped[int]
    outlines: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    taken_at: Mapped[datetime]
