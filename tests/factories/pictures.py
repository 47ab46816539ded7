"""Photos as phones make them, and files that only pretend to be some."""

import io
import struct
import zlib

from PIL import Image, PngImagePlugin

PAYLOAD = b"<script>alert(document.cookie)</script>"
GPS_PLACE = b"Nanning secret place"


def photo(kind: str = "JPEG", size: tuple[int, int] = (400, 300), mode: str = "RGB") -> bytes:
    """A picture whose left half is dark and whose right half is light."""
    picture = Image.new("RGB", size, "white")
    picture.paste("black", (0, 0, size[0] // 2, size[1]))
    return _saved(picture.convert(mode), kind)


def sideways() -> bytes:
    """A photo taken with the phone on its side: EXIF says to turn it, where it was taken, and what
    for."""
    picture = Image.open(io.BytesIO(photo()))
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90 degrees, clockwise
    exif[0x010E] = GPS_PLACE.decode()
    exif.get_ifd(0x8825)[29] = "2026:11:21"  # GPSDateStamp
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif, comment=GPS_PLACE)
    return out.getvalue()


def with_text() -> bytes:
    """A PNG with a script in a chunk of text and another behind its end."""
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", PAYLOAD.decode())
    out = io.BytesIO()
    Image.open(io.BytesIO(photo("PNG"))).save(out, "PNG", pnginfo=notes)
    return out.getvalue() + PAYLOAD


def animated() -> bytes:
    """An APNG of a dark and a light frame."""
    frames = [Image.new("RGB", (80, 60), colour) for colour in ("black", "white")]
    out = io.BytesIO()
    frames[0].save(out, "PNG", save_all=True, append_images=frames[1:], duration=100)
    return out.getvalue()


def see_through() -> bytes:
    """A PNG that is transparent on its right half."""
    picture = Image.new("RGBA", (400, 300), (0, 0, 0, 255))
    picture.paste((200, 0, 0, 0), (200, 0, 400, 300))
    return _saved(picture, "PNG")


def deep_grey() -> bytes:
    """A PNG of 16 bits of grey: a quarter as light as white."""
    return _saved(Image.new("I;16", (40, 30), 0x4000), "PNG")


def png_of(width: int, height: int) -> bytes:
    """A valid PNG of one bit for each pixel, which is small whatever its size."""
    row = b"\x00" + b"\x00" * ((width + 7) // 8)
    packer = zlib.compressobj(9)
    data = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    chunks = (b"IHDR", head), (b"IDAT", data), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*one) for one in chunks)


def of_size(length: int) -> bytes:
    """A whole JPEG of exactly so many bytes: a comment makes up for what is missing."""
    begun, rest = photo()[:2], photo()[2:]
    comments = b""
    while (left := length - len(begun) - len(comments) - len(rest)) > 0:
        body = min(left - 4, 60_000)
        if 0 < left - body - 4 < 4:
            body -= 4
        comments += b"\xff\xfe" + struct.pack(">H", body + 2) + b"x" * body
    return begun + comments + rest


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _saved(picture: Image.Image, kind: str) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind)
    return out.getvalue()
