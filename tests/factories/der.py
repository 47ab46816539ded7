"""DER by hand, so that what a library reads was not written by the same library."""


def tlv(tag: int, *parts: bytes) -> bytes:
    content = b"".join(parts)
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def sequence(*parts: bytes) -> bytes:
    return tlv(0x30, *parts)


def integer(number: int) -> bytes:
    return tlv(0x02, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def octets(value: bytes) -> bytes:
    return tlv(0x04, value)


def bits(value: bytes) -> bytes:
    return tlv(0x03, b"\x00", value)


def utf8(text: str) -> bytes:
    return tlv(0x0C, text.encode())


def ia5(text: str) -> bytes:
    return tlv(0x16, text.encode())


def printable(text: str) -> bytes:
    return tlv(0x13, text.encode())


def generalized(text: str) -> bytes:
    return tlv(0x18, text.encode())


def utc(text: str) -> bytes:
    return tlv(0x17, text.encode())


SM2_WITH_SM3 = bytes.fromhex("06082a811ccf55018375")
EXTENSION = sequence(tlv(0x06, b"\x2a\x03\x04"), b"\x01\x01\x00", octets(b"x"))  # critical FALSE
EXTENSIONS = tlv(0xA0, sequence(EXTENSION))
