"""What every maker of seals must do."""

from pathlib import Path

import pytest
from asn1crypto import x509 as asn1_x509

from server.pki.chain import check_chain, load_certificates
from server.pki.sm2 import Sm2PublicKey
from server.pki.subject_keys import public_key_of
from server.providers.seal_maker import SealMaker
from server.providers.seal_maker.local import LocalSealMaker


@pytest.fixture(params=["local"])
def maker(tmp_path: Path, clock) -> SealMaker:
    return LocalSealMaker(tmp_path / "maker", clock)


def test_the_maker_signs_what_he_is_given_as_it_is(maker) -> None:
    signed = maker.sign(b"the words of a seal")
    (certificate,) = load_certificates(signed.certificate)
    key = Sm2PublicKey.from_spki(public_key_of(certificate))

    assert key.verify(signed.value, b"the words of a seal")
    assert not key.verify(signed.value, b"other words")


def test_the_makers_certificate_leads_to_his_root_and_is_no_authority(maker, clock) -> None:
    (certificate,) = load_certificates(maker.sign(b"x").certificate)
    (root,) = load_certificates(maker.roots()[0])

    assert check_chain(certificate, [], [root], clock.now()) == [certificate, root]
    read = asn1_x509.Certificate.load(maker.sign(b"x").certificate)
    assert not read.ca
    assert read.key_usage_value.native == {"digital_signature", "non_repudiation"}


def test_a_maker_keeps_his_key_over_a_restart(maker, tmp_path: Path, clock) -> None:
    again = LocalSealMaker(tmp_path / "maker", clock)
    assert again.sign(b"x").certificate == maker.sign(b"x").certificate
    assert again.roots() == maker.roots()
