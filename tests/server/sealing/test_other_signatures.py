"""What other programs have signed, stamped or added is checked and called what it is."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter

from server.sealing.checks import verify
from server.sealing.report import Overall, RevisionBy, SignatureKind
from server.sealing.trust import TrustList
from tests.factories.other_signers import (
    rsa_signer,
    signed_elsewhere,
    stamped_elsewhere,
    with_store,
)
from tests.factories.pdf import Page, make_pdf, pdf_with_form
from tests.factories.sealing_world import World, sealed_by, stamps_for
from tests.factories.signer import SmallAuthority
from tests.factories.stamp import META

AT = META.signing_time + timedelta(hours=1)
DOCUMENT = make_pdf([Page()] * 2)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(tmp_path_factory.mktemp("world") / "here")


@pytest.fixture(scope="module")
def sealed(world: World) -> bytes:
    signing = world.signing(world.owner("南宁桂印科技有限公司"))
    return sealed_by(signing, DOCUMENT, stamps_for(DOCUMENT))


@pytest.mark.row("F-50")
@pytest.mark.parametrize("pss", [False, True])
@pytest.mark.parametrize(
    "subfilter", [SigSeedSubFilter.ADOBE_PKCS7_DETACHED, SigSeedSubFilter.PADES]
)
def test_signatures_of_other_programs_are_checked(
    authority: SmallAuthority, subfilter: SigSeedSubFilter, pss: bool
) -> None:
    file = signed_elsewhere(DOCUMENT, rsa_signer(authority, pss=pss), subfilter=subfilter)
    trust = TrustList(document_roots=(authority.root,))

    (signature,) = verify(file, trust, AT).signatures
    assert (signature.kind, signature.signer) == (SignatureKind.SIGNATURE, "外地公司")
    assert (signature.intact, signature.covers_file) == (True, True)
    # Its authority says nothing of revocation.
    assert (signature.overall, signature.cause) == (Overall.UNKNOWN, "revocation_unknown")

    changed = file.replace(b"0.7 G 1 w", b"0.8 G 1 w", 1)
    (forged,) = verify(changed, trust, AT).signatures
    assert (forged.intact, forged.cause) == (False, "document_digest_differs")


@pytest.mark.row("S-37")
def test_a_signature_value_of_another_key_is_found_out(authority: SmallAuthority) -> None:
    signer, other = rsa_signer(authority), rsa_signer(authority)
    signer.signing_key = other.signing_key
    (signature,) = verify(signed_elsewhere(DOCUMENT, signer), TrustList(), AT).signatures
    assert (signature.overall, signature.cause) == (Overall.INVALID, "signature_value_wrong")


@pytest.mark.row("F-50")
def test_a_time_stamp_over_the_whole_file_is_harmless(world: World, sealed: bytes) -> None:
    report = verify(stamped_elsewhere(sealed, world.tsa.stamp), world.trust(), AT)
    assert report.overall is Overall.VALID
    assert [one.kind for one in report.signatures] == [
        SignatureKind.SEALED,
        SignatureKind.DOCUMENT_TIMESTAMP,
    ]
    assert report.signatures[1].stamped_at == META.signing_time
    assert report.revisions[-1].by is RevisionBy.TIMESTAMP


@pytest.mark.row("S-37")
def test_a_time_stamp_of_another_file_is_invalid(world: World, sealed: bytes) -> None:
    elsewhere = stamped_elsewhere(sealed, lambda _digest: world.tsa.stamp(bytes(32)))
    report = verify(elsewhere, world.trust(), AT)
    assert (report.overall, report.cause) == (Overall.INVALID, "stamp_wrong_imprint")


@pytest.mark.row("F-50")
def test_revocation_lists_in_the_file_are_heard_and_harmless(world: World, sealed: bytes) -> None:
    trust = world.trust()
    silent = replace(trust, crls=())
    assert verify(sealed, silent, AT).cause == "revocation_unknown"
    report = verify(with_store(sealed, trust.crls), silent, AT)
    assert (report.overall, report.cause) == (Overall.VALID, "")
    assert report.revisions[-1].by is RevisionBy.TIMESTAMP
    assert "validation_data" in report.revisions[-1].changes


@pytest.mark.row("S-37")
def test_revocation_lists_of_a_stranger_in_the_file_say_nothing(
    world: World, sealed: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    stranger = World(tmp_path_factory.mktemp("world") / "elsewhere")
    file = with_store(sealed, stranger.trust().crls)
    assert verify(file, replace(world.trust(), crls=()), AT).cause == "revocation_unknown"


@pytest.mark.row("F-50", "S-37")
def test_a_further_signature_of_a_stranger_leaves_the_seal_but_not_the_file(
    world: World, sealed: bytes, authority: SmallAuthority
) -> None:
    report = verify(signed_elsewhere(sealed, rsa_signer(authority)), world.trust(), AT)
    assert [seal.overall for seal in report.seals] == [Overall.VALID] * 2
    assert (report.overall, report.cause) == (Overall.UNKNOWN, "certificate_untrusted")


@pytest.mark.row("S-35", "S-37")
@pytest.mark.parametrize(("docmdp", "changed"), [(MDPPerm.NO_CHANGES, True), (None, False)])
def test_a_certified_file_that_forbids_it_is_changed_by_a_further_signature(
    world: World, authority: SmallAuthority, docmdp: MDPPerm | None, changed: bool
) -> None:
    first = signed_elsewhere(DOCUMENT, rsa_signer(authority), docmdp=docmdp)
    signing = world.signing(world.owner("南宁桂印科技有限公司"))
    second = sealed_by(signing, first, stamps_for(DOCUMENT))
    told = verify(second, TrustList(), AT).signatures[0]
    assert (told.intact, told.changed_later) == (True, changed)


@pytest.mark.row("F-50")
@pytest.mark.parametrize("make", [make_pdf, pdf_with_form])
def test_files_of_many_kinds_are_sealed_and_found_valid(
    world: World, make: Callable[[], bytes]
) -> None:
    document = make()
    signing = world.signing(world.owner("南宁桂印科技有限公司"))
    sealed = sealed_by(signing, document, stamps_for(document))
    assert verify(sealed, world.trust(), AT).overall is Overall.VALID
