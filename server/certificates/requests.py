"""Asking the authority so that a lost answer is asked for again, never a second time (R-08).

The key pairs are made and kept, sealed under the service's key, before the authority is asked. It
may then be asked any number of times: the same request means the same keys, and so the same
certificates. `close_request` ends it in the transaction that keeps them.
"""

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from sqlalchemy import select, update

from server.certificates.errors import RequestClosed
from server.certificates.models import KeyRequest, OwnerKind, RequestedKey
from server.certificates.service import Issued, Owner, SigningKeys
from server.core.db import Database, UnitOfWork
from server.pki.authority import Period, Subject
from server.pki.sm2 import Sm2PrivateKey
from server.pki.subject_keys import Algorithm, algorithm_for, load_subject_key
from server.providers.ca import CertificateAuthority, RequestReused
from server.providers.keys import Keys

PURPOSE = "key_request"
WRAPPING = "x25519"
Pair = tuple[bytes, bytes]
"""Of a key: SubjectPublicKeyInfo (DER), and PKCS#8 DER or 32 raw bytes (X25519)."""


def open_request(
    uow: UnitOfWork, keys: Keys, *, request_id: str, owner: Owner, period: Period
) -> None:
    """Make an owner's signing keys, P-256 and SM2, and keep them for `fulfil`.

    The same id a second time changes nothing; raises RequestReused when it stood for something
    else. `request_id` has at most 64 characters. `keys` is the one provider that is used inside
    a transaction: what it seals must not exist unless the row that holds it does.
    """
    if not _is_open(uow, request_id, owner, period):
        pairs = {Algorithm.P256: _p256_pair(), Algorithm.SM2: _sm2_pair()}
        for kind, pair in pairs.items():
            _keep(uow, keys, request_id, kind, pair)


def open_document_request(
    uow: UnitOfWork, keys: Keys, *, request_id: str, owner: Owner, period: Period
) -> None:
    """Make one P-256 key, which signs documents without seals, and keep it for `fulfil_document`;
    as above.
    """
    if not _is_open(uow, request_id, owner, period):
        _keep(uow, keys, request_id, Algorithm.P256, _p256_pair())


def open_personal_request(
    uow: UnitOfWork, keys: Keys, *, request_id: str, owner: Owner, period: Period
) -> None:
    """Make a person's wrapping key (X25519) and keep it for `fulfil_personal`; as above."""
    if not _is_open(uow, request_id, owner, period):
        _keep(uow, keys, request_id, WRAPPING, _x25519_pair())


def fulfil(db: Database, keys: Keys, ca: CertificateAuthority, request_id: str) -> SigningKeys:
    """Ask the authority, outside any transaction, as often as needed.

    Raises CaUnavailable, PeriodRefused, and RequestClosed after `close_request`.
    """
    request, kept = _read(db, request_id)
    p256, sm2 = (_issued(keys, ca, request, kept[kind]) for kind in Algorithm)
    return SigningKeys(p256, sm2)


def fulfil_document(db: Database, keys: Keys, ca: CertificateAuthority, request_id: str) -> Issued:
    """The same for a key that signs documents without seals."""
    request, kept = _read(db, request_id)
    return _issued(keys, ca, request, kept[Algorithm.P256])


def fulfil_personal(db: Database, keys: Keys, ca: CertificateAuthority, request_id: str) -> Issued:
    """The same for a person's wrapping key."""
    request, kept = _read(db, request_id)
    return _issued(keys, ca, request, kept[WRAPPING])


def close_request(uow: UnitOfWork, request_id: str) -> None:
    """The certificates are kept: wipe the private keys. A second time changes nothing."""
    request = uow.locked(KeyRequest, request_id)
    request.closed_at = request.closed_at or uow.now
    mine = RequestedKey.request_id == request_id
    uow.session.execute(update(RequestedKey).where(mine).values(sealed=None))


def _is_open(uow: UnitOfWork, request_id: str, owner: Owner, period: Period) -> bool:
    """Whether the request was opened before; opens it where it was not."""
    uow.queue_up(f"key request {request_id}")
    request = uow.session.get(KeyRequest, request_id)
    if request is not None:
        if (_owner(request), _period(request)) != (owner, period):
            raise RequestReused
        return True
    uow.session.add(
        KeyRequest(
            id=request_id,
            owner_kind=owner.kind,
            owner_id=owner.id,
            subject_name=owner.subject.name,
            subject_number=owner.subject.number,
            not_before=period.starts,
            not_after=period.ends,
            opened_at=uow.now,
        )
    )
    uow.session.flush()
    return False


def _keep(uow: UnitOfWork, keys: Keys, request_id: str, kind: str, pair: Pair) -> None:
    public, private = pair
    sealed = keys.wrap(PURPOSE, request_id, private, kind.encode())
    row = RequestedKey(request_id=request_id, kind=kind, public=public, sealed=sealed)
    uow.session.add(row)


def _read(db: Database, request_id: str) -> tuple[KeyRequest, dict[str, RequestedKey]]:
    with db.read() as uow:
        request = uow.session.get_one(KeyRequest, request_id)
        rows = select(RequestedKey).where(RequestedKey.request_id == request_id)
        kept = {row.kind: row for row in uow.session.scalars(rows)}
    return request, kept


def _issued(
    keys: Keys, ca: CertificateAuthority, request: KeyRequest, kept: RequestedKey
) -> Issued:
    if kept.sealed is None:
        raise RequestClosed()
    owner, period = _owner(request), _period(request)
    private = keys.unwrap(PURPOSE, request.id, kept.sealed, kept.kind.encode())
    answer = ca.issue(f"{request.id}-{kept.kind}", owner.subject, kept.public, period)
    algorithm = algorithm_for(load_subject_key(kept.public))
    issuing, root = ca.chain(algorithm)
    return Issued(owner, algorithm, answer, (issuing, root), period, private)


def _owner(request: KeyRequest) -> Owner:
    kind = OwnerKind(request.owner_kind)
    company = kind is OwnerKind.ENTERPRISE
    return Owner(
        kind,
        request.owner_id,
        Subject(request.subject_name, request.subject_number, organization=company),
    )


def _period(request: KeyRequest) -> Period:
    return Period(request.not_before, request.not_after)


def _p256_pair() -> Pair:
    key = ec.generate_private_key(ec.SECP256R1())
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return public, key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def _sm2_pair() -> Pair:
    key = Sm2PrivateKey.generate()
    return key.public_key().spki(), key.pkcs8()


def _x25519_pair() -> Pair:
    key = X25519PrivateKey.generate()
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return public, key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
