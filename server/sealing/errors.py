"""What can be wrong with a foreign PDF, with a placement, or with a sealing."""

from server.core.errors import Conflict, DomainError, Invalid

_SAVE_AGAIN = (
    "请用办公软件重新导出为 PDF 后再上传。",
    "Export it as a PDF again with your office software and upload that.",
)


class NotAPdf(Invalid):
    """The content is no PDF, whatever its name says."""

    code = "not_a_pdf"
    message = ("这不是 PDF 文件。", "This is not a PDF file.")
    next_step = ("请上传 PDF 格式的文件。", "Please upload a PDF file.")


class PdfDamaged(Invalid):
    """It begins as a PDF and cannot be read to the end, not even after a repair."""

    code = "pdf_damaged"
    message = ("PDF 文件已损坏，无法读取。", "The PDF is damaged and cannot be read.")
    next_step = _SAVE_AGAIN


class PdfEncrypted(Invalid):
    """A password, or permissions set by one, protects the file."""

    code = "pdf_encrypted"
    message = ("PDF 文件已加密。", "The PDF is encrypted.")
    next_step = (
        "请取消密码和权限限制后再上传。",
        "Remove the password and the restrictions, then upload it again.",
    )


class PdfUnsupportedEncryption(Invalid):
    """The file is encrypted by a method that we do not know."""

    code = "pdf_unsupported_encryption"
    message = ("PDF 文件的加密方式不受支持。", "The PDF is encrypted by an unknown method.")
    next_step = PdfEncrypted.next_step


class PdfNoPages(Invalid):
    """There is no page to seal."""

    code = "pdf_no_pages"
    message = ("PDF 文件没有页面。", "The PDF has no pages.")
    next_step = _SAVE_AGAIN


class PdfLocked(Invalid):
    """An earlier signature forbids new signature fields: it certifies, or locks all fields."""

    code = "pdf_locked"
    message = (
        "该文件已有的签名不允许再加盖印章。",
        "A signature in this file forbids further seals.",
    )
    next_step = (
        "请上传签名前的原文件，或请原签名人允许再次签署。",
        "Upload the file as it was before, or ask its signer to allow further signatures.",
    )


class PdfXfa(Invalid):
    """The file holds an XFA form, which readers draw differently or not at all."""

    code = "pdf_xfa"
    message = ("PDF 文件含有 XFA 动态表单。", "The PDF holds an XFA form.")
    next_step = (
        "请用打印为 PDF 的方式重新生成后再上传。",
        "Print it to a new PDF and upload that.",
    )


class PdfActiveContent(Invalid):
    """Scripts or actions in the file may change what a reader sees; details: kinds."""

    code = "pdf_active_content"
    message = (
        "PDF 文件含有脚本或会自动执行的动作。",
        "The PDF holds scripts or actions that may change what is shown.",
    )
    next_step = PdfXfa.next_step


class PdfTooComplex(Invalid):
    """The file used up the memory, the time or the patience that one file is given."""

    code = "pdf_too_complex"
    message = ("PDF 文件过于复杂，无法处理。", "The PDF is too complex to be processed.")
    next_step = PdfXfa.next_step


class PageOutside(Invalid):
    """A seal lies on a page that the file does not have; details: page, pages."""

    code = "page_outside"
    message = ("所选页面不在文件中。", "The file has no such page.")
    next_step = ("请刷新页面后重新放置印章。", "Reload the page and place the seal again.")


class SealOffPage(Invalid):
    """A seal hangs over the edge of its page; details: page, seal_id."""

    code = "seal_off_page"
    message = ("印章超出了页面范围。", "A seal lies outside its page.")
    next_step = ("请把印章移到页面之内。", "Move the seal inside the page.")


class PageWithoutSeal(Invalid):
    """The rule asks for a seal on every page (F-41); details: pages, those without."""

    code = "page_without_seal"
    message = ("有页面未加盖印章。", "Some pages carry no seal.")
    next_step = ("请在每一页上加盖印章。", "Place a seal on every page.")


class TooManySeals(Invalid):
    """More seals than a file of this length may carry; details: limit."""

    code = "too_many_seals"
    message = ("印章数量过多。", "Too many seals.")
    next_step = ("请删去多余的印章。", "Remove some of them.")


class NothingPlaced(Invalid):
    """No seal was placed at all."""

    code = "nothing_placed"
    message = ("尚未放置印章。", "No seal was placed.")
    next_step = ("请把印章拖到页面上。", "Drag a seal onto the page.")


class ForeignSeal(Invalid):
    """A seal that this signer may not use, or that does not exist; details: seal_id."""

    code = "foreign_seal"
    message = ("不能使用该印章。", "This seal cannot be used.")
    next_step = ("请从您的印章中选择。", "Choose one of your own seals.")


class StraddleNeedsPages(Invalid):
    """Too few pages to lay one seal across; details: least."""

    code = "straddle_needs_pages"
    message = ("页数太少，不能加盖骑缝章。", "Too few pages for a seal across their edges.")
    next_step = (
        "骑缝章至少需要 2 页，双面打印至少 4 页。请多选几页，或改用单页签章。",
        "It takes 2 pages, printed on both sides 4. Choose more pages or place a single seal.",
    )


class StraddleSealTooSmall(Invalid):
    """The seal is too small to be cut across this edge; details: seal_id, least_mm."""

    code = "straddle_seal_too_small"
    message = ("印章太小，不能沿这条边切分。", "The seal is too small to be cut at this edge.")
    next_step = (
        "请换一条边，或选择其他印章。",
        "Choose another edge or another seal.",
    )


class FieldNameTaken(Conflict):
    """A field of that name is in the file already; details: name."""

    code = "field_name_taken"
    message = ("文件中已有同名的签名域。", "The file has a field of that name already.")
    next_step = ("请重新发起签署。", "Please start the signing again.")


class SlotTooSmall(DomainError):
    """The signature does not fit into the room kept for it; details: needed (bytes of DER)."""

    code = "slot_too_small"
    message = ("签名数据超出预留空间。", "The signature does not fit into its room.")


class SealingBroken(DomainError):
    """The finished file failed our own check, so nothing was stored; details: reason."""

    code = "sealing_broken"
    message = ("签章结果校验未通过，文件未保存。", "The sealed file failed its check.")
    next_step = (
        "请稍后重试；如仍失败，请联系客服。",
        "Try again; if it fails again, ask for help.",
    )


class SealUnreadable(Invalid):
    """The bytes are no electronic seal of GB/T 38540 or GM/T 0031."""

    code = "seal_unreadable"
    message = ("电子印章数据格式有误。", "The electronic seal cannot be read.")
    next_step = (
        "请核对印章文件是否完整。",
        "Please check that the seal's file is complete.",
    )


class NotAPicture(Invalid):
    """The content is neither JPEG nor PNG, whatever its name says (F-22)."""

    code = "not_a_picture"
    message = ("仅支持 JPG/PNG 格式的图片。", "Only JPG and PNG pictures are taken.")
    next_step = ("请重新拍照或选择其他图片。", "Take another photo or choose another picture.")


class PictureDamaged(Invalid):
    """It begins as a picture and cannot be read to the end."""

    code = "picture_damaged"
    message = ("图片已损坏，无法读取。", "The picture is damaged and cannot be read.")
    next_step = NotAPicture.next_step


class PictureTooLarge(Invalid):
    """More than 25 million pixels; details: most_pixels."""

    code = "picture_too_large"
    message = ("图片的像素过多。", "The picture has too many pixels.")
    next_step = ("请降低拍照分辨率后重新上传。", "Take it at a lower resolution.")
