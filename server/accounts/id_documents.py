"""Documents that say who somebody is: their kinds, the form of their numbers (F-07, Settled 11)."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from stdnum.cn import ric

from server.accounts.errors import BadIdNumber, UnknownDocumentType
from server.core.ids import fingerprint
from server.providers.keys import Keys


@dataclass(frozen=True)
class DocumentType:
    """`names` in Chinese and English; `is_valid` judges a number that is already tidy."""

    code: str
    names: tuple[str, str]
    is_valid: Callable[[str], bool]


def _of_form(pattern: str) -> Callable[[str], bool]:
    form = re.compile(pattern, re.ASCII)
    return lambda number: form.fullmatch(number) is not None


# The permanent residence card has 15 characters, and 18 like a resident's in its form of 2023.
DOCUMENT_TYPES: tuple[DocumentType, ...] = (
    DocumentType("resident_id", ("居民身份证", "Resident identity card"), ric.is_valid),
    DocumentType(
        "hk_macao_permit",
        ("港澳居民来往内地通行证", "Mainland travel permit for Hong Kong and Macao residents"),
        _of_form(r"[HM]\d{8}(\d{2})?"),
    ),
    DocumentType(
        "taiwan_permit",
        ("台湾居民来往大陆通行证", "Mainland travel permit for Taiwan residents"),
        _of_form(r"\d{8}(\d{2})?"),
    ),
    DocumentType(
        "permanent_resident_card",
        ("外国人永久居留身份证", "Foreign permanent resident identity card"),
        _of_form(r"[A-Z]{3}\d{12}|9\d{16}[\dX]"),
    ),
)
_BY_CODE = {document.code: document for document in DOCUMENT_TYPES}


@dataclass(frozen=True)
class IdDocument:
    """One document: its type and its number, tidied and of the right form."""

    type: str
    number: str

    def __repr__(self) -> str:
        return f"IdDocument({self.type}, {mask_id_number(self.number)})"


def read_document(type_code: str, text: str) -> IdDocument:
    """` 45010319850612301x ` → the document; raises UnknownDocumentType, BadIdNumber."""
    kind = _BY_CODE.get(type_code)
    if kind is None:
        raise UnknownDocumentType(types=sorted(_BY_CODE))
    number = "".join(text.split()).upper()
    if not number.isascii() or not kind.is_valid(number):
        raise BadIdNumber()
    return IdDocument(type_code, number)


def read_number(text: str) -> IdDocument:
    """A number without its type, which its form tells: no two types have one in common but the
    residents' and the permanent residents', of which the former come first. BadIdNumber.
    """
    number = "".join(text.split()).upper()
    for kind in DOCUMENT_TYPES:
        if number.isascii() and kind.is_valid(number):
            return IdDocument(kind.code, number)
    raise BadIdNumber()


def document_index(keys: Keys, document: IdDocument) -> str:
    """The keyed digest under which a person is found by his document."""
    bucket = f"documents {fingerprint(document.number)[:4]}"
    return keys.hmac("id_number_index", bucket, f"{document.type} {document.number}".encode()).hex()


def seal_number(keys: Keys, account_id: str, document: IdDocument) -> bytes:
    """A number as the row of `account_id` keeps it."""
    return keys.wrap("id_number", account_id, document.number.encode())


def open_number(keys: Keys, account_id: str, sealed: bytes) -> str:
    """The number that `seal_number` closed for the same row."""
    return keys.unwrap("id_number", account_id, sealed).decode()


def mask_id_number(number: str) -> str:
    """`450103198506123011` → `4501**********3011`."""
    return number[:4] + "*" * max(0, len(number) - 8) + number[-4:] if len(number) >= 8 else "****"
