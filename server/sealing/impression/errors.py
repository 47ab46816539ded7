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
