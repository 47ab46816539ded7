"""Envelopes: each key, each purpose and each pepper is needed, and every change is found."""

import itertools

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from server.certificates import envelope
from server.certificates.errors import EnvelopeDamaged

KEY, OTHER_KEY = b"k" * 32, b"o" * 32
SECRET = b"data key of a company, 32 bytes."
ABOUT = "data key of ring-1 for acc-1"
PEPPER = b"p" * 32


def test_what_is_locked_is_unlocked_by_its_key() -> None:
    assert envelope.unlock(KEY, envelope.lock(KEY, SECRET, ABOUT), ABOUT) == SECRET


@pytest.mark.row("S-22")
@pytest.mark.parametrize(("key", "about"), [(OTHER_KEY, ABOUT), (KEY, ABOUT + "2"), (KEY, "")])
def test_a_lock_refuses_another_key_and_another_purpose(key: bytes, about: str) -> None:
    with pytest.raises(EnvelopeDamaged):
        envelope.unlock(key, envelope.lock(KEY, SECRET, ABOUT), about)


def changes(closed: bytes) -> list[bytes]:
    """One bit of each byte turned, and the box cut at every length."""
    turned = [
        bytes([*closed[:place], closed[place] ^ 1, *closed[place + 1 :]])
        for place in range(len(closed))
    ]
    return turned + [closed[:end] for end in range(len(closed))] + [closed + b"\0"]


def test_a_locked_secret_that_was_changed_is_refused() -> None:
    for changed in changes(envelope.lock(KEY, SECRET, ABOUT)):
        with pytest.raises(EnvelopeDamaged):
            envelope.unlock(KEY, changed, ABOUT)


def test_the_same_secret_is_never_closed_the_same_way() -> None:
    public = envelope.public_point(X25519PrivateKey.generate())
    assert envelope.lock(KEY, SECRET, ABOUT) != envelope.lock(KEY, SECRET, ABOUT)
    assert envelope.seal_to(public, SECRET, ABOUT) != envelope.seal_to(public, SECRET, ABOUT)


@pytest.fixture(scope="module")
def holder() -> X25519PrivateKey:
    return X25519PrivateKey.generate()


@pytest.fixture(scope="module")
def sealed(holder: X25519PrivateKey) -> bytes:
    return envelope.seal_to(envelope.public_point(holder), SECRET, ABOUT, PEPPER)


def test_what_is_sealed_to_a_person_is_opened_by_him(
    holder: X25519PrivateKey, sealed: bytes
) -> None:
    assert envelope.open_sealed(holder, sealed, ABOUT, PEPPER) == SECRET
    assert SECRET not in sealed


@pytest.mark.row("S-22")
def test_a_sealed_box_refuses_another_person(sealed: bytes) -> None:
    with pytest.raises(EnvelopeDamaged):
        envelope.open_sealed(X25519PrivateKey.generate(), sealed, ABOUT, PEPPER)


@pytest.mark.row("S-22")
@pytest.mark.parametrize(
    ("about", "pepper"),
    [("data key of ring-1 for acc-2", PEPPER), (ABOUT, b""), (ABOUT, b"q" * 32)],
    ids=["another purpose", "no pepper", "another pepper"],
)
def test_a_sealed_box_refuses_what_it_is_not_bound_to(
    about: str, pepper: bytes, holder: X25519PrivateKey, sealed: bytes
) -> None:
    with pytest.raises(EnvelopeDamaged):
        envelope.open_sealed(holder, sealed, about, pepper)


def test_a_sealed_box_that_was_changed_is_refused(holder: X25519PrivateKey, sealed: bytes) -> None:
    for changed in changes(sealed):
        with pytest.raises(EnvelopeDamaged):
            envelope.open_sealed(holder, changed, ABOUT, PEPPER)


@pytest.mark.parametrize("point", [b"\0" * 32, b"\1" + b"\0" * 31], ids=["zero", "one"])
def test_a_point_that_gives_every_holder_the_same_key_is_refused(
    point: bytes, holder: X25519PrivateKey, sealed: bytes
) -> None:
    with pytest.raises(EnvelopeDamaged):
        envelope.open_sealed(holder, point + sealed[32:], ABOUT, PEPPER)


def test_each_part_of_a_derived_key_counts() -> None:
    keys = [
        envelope.derive(KEY, OTHER_KEY, purpose="a"),
        envelope.derive(OTHER_KEY, KEY, purpose="a"),
        envelope.derive(KEY, OTHER_KEY, purpose="b"),
        envelope.derive(KEY, purpose="a"),
    ]
    assert {len(key) for key in keys} == {32}
    assert all(one != other for one, other in itertools.combinations(keys, 2))


def test_a_page_token_stands_for_one_key_pair() -> None:
    first, again, other = (
        envelope.public_point(envelope.key_of_page(token)) for token in ("t-1", "t-1", "t-2")
    )
    assert first == again != other


@pytest.mark.row("S-21")
def test_a_pin_is_stretched_with_its_salt_over_64_mib() -> None:
    stretched = envelope.stretch("135790", b"s" * 16)
    assert stretched != envelope.stretch("135790", b"t" * 16)
    assert stretched != envelope.stretch("135791", b"s" * 16)
    assert (envelope.ARGON_MEMORY_KIB, envelope.ARGON_PASSES) == (65_536, 3)
