"""SM2 signatures in plain Python, slowly, straight from GB/T 32918.2-2016; only tests use it."""

from dataclasses import dataclass

from cryptography.hazmat.primitives.hashes import SM3, Hash

P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
A = P - 3
B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
G = (
    0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
    0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0,
)
Point = tuple[int, int] | None


@dataclass(frozen=True)
class Pair:
    r: int
    s: int


def sm3(*parts: bytes) -> bytes:
    digest = Hash(SM3())
    for part in parts:
        digest.update(part)
    return digest.finalize()


def add(one: Point, two: Point) -> Point:
    if one is None or two is None:
        return one or two
    (x1, y1), (x2, y2) = one, two
    if x1 == x2 and (y1 + y2) % P == 0:
        return None
    if one == two:
        slope = (3 * x1 * x1 + A) * pow(2 * y1, -1, P)
    else:
        slope = (y2 - y1) * pow(x2 - x1, -1, P)
    x3 = (slope * slope - x1 - x2) % P
    return x3, (slope * (x1 - x3) - y1) % P


def times(k: int, point: Point) -> Point:
    found: Point = None
    while k:
        if k & 1:
            found = add(found, point)
        point, k = add(point, point), k >> 1
    return found


def digest_of(message: bytes, public: Point, signer_id: bytes) -> int:
    """e: SM3 over Z and the message (5.5 and 6.1, steps A1 and A2)."""
    assert public is not None
    length = (len(signer_id) * 8).to_bytes(2, "big")
    curve = b"".join(number.to_bytes(32, "big") for number in (A, B, *G, *public))
    return int.from_bytes(sm3(sm3(length, signer_id, curve), message), "big")


def sign(message: bytes, private: int, k: int, signer_id: bytes) -> Pair:
    """With the random number `k` given, so that a vector can be followed."""
    e = digest_of(message, times(private, G), signer_id)
    spot = times(k, G)
    assert spot is not None
    r = (e + spot[0]) % N
    return Pair(r, pow(1 + private, -1, N) * (k - r * private) % N)


def verify(message: bytes, pair: Pair, public: Point, signer_id: bytes) -> bool:
    if not (0 < pair.r < N and 0 < pair.s < N and (t := (pair.r + pair.s) % N)):
        return False
    spot = add(times(pair.s, G), times(t, public))
    e = digest_of(message, public, signer_id)
    return spot is not None and (e + spot[0]) % N == pair.r
