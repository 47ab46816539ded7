"""A small certificate authority for sealing tests: a root, companies that sign, a time stamper."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

BEGIN, END = datetime(2025, 1, 1, tzinfo=UTC), datetime(2035, 1, 1, tzinfo=UTC)
Der = serialization.Encoding.DER


@dataclass(frozen=True)
class FakeSigner:
    """Signs with a key in memory."""

    certificate: bytes
    chain: tuple[bytes, ...]
    key: ec.EllipticCurvePrivateKey

    def sign(self, tbs: bytes) -> bytes:
        return self.key.sign(tbs, ec.ECDSA(hashes.SHA256()))


class SmallAuthority:
    """One self-signed root that issues everything."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _name("测试根证书")
        self._certificate = self._issue(self._name, self._key.public_key(), is_authority=True)

    @property
    def root(self) -> bytes:
        return self._certificate.public_bytes(Der)

    def signer(
        self,
        company: str = "南宁桂印科技有限公司",
        key: ec.EllipticCurvePrivateKey | None = None,
        extensions: Sequence[x509.ExtensionType] = (),
    ) -> FakeSigner:
        key = key or ec.generate_private_key(ec.SECP256R1())
        certificate = self._issue(_name(company), key.public_key(), extensions=extensions)
        return FakeSigner(certificate.public_bytes(Der), (self.root,), key)

    def timestamper(self, at: datetime):
        """A function from imprint to token whose clock stands at `at`."""
        key = rsa.generate_private_key(65537, 2048)  # the dummy knows no other kind
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        certificate = self._issue(_name("测试时间戳"), key.public_key(), extensions=[usage])
        store = SimpleCertificateStore()
        store.register(asn1_x509.Certificate.load(self.root))
        stamper = DummyTimeStamper(
            tsa_cert=asn1_x509.Certificate.load(certificate.public_bytes(Der)),
            tsa_key=asn1_keys.PrivateKeyInfo.load(
                key.private_bytes(
                    Der, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
                )
            ),
            certs_to_embed=store,
            fixed_dt=at,
        )

        def stamp(imprint: bytes) -> bytes:
            assert len(imprint) == sha256().digest_size
            _, request = stamper.request_cms(imprint, "sha256")
            return stamper.request_tsa_response(request)["time_stamp_token"].dump()

        return stamp

    def _issue(
        self,
        subject: x509.Name,
        public_key: ec.EllipticCurvePublicKey | rsa.RSAPublicKey,
        *,
        is_authority: bool = False,
        extensions: Sequence[x509.ExtensionType] = (),
    ) -> x509.Certificate:
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(public_key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(BEGIN)
            .not_valid_after(END)
            .add_extension(x509.BasicConstraints(is_authority, None), critical=True)
            .add_extension(_key_usage(is_authority=is_authority), critical=True)
        )
        for extension in extensions:
            critical = isinstance(extension, x509.ExtendedKeyUsage)
            builder = builder.add_extension(extension, critical=critical)
        return builder.sign(self._key, hashes.SHA256())


def fetch_from(url: str) -> list[x509.ExtensionType]:
    """Extensions that tell a verifier to fetch a revocation list, a status and an issuer."""
    address = [x509.UniformResourceIdentifier(url)]
    points = [x509.DistributionPoint(address, None, None, None)]
    access = (AuthorityInformationAccessOID.OCSP, AuthorityInformationAccessOID.CA_ISSUERS)
    return [
        x509.CRLDistributionPoints(points),
        x509.AuthorityInformationAccess(
            [x509.AccessDescription(method, address[0]) for method in access]
        ),
    ]


def _name(common_name: str) -> x509.Name:
    pairs = ((NameOID.COUNTRY_NAME, "CN"), (NameOID.COMMON_NAME, common_name))
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in pairs])


def _key_usage(*, is_authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not is_authority,
        content_commitment=not is_authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        encipher_only=False,
        decipher_only=False,
    )
