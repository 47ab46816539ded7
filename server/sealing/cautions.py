"""What a person should know of a PDF before sealing it, in sentences."""

from dataclasses import dataclass, field

from server.sealing.contents import Findings

SENTENCES: dict[str, tuple[str, str]] = {
    "repaired": (
        "文件结构不规范，系统已自动修复；请核对修复后的内容。",
        "The file was not well formed and has been repaired; please check what is shown.",
    ),
    "unembedded_font": (
        "文件使用了未嵌入的字体，在其他设备上显示可能不同。",
        "The file uses fonts that it does not carry; other devices may show it differently.",
    ),
    "hidden_layers": (
        "文件含有隐藏的图层，不同软件显示的内容可能不同。",
        "The file has hidden layers; other programs may show other content.",
    ),
    "embedded_files": (
        "文件带有附件，附件内容不会显示在页面上。",
        "The file carries attachments, which are not shown on its pages.",
    ),
    "form_fields": (
        "文件含有可填写的表单，签章后再填写会使签章显示为已改动。",
        "The file has a form; filling it in after sealing counts as a change.",
    ),
}


@dataclass(frozen=True)
class Caution:
    """A stable code with its sentences (Chinese, English); `details` may name what it is about."""

    code: str
    message: tuple[str, str]
    details: tuple[str, ...] = field(default=())


def cautions_of(findings: Findings, *, repaired: bool) -> tuple[Caution, ...]:
    """The warnings that follow from what was found, in the order of SENTENCES."""
    present = {
        "repaired": repaired,
        "unembedded_font": bool(findings.unembedded_fonts),
        "hidden_layers": findings.hidden_layers,
        "embedded_files": findings.embedded_files,
        "form_fields": findings.form_fields,
    }
    details = {"unembedded_font": tuple(sorted(findings.unembedded_fonts))}
    return tuple(
        Caution(code, sentence, details.get(code, ()))
        for code, sentence in SENTENCES.items()
        if present[code]
    )
