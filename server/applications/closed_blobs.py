"""Files that hold personal data, closed under a key of their own before they are stored."""

import os
from dataclasses import dataclass, field

from server.certificates import envelope
from server.providers.keys import Keys
from server.providers.storage import Storage

KEY_BYTES = 32
PURPOSE = "application_file"


@dataclass(frozen=True)
class ClosedBlob:
    """A stored file: the digest that it is stored under, and its key under the service's."""

    digest: str
    key_closed: bytes = field(repr=False)


def put(storage: Storage, keys: Keys, holder_id: str, content: bytes) -> ClosedBlob:
    """Close and store; `holder_id` (whose file it is) must be given to open it.

    Asks the key holder and the disk, so outside any transaction. StorageUnavailable.
    """
    key = os.urandom(KEY_BYTES)
    digest = storage.put(envelope.lock(key, content, holder_id))
    return ClosedBlob(digest, keys.wrap(PURPOSE, holder_id, key))


def get(storage: Storage, keys: Keys, holder_id: str, blob: ClosedBlob) -> bytes:
    """The content again. BlobNotFound, BlobDamaged, UnwrapRefused, EnvelopeDamaged."""
    key = keys.unwrap(PURPOSE, holder_id, blob.key_closed)
    return envelope.unlock(key, storage.get(blob.digest), holder_id)
