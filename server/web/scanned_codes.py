"""What a phone brings from a page, a photo, a text or letters, and what its client says of it.

`launch_scene` and `scancode_time` are the client's own words. They can speak against a code; for it
they buy at most 20 s, by our own clock.
"""

from datetime import UTC, datetime
from typing import Annotated, Any, Self

from flask import request
from pydantic import Field, StringConstraints, ValidationError, model_validator

from qr_session import Resolved
from qr_session.errors import NotASigningCode
from server.accounts import typed_codes
from server.accounts.typed_codes import Typist
from server.core.errors import Invalid, TooLarge
from server.runtime import runtime
from server.sealing.qr_photo import read_qr
from server.web.bodies import Body
from server.web.identity import current_person

LARGEST_PHOTO = 10 * 1024 * 1024


class NoQrInPhoto(Invalid):
    """No QR code of ours was found in the picture."""

    code = "no_qr_in_photo"
    message = ("照片中没有识别到二维码。", "No QR code was found in the picture.")
    next_step = ("请对准二维码重新拍摄。", "Take the picture again, closer and sharper.")


class ScannedCode(Body):
    """Either `text` (our link or the bare token) or `user_code` (the letters of the page).

    `launch_scene`: the number by which WeChat says how it was opened. `scancode_time`: when the
    client scanned, in seconds since 1970; what is so dated may come up to 20 s late.
    """

    text: Annotated[str, StringConstraints(max_length=2000)] | None = None
    user_code: Annotated[str, StringConstraints(max_length=40)] | None = None
    launch_scene: Annotated[int, Field(ge=0, le=100_000)] | None = None
    scancode_time: Annotated[int, Field(ge=0, le=1 << 33)] | None = None

    @model_validator(mode="after")
    def _is_one_of_both(self) -> Self:
        if (self.text is None) == (self.user_code is None):
            raise ValueError("either text or user_code")
        return self

    @property
    def scanned_at(self) -> datetime | None:
        """When the client says that it scanned."""
        told = self.scancode_time
        return None if told is None else datetime.fromtimestamp(told, UTC)


def scanned_code() -> ScannedCode:
    """What this request brings; raises NotASigningCode, NoQrInPhoto, TooLarge.

    A photo that is not dated counts as taken now: whatever the date, 20 s after its frame it is
    stale.
    """
    if "photo" in request.files:
        now = int(runtime().clock.now().timestamp())
        return _read({"scancode_time": now, **request.form, "text": _text_of_photo()})
    return _read(request.get_json(silent=True))


def resolve(code: ScannedCode, *, holder: str) -> Resolved:
    """Judge it for the person who is logged in; `holder` is what the ticket will be bound to.

    Raises what `QrSessionService.resolve` or `typed_codes.resolve` raises.
    """
    parts, account = runtime(), current_person().account.id
    if code.user_code is not None:
        typist = Typist(account, holder, request.remote_addr or "")
        return typed_codes.resolve(parts.db, parts.qr_sessions, code.user_code, typist)
    return parts.qr_sessions.resolve(
        code.text or "",
        holder=holder,
        account=account,
        photo_taken_at=code.scanned_at,
        launch_scene=code.launch_scene,
    )


def _read(brought: Any) -> ScannedCode:
    try:
        return ScannedCode.model_validate(brought)
    except ValidationError:
        raise NotASigningCode from None


def _text_of_photo() -> str:
    photo = request.files["photo"].stream.read(LARGEST_PHOTO + 1)
    if len(photo) > LARGEST_PHOTO:
        raise TooLarge(limit=LARGEST_PHOTO)
    text = runtime().sandbox.run(read_qr, photo)
    if text is None:
        raise NoQrInPhoto()
    return text
