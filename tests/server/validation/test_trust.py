"""The trust list: our own authorities by themselves, others as an operator adds them."""

from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import select

from server import cli
from server.core.audit import AuditRow
from server.pki.subject_keys import Algorithm
from server.sealing.trust import TrustList
from server.validation import trust
from server.validation.errors import AlreadyTrusted, NotATrustableCertificate, NotTrusted
from server.validation.models import TrustPurpose
from server.validation.trust import Witnesses
from tests.factories.product import Product
from tests.factories.signer import SmallAuthority

ATTRIBUTE = "1.2.3.4"
OF_CERTIFICATES = [one for one in TrustPurpose if one is not TrustPurpose.REVOCATION_LISTS]
Run = Callable[..., int]


@pytest.fixture
def run(product: Product, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command, on this product's stores."""
    settings = product.parts.settings
    monkeypatch.setenv("GUIYIN_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("GUIYIN_PUBLIC_URL", settings.public_url)
    monkeypatch.setenv("GUIYIN_MASTER_KEY", settings.master_key.get_secret_value())
    monkeypatch.setenv("GUIYIN_LINK_KEY", settings.link_key.get_secret_value())
    return lambda *arguments: cli.main(list(arguments))


def present(product: Product) -> TrustList:
    outside = product.parts.providers
    own = trust.own_trust(Witnesses(outside.ca, outside.seal_maker, outside.tsa))
    with product.parts.db.read() as uow:
        return trust.trust_list(uow, own, ATTRIBUTE)


def added(product: Product, purpose: TrustPurpose, content: bytes) -> str:
    with product.parts.db.begin() as uow:
        return trust.add(uow, purpose, content).id


@pytest.mark.row("F-50")
def test_our_own_authorities_are_trusted_without_a_word(product: Product) -> None:
    outside, found = product.parts.providers, present(product)

    for kind in Algorithm:
        issuing, root = outside.ca.chain(kind)
        assert (root in found.document_roots, issuing in found.others) == (True, True)
        assert issuing not in found.document_roots
    assert found.seal_maker_roots == tuple(outside.seal_maker.roots())
    assert found.time_stamp_roots == tuple(outside.tsa.roots())
    assert len(found.crls) == len(Algorithm)
    assert found.seal_attributes == (ATTRIBUTE,)


@pytest.mark.row("F-50")
@pytest.mark.parametrize("purpose", OF_CERTIFICATES)
def test_a_root_is_trusted_for_its_purpose_alone_until_it_is_removed(
    product: Product, purpose: TrustPurpose
) -> None:
    before, root = present(product), SmallAuthority().root

    number = added(product, purpose, root)

    parts = {
        TrustPurpose.DOCUMENTS: "document_roots",
        TrustPurpose.SEAL_MAKERS: "seal_maker_roots",
        TrustPurpose.TIME_STAMPS: "time_stamp_roots",
        TrustPurpose.ISSUERS: "others",
    }
    now = present(product)
    for one, name in parts.items():
        more = (root,) if one is purpose else ()
        assert getattr(now, name) == getattr(before, name) + more, name
    with product.parts.db.begin() as uow:
        trust.remove(uow, number)
    assert present(product) == before


def test_a_change_of_trust_is_in_the_audit_trail(product: Product) -> None:
    number = added(product, TrustPurpose.DOCUMENTS, SmallAuthority().root)
    with product.parts.db.begin() as uow:
        trust.remove(uow, number)

    with product.parts.db.read() as uow:
        events = uow.session.scalars(select(AuditRow).where(AuditRow.subject == number)).all()
    assert [one.event for one in events] == ["trust.added", "trust.removed"]
    assert all(len(one.details["fingerprint"]) == 64 for one in events)


def test_the_same_certificate_may_stand_for_two_purposes_but_for_one_once(
    product: Product,
) -> None:
    root = SmallAuthority().root
    added(product, TrustPurpose.DOCUMENTS, root)
    added(product, TrustPurpose.SEAL_MAKERS, root)

    pem = x509.load_der_x509_certificate(root).public_bytes(Encoding.PEM)
    with pytest.raises(AlreadyTrusted):
        added(product, TrustPurpose.DOCUMENTS, pem)


def test_who_is_no_authority_is_no_root(product: Product) -> None:
    authority = SmallAuthority()
    leaf = authority.signer().certificate
    both = b"".join(
        x509.load_der_x509_certificate(authority.root).public_bytes(Encoding.PEM) for _ in "ab"
    )
    for content in (leaf, both, b"", b"nothing", authority.root[:-1]):
        with pytest.raises(NotATrustableCertificate):
            added(product, TrustPurpose.DOCUMENTS, content)


def test_the_root_of_an_sm2_authority_can_be_added(product: Product) -> None:
    root = product.parts.providers.ca.chain(Algorithm.SM2)[-1]

    added(product, TrustPurpose.SEAL_MAKERS, root)

    assert root in present(product).seal_maker_roots


@pytest.mark.row("F-50")
def test_a_revocation_list_takes_the_place_of_its_issuers_former_one(product: Product) -> None:
    before, ca = present(product), product.parts.providers.ca
    first = ca.crl(Algorithm.P256)
    added(product, TrustPurpose.REVOCATION_LISTS, first)
    added(product, TrustPurpose.REVOCATION_LISTS, ca.crl(Algorithm.SM2))
    assert set(present(product).crls) == {*before.crls, first, ca.crl(Algorithm.SM2)}

    product.clock.advance(days=2)
    second = ca.crl(Algorithm.P256)
    pem = x509.load_der_x509_crl(second).public_bytes(Encoding.PEM)
    added(product, TrustPurpose.REVOCATION_LISTS, pem)

    with product.parts.db.read() as uow:
        kept = [row.der for row in trust.listed(uow)]
    assert (first != second, second in kept, first in kept, len(kept)) == (True, True, False, 2)
    for content in (SmallAuthority().root, b"", b"-----BEGIN X509 CRL-----"):
        with pytest.raises(NotATrustableCertificate):
            added(product, TrustPurpose.REVOCATION_LISTS, content)


def test_what_is_not_there_cannot_be_removed(product: Product) -> None:
    with product.parts.db.begin() as uow, pytest.raises(NotTrusted):
        trust.remove(uow, "root-none")


def test_the_command_adds_lists_and_removes(
    product: Product, run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "root.cer"
    file.write_bytes(SmallAuthority().root)

    assert run("trust", "add", "seal-makers", str(file)) == 0
    number = capsys.readouterr().out.strip()
    assert run("trust", "list") == 0
    told = capsys.readouterr().out.strip().split("\t")
    assert (told[0], told[1], told[2]) == (number, "seal-makers", "2035-01-01")
    assert "测试根证书" in told[4]
    assert run("trust", "add", "seal-makers", str(file)) == 1
    assert "already_trusted" in capsys.readouterr().err
    assert run("trust", "remove", number) == 0
    assert run("trust", "list") == 0
    assert capsys.readouterr().out == ""
    assert run("trust", "remove", number) == 1
    with pytest.raises(SystemExit):
        run("trust", "add", "everything", str(file))
