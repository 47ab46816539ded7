"""Every kind of seal on one page, to judge by eye: python -m tools.seal_sheet FILE."""

import argparse
import io
from pathlib import Path

from PIL import Image

from server.sealing.impression import Design, Impression, cut_out, draw, read_strokes, warm
from server.sealing.impression.watermark import watermarked
from tests.factories.handwriting import a_name
from tests.factories.photo import a_photo

DPI = 300
_WIDTH, _MARGIN = 2000, 14  # pixels; a seal of 40 mm has 472
_NUMBER, _CODE = "4501030012345", "91450100MA5K8Q2X13"
_LONG = "广西（东盟）现代农业科技产业发展投资集团股份有限责任公司"


def designs() -> list[Design]:
    """Each kind, with usual, long, short and rare words."""
    return [
        Design("company", "南宁桂印科技有限公司", _NUMBER),
        Design("company", "广西邕江建设工程有限责任公司", _NUMBER),
        Design("company", "鑫淼堃喆㙓昇䶮有限公司", _NUMBER),
        Design("company", _LONG, _NUMBER),
        Design("company", "桂印", _NUMBER),
        Design("contract", "广西壮族自治区桂林漓江旅游投资发展有限公司", _NUMBER),
        Design("contract", "南宁桂印科技有限公司", type_line="合同专用章（2）"),
        Design("finance", "广西邕江建设工程有限责任公司", _NUMBER),
        Design("invoice", "南宁桂印科技有限公司", code=_CODE),
        Design("invoice", "南宁ABC（88）科技有限公司", code=_CODE, turn=2),
        Design("invoice", _LONG, code=_CODE, turn=2),
        Design("handwritten", "王小明", strokes=read_strokes(a_name())),
        Design("legal_representative", "韦志远"),
        Design("legal_representative", "黄淼"),
        Design("legal_representative", "欧阳鑫淼"),
        Design("square", "李晓梅"),
        Design("square", "李晓梅", font="hei"),
        Design("square", "司马昭华"),
        Design("square", "阿卜杜热合曼·买买提"),
        Design("handwritten", "王小明", picture=cut_out(a_photo())),
    ]


def sheet() -> Image.Image:
    """All samples at 300 dpi on white, row by row; the last one under its watermark."""
    seals = [draw(design) for design in designs()]
    seals.append(watermarked(seals[0]))
    page = Image.new("RGB", (_WIDTH, 4000), "white")
    x = y = _MARGIN
    bottom = 0
    for seal in seals:
        picture = _picture(seal)
        if x + picture.width > _WIDTH:
            x, y = _MARGIN, bottom + 2 * _MARGIN
        page.paste(picture, (x, y), mask=picture)
        x, bottom = x + picture.width + 2 * _MARGIN, max(bottom, y + picture.height)
    return page.crop((0, 0, _WIDTH, bottom + _MARGIN))


def _picture(seal: Impression) -> Image.Image:
    with Image.open(io.BytesIO(seal.png(DPI))) as picture:
        return picture.convert("RGBA")


def main() -> None:
    """Write the sheet to the named file, in few colours so that it stays small."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, help="where the PNG goes")
    arguments = parser.parse_args()
    warm()
    few = sheet().quantize(16)
    few.save(arguments.file, "PNG", dpi=(DPI, DPI), optimize=True)


if __name__ == "__main__":
    main()
