"""Why an impression cannot be drawn."""

from server.core.errors import Invalid


class MissingGlyph(Invalid):
    """A character has a shape in none of the fonts; details: `characters`, in order of the text.

    It blocks the seal: a blank box in a seal would be a false name (frontend.md 3, "Rule").
    """

    code = "missing_glyph"
    message = (
        "名称中有字库暂不支持的字，无法生成印模。",
        "The name has a character that none of our fonts can draw.",
    )
    next_step = (
        "请核对所标出的字；确认无误的，请联系客服补充字形。",
        "Check the characters shown; if they are right, ask support to add them.",
    )


class ImpressionTextInvalid(Invalid):
    """A text does not fit its place on the seal; details: `field` and the bound it breaks."""

    code = "impression_text_invalid"
    message = (
        "印章上的文字长度或格式不符合要求。",
        "A text on the seal has the wrong length or form.",
    )
    next_step = (
        "请核对名称（字数）和印章编码（13 位数字）。",
        "Check the length of the name and the 13 digits of the number.",
    )


class SealKindNotDrawn(Invalid):
    """No drawing exists for this kind of seal; details: `kind`."""

    code = "seal_kind_not_drawn"
    message = ("暂不支持生成该类印章的印模。", "This kind of seal cannot be drawn yet.")
    next_step = ("请选择其他印章类型。", "Choose another kind of seal.")


class BadStrokes(Invalid):
    """What came from the handwriting pad is no signature; details: `reason`.

    The reason is `missing`, `unreadable` (not the form of the pad, or past its limits),
    `little_ink` or `much_ink`.
    """

    code = "bad_strokes"
    message = ("手写内容无法使用。", "What was written by hand cannot be used.")
    next_step = (
        "请清空后在手写区重新书写，字迹尽量大而完整。",
        "Clear the pad and write again, large and complete.",
    )


class PhotoUnreadable(Invalid):
    """The photo of a signature is no JPEG or PNG, is damaged, or has more than 25 Mpx."""

    code = "photo_unreadable"
    message = ("照片无法读取。", "The photo cannot be read.")
    next_step = (
        "请上传 JPG 或 PNG 格式、不超过 2500 万像素的照片。",
        "Upload a JPG or PNG of at most 25 megapixels.",
    )


class NoInkInPhoto(Invalid):
    """Nothing in the photo looks like writing on paper."""

    code = "no_ink_in_photo"
    message = ("照片中没有找到手写的名字。", "No writing was found in the photo.")
    next_step = (
        "请用深色笔在白纸上写大一些，光线充足时重新拍照。",
        "Write larger, with a dark pen on white paper, and take it again in good light.",
    )


class TooMuchInkInPhoto(Invalid):
    """The photo shows a page of print, a scene, or something dark all over."""

    code = "too_much_ink_in_photo"
    message = ("照片中除手写名字外还有太多内容。", "The photo shows too much besides a name.")
    next_step = (
        "请在空白的纸上只写名字，让纸占满画面后重新拍照。",
        "Write only the name on blank paper, fill the frame with it and take it again.",
    )
