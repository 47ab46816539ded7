"""CPU of one impression of each kind, drawn and written as SVG and as PDF operators.

Run: python -m bench.impression. The fonts are loaded; `new` reads every outline from them, `known`
finds the outlines that an earlier seal has read.
"""

import statistics
import time
from collections.abc import Callable

from bench.figures import report
from server.sealing.impression import Design, Impression, cut_out, draw, read_strokes, warm
from server.sealing.impression import glyphs as outlines
from tests.factories.handwriting import a_name
from tests.factories.photo import a_photo

BOUND_MS, ROUNDS = 15.0, 25
NUMBER, CODE = "4501030012345", "91450100MA5K8Q2X13"
SHORT, LONG = "南宁桂印科技有限公司", "广西邕江现代农业科技产业发展投资有限公司"


def main() -> None:
    warm()
    for name, design in designs().items():
        outputs: dict[str, Callable[[Impression], object]] = {
            "SVG": Impression.svg,
            "PDF": Impression.pdf_operators,
        }
        for form, write in outputs.items():
            for glyphs, prepare in (("new", forget_outlines), ("known", lambda: None)):
                spent = cpu_ms(design, write, prepare)
                report(f"{name}, {form}, glyphs {glyphs} {spent:.1f} ms", spent / BOUND_MS, 1)


def designs() -> dict[str, Design]:
    """The seven kinds, a long name, and a handwritten seal from either source."""
    return {
        "company": Design("company", SHORT, NUMBER),
        "contract": Design("contract", SHORT, NUMBER),
        "contract, 20 characters": Design("contract", LONG, NUMBER),
        "finance": Design("finance", SHORT, NUMBER),
        "invoice": Design("invoice", SHORT, code=CODE),
        "legal representative": Design("legal_representative", "韦志远"),
        "square": Design("square", "欧阳鑫淼"),
        "handwritten, pad": Design("handwritten", "王小明", strokes=read_strokes(a_name())),
        "handwritten, photo": Design("handwritten", "王小明", picture=cut_out(a_photo())),
    }


def forget_outlines() -> None:
    outlines._glyph.cache_clear()


def cpu_ms(
    design: Design, write: Callable[[Impression], object], prepare: Callable[[], None]
) -> float:
    """Median CPU of drawing one seal and writing it once."""
    spent = []
    for _ in range(ROUNDS):
        prepare()
        begun = time.process_time()
        write(draw(design))
        spent.append(time.process_time() - begun)
    return statistics.median(spent) * 1e3


if __name__ == "__main__":
    main()
