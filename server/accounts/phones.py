"""Phone numbers: read, found again by a keyed digest, kept sealed."""

import phonenumbers

from server.accounts.errors import BadPhone
from server.core.ids import fingerprint
from server.providers.keys import Keys


def read_phone(text: str) -> str:
    """`+86 139-0771-0001` → `13907710001`; raises BadPhone."""
    try:
        number = phonenumbers.parse(text, "CN")
    except phonenumbers.NumberParseException:
        raise BadPhone() from None
    national = str(number.national_number)
    is_mobile = len(national) == 11 and national.startswith("1")
    if number.country_code != 86 or not is_mobile or not phonenumbers.is_valid_number(number):
        raise BadPhone()
    return national


def phone_index(keys: Keys, phone: str) -> str:
    """The keyed digest under which a phone is found."""
    return keys.hmac("phone_index", phone_bucket(phone), phone.encode()).hex()


def phone_bucket(phone: str) -> str:
    """Whose calls the key holder counts: one name for some 150,000 phones, so it tells nothing."""
    return f"phones {fingerprint(phone)[:4]}"


def seal_phone(keys: Keys, account_id: str, phone: str) -> bytes:
    """A phone as the row of `account_id` keeps it."""
    return keys.wrap("phone", account_id, phone.encode())


def open_phone(keys: Keys, account_id: str, sealed: bytes) -> str:
    """The phone that `seal_phone` closed for the same row."""
    return keys.unwrap("phone", account_id, sealed).decode()


def open_nothing(keys: Keys, index: str) -> None:
    """As much of the key holder's work as `open_phone`, where there is none to open (S-24)."""
    keys.hmac("nobody", index)
