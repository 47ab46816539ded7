"""The CMS of a signature is read strictly: whatever it signs, it signs once and by name."""

from hashlib import sha256
from typing import Any

import pytest
from asn1crypto import cms as asn1_cms
from asn1crypto import core, tsp

from server.sealing import cms
from server.sealing.cms_reading import CmsUnreadable, fault, read_cms
from server.sealing.signature_values import CannotVerify
from tests.factories.signer import FakeSigner

DIGEST = sha256(b"a document").digest()


def resigned(signer: FakeSigner, attributes: list[Any], **more: Any) -> bytes:
    """A CMS by this signer over other attributes."""
    whole = asn1_cms.ContentInfo.load(cms.make(DIGEST, signer, None))
    (info,) = whole["content"]["signer_infos"]
    kept = asn1_cms.CMSAttributes(attributes)
    info["signed_attrs"] = kept
    info["signature"] = signer.sign(kept.dump())
    for key, value in more.items():
        whole["content"][key] = value
    return bytes(whole.dump(force=True))


def attributes_of(signer: FakeSigner) -> list[Any]:
    whole = asn1_cms.ContentInfo.load(cms.make(DIGEST, signer, None))
    return list(whole["content"]["signer_infos"][0]["signed_attrs"])


def without(attributes: list[Any], kind: str) -> list[Any]:
    return [one for one in attributes if one["type"].native != kind]


def test_what_was_signed_is_found_to_be(signer: FakeSigner) -> None:
    read = read_cms(resigned(signer, attributes_of(signer)))
    assert fault(read, DIGEST) == ""
    assert fault(read, bytes(32)) == "document_digest_differs"


@pytest.mark.row("S-37")
def test_a_signature_by_another_key_is_found_out(
    signer: FakeSigner, second_signer: FakeSigner
) -> None:
    forger = FakeSigner(signer.certificate, signer.chain, second_signer.key)
    assert fault(read_cms(cms.make(DIGEST, forger, None)), DIGEST) == "signature_value_wrong"


@pytest.mark.row("S-37")
def test_the_certificate_that_is_named_must_be_the_one(
    signer: FakeSigner, second_signer: FakeSigner
) -> None:
    named = tsp.ESSCertIDv2({"cert_hash": sha256(second_signer.certificate).digest()})
    other = asn1_cms.CMSAttribute(
        {
            "type": "signing_certificate_v2",
            "values": [tsp.SigningCertificateV2({"certs": [named]})],
        }
    )
    attributes = [*without(attributes_of(signer), "signing_certificate_v2"), other]
    assert fault(read_cms(resigned(signer, attributes)), DIGEST) == "signed_attributes_wrong"
    # Old signatures name none, which is allowed to them.
    unnamed = without(attributes_of(signer), "signing_certificate_v2")
    assert fault(read_cms(resigned(signer, unnamed)), DIGEST) == ""


@pytest.mark.row("S-37")
@pytest.mark.parametrize("kind", ["message_digest", "content_type"])
def test_what_must_be_signed_is(signer: FakeSigner, kind: str) -> None:
    attributes = without(attributes_of(signer), kind)
    assert fault(read_cms(resigned(signer, attributes)), DIGEST) == "signed_attributes_wrong"


@pytest.mark.row("S-37")
def test_an_attribute_that_comes_twice_makes_it_unreadable(signer: FakeSigner) -> None:
    twice = asn1_cms.CMSAttribute({"type": "message_digest", "values": [bytes(32)]})
    with pytest.raises(CmsUnreadable):
        read_cms(resigned(signer, [*attributes_of(signer), twice]))


@pytest.mark.row("S-35")
def test_a_time_that_no_calendar_has_is_not_told(signer: FakeSigner) -> None:
    time = core.GeneralizedTime.load(b"\x18\x0f00000101000000Z")
    odd = asn1_cms.CMSAttribute(
        {"type": "signing_time", "values": [asn1_cms.Time("generalized_time", time)]}
    )
    attributes = [*without(attributes_of(signer), "signing_time"), odd]
    assert read_cms(resigned(signer, attributes)).claimed_at is None


@pytest.mark.row("S-37")
def test_a_content_of_its_own_is_not_what_a_document_has(signer: FakeSigner) -> None:
    content = {"content_type": "data", "content": core.OctetString(b"another document")}
    made = resigned(signer, attributes_of(signer), encap_content_info=content)
    with pytest.raises(CannotVerify):
        fault(read_cms(made), DIGEST)


def test_a_signature_without_signed_attributes_is_not_relied_on(signer: FakeSigner) -> None:
    whole = asn1_cms.ContentInfo.load(cms.make(DIGEST, signer, None))
    (info,) = whole["content"]["signer_infos"]
    info["signed_attrs"] = None
    with pytest.raises(CannotVerify):
        fault(read_cms(whole.dump(force=True)), DIGEST)


@pytest.mark.parametrize("name", ["sha1", "md5"])
def test_a_digest_that_can_be_forged_is_not_relied_on(signer: FakeSigner, name: str) -> None:
    whole = asn1_cms.ContentInfo.load(cms.make(DIGEST, signer, None))
    whole["content"]["signer_infos"][0]["digest_algorithm"] = {"algorithm": name}
    with pytest.raises(CannotVerify):
        fault(read_cms(whole.dump(force=True)), DIGEST)


@pytest.mark.parametrize("wrong", [b"", b"\x30\x00", b"%PDF", bytes([0x30, 0x80]) * 3000])
def test_what_is_no_cms_is_named(wrong: bytes) -> None:
    with pytest.raises(CmsUnreadable):
        read_cms(wrong)
