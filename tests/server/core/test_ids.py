"""Names that sort by age and cannot be guessed, and secrets that are kept as digests."""

import hashlib
import re

from server.core.ids import fingerprint, new_id, new_secret


def test_names_sort_by_the_time_of_their_birth() -> None:
    first = new_id("seal")
    while (later := new_id("seal"))[:15] == first[:15]:
        pass  # the same millisecond
    assert first < later


def test_a_name_holds_80_random_bits_behind_its_time() -> None:
    names = {new_id("seal") for _ in range(2000)}
    assert len({name[-16:] for name in names}) == 2000
    assert all(re.fullmatch(r"seal-[0-9a-hjkmnp-tv-z]{26}", name) for name in names)


def test_a_secret_holds_256_bits_and_is_kept_as_its_digest() -> None:
    secret = new_secret()
    assert re.fullmatch(r"[\w-]{43}", secret)
    assert secret != new_secret()
    assert fingerprint(secret) == hashlib.sha256(secret.encode()).hexdigest()
