"""What a seal would look like, crossed out for the eyes only, before it is made (P-47, P-49)."""

from functools import lru_cache

from server.enterprises.models import Enterprise
from server.sealing import impression
from server.seals.models import KIND_NAMES, SealKind
from server.seals.service import NewSeal, draw
from server.web.words import either

# Fine enough for a card on a phone; the seal itself is drawn for print.
DPI = 120
KEPT = 256
LETTERINGS = {"song": ("宋体", "Song"), "hei": ("黑体", "Hei")}
# What each kind is called in English, and what it is for.
KINDS = {
    SealKind.COMPANY: ("Company seal", ("代表企业的法定名称", "The company by its full name")),
    SealKind.CONTRACT: ("Contract seal", ("用于签订合同", "For contracts")),
    SealKind.FINANCE: ("Finance seal", ("用于财务往来和票据", "For accounts and payments")),
    SealKind.INVOICE: ("Invoice seal", ("用于开具发票", "For invoices")),
    SealKind.LEGAL_REPRESENTATIVE: (
        "Legal representative's seal",
        ("法定代表人的名章", "The name of the legal representative"),
    ),
    SealKind.SQUARE: ("Square name seal", ("您的姓名，方形名章", "Your name in a square")),
    SealKind.HANDWRITTEN: ("Handwritten seal", ("您亲手书写的签名", "Your name in your own hand")),
}


def kind_name(kind: SealKind) -> str:
    """The kind in the reader's language."""
    return either((KIND_NAMES[kind], KINDS[kind][0]))


def about(kind: SealKind) -> str:
    """What a kind of seal is for, in the reader's language."""
    return either(KINDS[kind][1])


def letterings(text: str) -> list[tuple[str, str]]:
    """The letterings that can show every character of a text, with their words."""
    return [(font, either(LETTERINGS[font])) for font in impression.fonts_for(text)]


def of_company(enterprise: Enterprise, kind: SealKind) -> NewSeal:
    """The words on one of a company's five seals (F-19); its number comes when it is made."""
    of_person = kind == SealKind.LEGAL_REPRESENTATIVE
    text = enterprise.representative_name if of_person else enterprise.name
    return NewSeal(kind, KIND_NAMES[kind], text, "", code=enterprise.code)


def square(name: str, font: str) -> NewSeal:
    """The words on a person's square seal, in a lettering of his choice (F-25)."""
    return NewSeal(SealKind.SQUARE, KIND_NAMES[SealKind.SQUARE], name, "", font=font)


@lru_cache(maxsize=KEPT)
def picture(seal: NewSeal) -> bytes:
    """A watermarked PNG; the same one is drawn once. Raises MissingGlyph naming the characters,
    ImpressionTextInvalid."""
    return impression.watermarked(draw(seal)).png(DPI)


def undrawable(text: str) -> list[str]:
    """The characters of a text that no font has; they block the application (F-19)."""
    return [one for one in dict.fromkeys(text) if not impression.fonts_for(one)]
