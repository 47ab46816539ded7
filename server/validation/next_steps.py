"""What somebody may do who reads that a check was not passed; Chinese and English."""

from typing import Final

from server.validation.sentences import Words

ORIGINAL: Final[Words] = (
    "请向文件提供者索取未经改动的原文件，再重新验证。",
    "Ask for the file as it was sealed, and verify that.",
)
SEAL_AGAIN: Final[Words] = ("请联系签章人重新签章。", "Ask the signer to seal the file again.")
DOUBT: Final[Words] = (
    "请勿依据本文件办理业务，并向签章人核实。",
    "Do not act on this file; ask its signer.",
)
AUTHORITY: Final[Words] = (
    "请向印章或证书的签发机构核实；如平台应当信任该机构，请联系平台。",
    "Ask the authority itself; if we should trust it, tell us.",
)
LATER: Final[Words] = (
    "请稍后重新验证，或向证书签发机构查询。",
    "Verify it again later, or ask the authority.",
)
WHOLE_FILE: Final[Words] = (
    "如需验证原文，请上传带有印章的 PDF 文件。",
    "To have the document checked too, send the sealed PDF.",
)
NOTHING: Final[Words] = ("无需处理。", "Nothing needs to be done.")
