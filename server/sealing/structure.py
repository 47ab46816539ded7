"""How a signed PDF is built: its signatures, the places where seals show, its revisions."""

from dataclasses import dataclass
from datetime import datetime

from server.sealing.page_box import Box
from server.sealing.report import Revision


@dataclass(frozen=True)
class Place:
    """A filled signature field on a page. It counts when it was there, and visible, when its
    signature was made, and has not changed since."""

    field_name: str
    page: int
    rectangle: Box
    signature: int
    counts: bool


@dataclass(frozen=True)
class SignedPart:
    """One signature dictionary. `id` is its object number, `contents` its CMS and its filling.

    `slot` are the offsets of "<" of /Contents and of the byte after its ">", `ends_at` of the
    first byte that is not covered; both are taken from a ByteRange that leaves out nothing but
    the slot, and `whole` says that the ByteRange is such a one and covers the whole revision.
    """

    id: int
    field_names: tuple[str, ...]
    is_timestamp: bool
    sub_filter: str
    contents: bytes
    claimed_at: datetime | None
    slot: tuple[int, int]
    ends_at: int
    whole: bool
    changed_later: bool


@dataclass(frozen=True)
class Structure:
    """A whole file. `certificates`, `crls` and `ocsps` (DER) are in its document security store."""

    pages: int
    places: tuple[Place, ...]
    parts: tuple[SignedPart, ...]
    revisions: tuple[Revision, ...]
    certificates: tuple[bytes, ...] = ()
    crls: tuple[bytes, ...] = ()
    ocsps: tuple[bytes, ...] = ()
