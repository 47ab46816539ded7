"""Certificates: a root, an issuing authority below it, and the end entities that it signs for."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import x25519
from cryptography.x509.oid import AuthorityInformationAccessOID as AiaOid
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from server.core.errors import Invalid
from server.pki.issuer_keys import IssuerKey, sign_certificate, start_certificate
from server.pki.subject_keys import SubjectKey, identifier, load_subject_key, public_key_of

# 2.999 is the arc that ITU-T X.660 keeps for examples: it stands here until a real one is given.
CERTIFICATE_POLICY = x509.ObjectIdentifier("2.999.4501.2")
COMMON_NAME_BYTES = 64
_PRINTABLE = re.compile(r"[A-Za-z0-9 '()+,./:=?-]{1,64}")

_Extension = tuple[x509.ExtensionType, bool]


class BadSubject(Invalid):
    """A subject needs a name, and a number in PrintableString's characters."""

    code = "bad_certificate_subject"
    message = ("证书主体信息有误。", "The subject of the certificate is not valid.")
    next_step = ("请核对名称和编号。", "Please check the name and the number.")


@dataclass(frozen=True)
class Period:
    """From `starts` to `ends`, aware datetimes, both included, whole seconds."""

    starts: datetime
    ends: datetime

    def within(self, certificate: x509.Certificate) -> bool:
        """Whether this is a period at all, and ends no later than its issuer does."""
        return self.starts < self.ends <= certificate.not_valid_after_utc


@dataclass(frozen=True)
class Subject:
    """Who a certificate speaks for; build it with `of_company` or `of_person`."""

    name: str
    number: str
    organization: bool

    def __post_init__(self) -> None:
        if not self.name.strip() or not _PRINTABLE.fullmatch(self.number):
            raise BadSubject

    @classmethod
    def of_company(cls, name: str, code: str) -> Self:
        """A company by its full name and unified social credit code."""
        return cls(name, code, organization=True)

    @classmethod
    def of_person(cls, name: str, account_id: str) -> Self:
        """A person by name and an opaque account id: an ID number never enters a certificate."""
        return cls(name, account_id, organization=False)

    def distinguished_name(self) -> x509.Name:
        """C, O and organizationIdentifier (companies; ETSI EN 319 412-1 5.1.4), CN, number."""
        company = [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, self.name),
            x509.NameAttribute(NameOID.ORGANIZATION_IDENTIFIER, f"NTRCN-{self.number}"),
        ]
        return x509.Name(
            [
                x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
                *(company if self.organization else ()),
                x509.NameAttribute(NameOID.COMMON_NAME, _shortened(self.name)),
                x509.NameAttribute(NameOID.SERIAL_NUMBER, self.number),
            ]
        )


@dataclass(frozen=True)
class Addresses:
    """Where a reader of a certificate finds the CRL, the OCSP responder and the issuer."""

    crl: str
    ocsp: str
    issuer: str


@dataclass(frozen=True)
class Authority:
    """A key that signs certificates, and its own certificate."""

    key: IssuerKey
    certificate: x509.Certificate

    def issue(
        self, subject: Subject, public_key: bytes, period: Period, addresses: Addresses
    ) -> x509.Certificate:
        """A certificate for a company or person; `public_key` is a SubjectPublicKeyInfo in DER.

        Raises UnsupportedKey, also for an SM2 key from another authority than SM2's, and the other
        way round. The caller sees to `period.within(authority.certificate)`.
        """
        key = load_subject_key(public_key)
        return self._issue(subject.distinguished_name(), key, period, addresses)

    def _issue(
        self, subject: x509.Name, key: SubjectKey, period: Period, addresses: Addresses
    ) -> x509.Certificate:
        extensions = [
            (x509.BasicConstraints(ca=False, path_length=None), True),
            (_usage_of(key), True),
            (x509.CertificatePolicies([x509.PolicyInformation(CERTIFICATE_POLICY, None)]), False),
            *_pointers(addresses),
        ]
        return self._sign(subject, key, period, extensions)

    def renew(
        self, certificate: x509.Certificate, period: Period, addresses: Addresses
    ) -> x509.Certificate:
        """The same subject and key for another period."""
        key = load_subject_key(public_key_of(certificate))
        return self._issue(certificate.subject, key, period, addresses)

    def issue_issuing(self, name: str, key: SubjectKey, period: Period) -> x509.Certificate:
        """A certificate for an authority below this one, which may sign end entities only."""
        return self._sign(_authority_name(name), key, period, _authority_extensions(path_length=0))

    def issue_ocsp_responder(self, name: str, key: SubjectKey, period: Period) -> x509.Certificate:
        """A delegated OCSP responder (RFC 6960 4.2.2.2), which is not itself asked about."""
        extensions = _service(ExtendedKeyUsageOID.OCSP_SIGNING, critical=False)
        extensions.append((x509.OCSPNoCheck(), False))
        return self._sign(_authority_name(name), key, period, extensions)

    def issue_timestamper(self, name: str, key: SubjectKey, period: Period) -> x509.Certificate:
        """A time-stamp signer: one purpose, marked critical (RFC 3161 2.3)."""
        extensions = _service(ExtendedKeyUsageOID.TIME_STAMPING, critical=True)
        return self._sign(_authority_name(name), key, period, extensions)

    def issue_seal_maker(self, name: str, key: SubjectKey, period: Period) -> x509.Certificate:
        """A maker of electronic seals, whose key signs and does nothing else."""
        extensions = [
            (x509.BasicConstraints(ca=False, path_length=None), True),
            (_usage("digital_signature", "content_commitment"), True),
        ]
        return self._sign(_authority_name(name), key, period, extensions)

    def key_identifier(self) -> x509.AuthorityKeyIdentifier:
        """How what this authority signs points at its key."""
        own = identifier(self.key.public_key())
        return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(own)

    def _sign(
        self,
        subject: x509.Name,
        key: SubjectKey,
        period: Period,
        extensions: Iterable[_Extension],
    ) -> x509.Certificate:
        builder = _builder(subject, key, period).issuer_name(self.certificate.subject)
        for extension, critical in (*extensions, (self.key_identifier(), False)):
            builder = builder.add_extension(extension, critical)
        return sign_certificate(builder, key, self.key)


def create_root(name: str, key: IssuerKey, period: Period) -> Authority:
    """A self-signed authority that may have one authority below it."""
    subject = _authority_name(name)
    public = key.public_key()
    builder = _builder(subject, public, period).issuer_name(subject)
    for extension, critical in _authority_extensions(path_length=1):
        builder = builder.add_extension(extension, critical)
    return Authority(key, sign_certificate(builder, public, key))


def serial_hex(certificate: x509.Certificate) -> str:
    """The serial number as it is written everywhere: lower-case hex without prefix."""
    return f"{certificate.serial_number:x}"


def _builder(subject: x509.Name, key: SubjectKey, period: Period) -> x509.CertificateBuilder:
    return (
        start_certificate(key)
        .subject_name(subject)
        .serial_number(x509.random_serial_number())
        .not_valid_before(period.starts)
        .not_valid_after(period.ends)
        .add_extension(identifier(key), critical=False)
    )


def _authority_name(name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Guiyin"),
            x509.NameAttribute(NameOID.COMMON_NAME, _shortened(name)),
        ]
    )


def _shortened(name: str) -> str:
    # X.520 allows a common name 64 characters, but common readers count 64 bytes of UTF-8 and warn
    # or refuse; a company's full name stands in O, which has no such limit.
    return name.encode()[:COMMON_NAME_BYTES].decode(errors="ignore")


def _usage(*names: str) -> x509.KeyUsage:
    every = (
        "digital_signature", "content_commitment", "key_encipherment", "data_encipherment",
        "key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
    )  # fmt: skip
    return x509.KeyUsage(**{name: name in names for name in every})


def _usage_of(key: SubjectKey) -> x509.KeyUsage:
    if isinstance(key, x25519.X25519PublicKey):
        return _usage("key_agreement")
    return _usage("digital_signature", "content_commitment")


def _authority_extensions(*, path_length: int) -> list[_Extension]:
    return [
        (x509.BasicConstraints(ca=True, path_length=path_length), True),
        (_usage("key_cert_sign", "crl_sign"), True),
    ]


def _service(purpose: x509.ObjectIdentifier, *, critical: bool) -> list[_Extension]:
    return [
        (x509.BasicConstraints(ca=False, path_length=None), True),
        (_usage("digital_signature"), True),
        (x509.ExtendedKeyUsage([purpose]), critical),
    ]


def _pointers(addresses: Addresses) -> list[_Extension]:
    def access(method: x509.ObjectIdentifier, address: str) -> x509.AccessDescription:
        return x509.AccessDescription(method, x509.UniformResourceIdentifier(address))

    return [
        (
            x509.AuthorityInformationAccess(
                [access(AiaOid.OCSP, addresses.ocsp), access(AiaOid.CA_ISSUERS, addresses.issuer)]
            ),
            False,
        ),
        (
            x509.CRLDistributionPoints(
                [
                    x509.DistributionPoint(
                        [x509.UniformResourceIdentifier(addresses.crl)], None, None, None
                    )
                ]
            ),
            False,
        ),
    ]
