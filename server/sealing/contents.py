"""One look at every object of a PDF: scripts, actions, hidden layers, fonts, signatures."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pikepdf

from server.sealing.errors import PdfTooComplex

REFUSED_ACTIONS = frozenset(
    {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/ResetForm", "/Hide"}
    | {"/SetOCGState", "/Rendition", "/Movie", "/Sound", "/RichMediaExecute", "/GoTo3DView"}
)
REFUSED_ANNOTATIONS = frozenset({"/RichMedia", "/Movie", "/Sound", "/Screen", "/3D"})
# Objects are searched as text first, because that is done in C++; only those that match are
# looked at one by one. qpdf writes names without #xx, so no spelling slips through, and a name
# kept as an object of its own (5 0 R) is looked at too.
TELLING = re.compile(
    rf"/(?:S|Subtype) (?:{'|'.join(REFUSED_ACTIONS | REFUSED_ANNOTATIONS)}|\d+ \d+ R)\b"
    r"|/(?:JS|BaseFont|EmbeddedFiles|EF|ByteRange|XFA|TransformMethod|Lock)\b".encode()
)
FONT_KINDS = frozenset({"/Type1", "/MMType1", "/TrueType", "/CIDFontType0", "/CIDFontType2"})
FONT_FILES = ("/FontFile", "/FontFile2", "/FontFile3")
DEEPEST_NEST = 100


@dataclass
class Findings:
    """What was found; names without their slash. A `faulty_form` is one to be written anew."""

    actions: set[str] = field(default_factory=set)
    unembedded_fonts: set[str] = field(default_factory=set)
    hidden_layers: bool = False
    embedded_files: bool = False
    form_fields: bool = False
    faulty_form: bool = False
    signed: bool = False
    locked: bool = False
    xfa: bool = False


def look_through(pdf: pikepdf.Pdf) -> Findings:
    """Look at every object, reachable or not. Raises PdfTooComplex for absurd nesting."""
    findings = Findings()
    for entry in pdf.objects:
        item = entry.stream_dict if isinstance(entry, pikepdf.Stream) else entry
        if isinstance(item, pikepdf.Dictionary | pikepdf.Array) and TELLING.search(
            item.unparse(resolved=True)
        ):
            for dictionary in _dictionaries(item, 0):
                for look in LOOKS:
                    look(findings, dictionary)
    _look_at_layers(findings, pdf.Root)
    _look_at_form(findings, pdf.Root)
    return findings


def _dictionaries(item: Any, depth: int) -> Iterator[pikepdf.Object]:
    """The dictionary itself and those written directly inside it."""
    if depth > DEEPEST_NEST:
        raise PdfTooComplex
    if isinstance(item, pikepdf.Dictionary):
        yield item
        children: Any = (item.get(key) for key in item.keys())  # noqa: SIM118 (no __iter__ on it)
    else:
        children = iter(item)
    for child in children:
        is_container = isinstance(child, pikepdf.Dictionary | pikepdf.Array)
        if is_container and not child.is_indirect:
            yield from _dictionaries(child, depth + 1)


def _look_at_action(findings: Findings, item: pikepdf.Object) -> None:
    kind = _name(item, "/S")
    if kind in REFUSED_ACTIONS:
        findings.actions.add(kind[1:])
    if "/JS" in item:
        findings.actions.add("JavaScript")
    if _name(item, "/Subtype") in REFUSED_ANNOTATIONS and "/Rect" in item:
        findings.actions.add(_name(item, "/Subtype")[1:])


def _look_at_font(findings: Findings, item: pikepdf.Object) -> None:
    if _name(item, "/Subtype") not in FONT_KINDS or "/BaseFont" not in item:
        return
    descriptor = item.get("/FontDescriptor")
    if not isinstance(descriptor, pikepdf.Dictionary) or not any(
        key in descriptor for key in FONT_FILES
    ):
        findings.unembedded_fonts.add(_name(item, "/BaseFont")[1:])


def _look_at_files(findings: Findings, item: pikepdf.Object) -> None:
    if "/EmbeddedFiles" in item or "/EF" in item:
        findings.embedded_files = True


def _look_at_signature(findings: Findings, item: pikepdf.Object) -> None:
    if "/ByteRange" in item:
        findings.signed = True
    if "/XFA" in item:
        findings.xfa = True
    findings.locked |= _locks(_name(item, "/TransformMethod"), item.get("/TransformParams"))
    lock = item.get("/Lock")
    if isinstance(lock, pikepdf.Dictionary) and "/V" in item:
        findings.locked |= _number(lock, "/P") == 1 or _name(lock, "/Action") in LOCK_NEW_FIELDS


LOOKS: tuple[Callable[[Findings, pikepdf.Object], None], ...] = (
    _look_at_action,
    _look_at_font,
    _look_at_files,
    _look_at_signature,
)
# /Include names the fields that it locks; the other two lock every field that comes later.
LOCK_NEW_FIELDS = frozenset({"/All", "/Exclude"})


def _locks(method: str, parameters: Any) -> bool:
    # Whatever a certification allows besides, a new field on a page is not among it.
    if method == "/DocMDP":
        return True
    return method == "/FieldMDP" and _name(parameters, "/Action") in LOCK_NEW_FIELDS


def _look_at_layers(findings: Findings, root: pikepdf.Object) -> None:
    """Layers that are off, or that differ between screen and paper, hide something."""
    layers = root.get("/OCProperties")
    if not isinstance(layers, pikepdf.Dictionary):
        return
    default = layers.get("/D")
    if isinstance(default, pikepdf.Dictionary):
        findings.hidden_layers = (
            bool(default.get("/OFF"))
            or bool(default.get("/AS"))
            or _name(default, "/BaseState") not in ("", "/ON")
        )


def _look_at_form(findings: Findings, root: pikepdf.Object) -> None:
    form = root.get("/AcroForm")
    fields = form.get("/Fields") if isinstance(form, pikepdf.Dictionary) else None
    if not isinstance(fields, pikepdf.Array):
        return
    for item in fields:
        is_signature = _name(item, "/FT") == "/Sig"
        findings.form_fields |= not is_signature
        # An empty signature field may point at the number that our signature will get.
        findings.faulty_form |= not item.is_indirect or (is_signature and "/V" not in item)


def _name(item: Any, key: str) -> str:
    value = item.get(key) if isinstance(item, pikepdf.Dictionary) else None
    return str(value) if isinstance(value, pikepdf.Name) else ""


def _number(item: pikepdf.Object, key: str, default: int = 0) -> int:
    value = item.get(key, default)
    return int(value) if isinstance(value, int | float) else default
