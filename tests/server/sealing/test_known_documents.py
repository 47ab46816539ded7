"""What was hashed once is not hashed again, and other bytes never pass for it."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives import hashes
from hypothesis import given
from hypothesis import strategies as st

from server.sealing import known_documents
from server.sealing.byte_range import Covered, Prefix, byte_range_digest, byte_range_sm3
from server.sealing.inspection import inspect
from server.sealing.known_documents import KnownDocuments
from server.sealing.sandbox import Sandbox
from server.sealing.seal_pdf import Signing, seal
from server.sealing.skeleton import read_skeleton
from tests.factories.pdf import Page, make_pdf
from tests.factories.signer import FakeSigner
from tests.factories.stamp import META, one_on_every_page, square_seal

DOCUMENT = bytes(range(256)) * 4


def sm3(data: bytes) -> bytes:
    digest = hashes.Hash(hashes.SM3())
    digest.update(data)
    return digest.finalize()


@given(before=st.binary(), tail=st.binary(), cut=st.data())
def test_hashing_on_gives_what_hashing_everything_gives(
    before: bytes, tail: bytes, cut: st.DataObject
) -> None:
    start = cut.draw(st.integers(len(before), len(before + tail)))
    resume = cut.draw(st.integers(start, len(before + tail)))
    whole = before + tail
    left = whole[:start] + whole[resume:]
    covered = Covered(Prefix.of(before), tail, start, resume)
    assert covered.sha256() == hashlib.sha256(left).digest()
    assert covered.sm3() == sm3(left)
    assert byte_range_digest(whole, start, resume) == covered.sha256()
    assert byte_range_sm3(whole, start, resume) == covered.sm3()
    assert covered.about == f"/ByteRange [0 {start} {resume} {len(whole) - resume}]"


def test_what_grows_is_hashed_on_and_remembered() -> None:
    known, whole = KnownDocuments(), DOCUMENT + b"tail"
    grown = known.grown(whole, len(DOCUMENT))
    assert (grown.length, grown.digest) == (len(whole), hashlib.sha256(whole).hexdigest())
    assert grown.sm3_digest == sm3(whole).hex()
    assert known.prefix_of(whole) is grown
    assert known.prefix_of(DOCUMENT).sm3_digest == sm3(DOCUMENT).hex()


def test_what_was_hashed_is_found_again_by_its_bytes() -> None:
    known = KnownDocuments()
    first = known.prefix_of(DOCUMENT)
    assert known.prefix_of(bytes(bytearray(DOCUMENT))) is first
    assert known.prefix_of(memoryview(DOCUMENT + b"more")[: len(DOCUMENT)]) is first
    assert first.digest == hashlib.sha256(DOCUMENT).hexdigest()


@pytest.mark.row("S-14")
@pytest.mark.parametrize("at", [0, 500, len(DOCUMENT) - 1])
def test_a_document_with_one_other_bit_is_another_document(at: int) -> None:
    known = KnownDocuments()
    known.prefix_of(DOCUMENT)
    other = bytearray(DOCUMENT)
    other[at] ^= 1
    assert known.prefix_of(bytes(other)).digest == hashlib.sha256(other).hexdigest()
    assert known.prefix_of(DOCUMENT[:-1]).digest == hashlib.sha256(DOCUMENT[:-1]).hexdigest()


def test_hashing_on_leaves_what_is_remembered_as_it_was() -> None:
    known = KnownDocuments()
    for tail in (b"one", b"another"):
        covered = Covered(known.prefix_of(DOCUMENT), tail, len(DOCUMENT), len(DOCUMENT))
        assert covered.sha256() == hashlib.sha256(DOCUMENT + tail).digest()
        assert covered.sm3() == sm3(DOCUMENT + tail)


def test_the_national_hash_is_made_when_it_is_asked_for() -> None:
    known = KnownDocuments()
    plain = Covered(known.prefix_of(DOCUMENT, national=False), b"", len(DOCUMENT), len(DOCUMENT))
    with pytest.raises(ValueError, match="not hashed"):
        plain.sm3()
    both = replace(plain, prefix=known.prefix_of(DOCUMENT))
    assert both.sm3() == sm3(DOCUMENT)
    assert known.prefix_of(DOCUMENT, national=False) is both.prefix


def test_only_so_many_documents_are_remembered() -> None:
    known = KnownDocuments()
    first = known.prefix_of(b"first")
    for number in range(known_documents.MOST_DOCUMENTS - 1):
        known.prefix_of(b"%d" % number)
    assert known.prefix_of(b"first") is first  # which makes it the last one to go
    known.prefix_of(b"one more")
    assert known.prefix_of(b"first") is first
    for number in range(known_documents.MOST_DOCUMENTS):
        known.prefix_of(b"again %d" % number)
    assert known.prefix_of(b"first") is not first


def test_threads_may_share_it() -> None:
    known, documents = KnownDocuments(), [b"%d" % number * 1000 for number in range(100)]
    with ThreadPoolExecutor(8) as pool:
        digests = list(pool.map(lambda one: known.prefix_of(one).digest, documents * 5))
    assert digests == [hashlib.sha256(one).hexdigest() for one in documents] * 5


class NoSandbox(Sandbox):
    """Fails the test that opens a file."""

    def run(self, function, /, *args, **kwargs):
        raise AssertionError("a file was opened")


def test_a_document_that_was_learnt_is_sealed_without_being_opened(
    signer: FakeSigner, sandbox: Sandbox
) -> None:
    document = make_pdf([Page()] * 3)
    stamps = one_on_every_page(inspect(document).pages, square_seal())
    signing = Signing(signer)
    signing.known.learn(document, sandbox)
    sealed = seal(document, stamps, META, sandbox=NoSandbox(), signing=signing)
    assert sealed.startswith(document)


def test_a_skeleton_that_is_too_large_is_not_kept(sandbox: Sandbox) -> None:
    document = make_pdf([Page()] * 3)
    weight = read_skeleton(document).weight
    for most, is_kept in ((weight, True), (weight - 1, False)):
        known = KnownDocuments(most_skeleton_bytes=most)
        assert known.skeleton_of(document, sandbox) is not None
        with nullcontext() if is_kept else pytest.raises(AssertionError):
            known.skeleton_of(document, NoSandbox())
