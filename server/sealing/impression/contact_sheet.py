"""A page of sample seals to judge by eye: python -m server.sealing.impression.contact_sheet."""

import argparse
import io
from pathlib import Path

from PIL import Image

from server.sealing.impression import Design, draw, warm, watermarked

_DPI = 300
_COLUMNS = 4
_CELL = 500  # pixels; a seal of 40 mm has 472
_NUMBER = "4501030012345"
_SAMPLES = (
    Design("company", "南宁桂印科技有限公司", _NUMBER),
    Design("company", "广西邕江建设工程有限责任公司", "4501030012353"),
    Design("company", "鑫淼堃喆㙓昇䶮有限公司", _NUMBER),
    Design("company", "广西（东盟）现代农业科技产业发展投资集团股份有限责任公司", _NUMBER),
    Design("company", "桂印", _NUMBER),
    Design("contract", "广西壮族自治区桂林漓江旅游投资发展有限公司", _NUMBER),
    Design("contract", "南宁桂印科技有限公司", type_line="合同专用章（2）"),
    Design("finance", "广西邕江建设工程有限责任公司"),
    Design("invoice", "南宁桂印科技有限公司", code="91450100MA5K8Q2X13"),
    Design(
        "invoice",
        "广西（东盟）现代农业科技产业发展投资集团股份有限责任公司",
        code="91450100MA5N3T7B6U",
        turn=2,
    ),
    Design("square", "李晓梅"),
    Design("square", "欧阳鑫淼", font="hei"),
    Design("legal_representative", "韦志远"),
    Design("legal_representative", "黄淼"),
    Design("legal_representative", "欧阳鑫淼"),
)


def sheet() -> Image.Image:
    """All samples at 300 dpi on white, the last one under its watermark."""
    seals = [draw(design) for design in _SAMPLES]
    seals.append(watermarked(seals[0]))
    rows = -(-len(seals) // _COLUMNS)
    page = Image.new("RGB", (_COLUMNS * _CELL, rows * _CELL), "white")
    for index, seal in enumerate(seals):
        with Image.open(io.BytesIO(seal.png(_DPI))) as picture:
            corner = (index % _COLUMNS * _CELL + 14, index // _COLUMNS * _CELL + 14)
            page.paste(picture, corner, mask=picture)
    return page


def main() -> None:
    """Write the sheet to the named file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, help="where the PNG goes")
    warm()
    sheet().save(parser.parse_args().file, "PNG", dpi=(_DPI, _DPI))


if __name__ == "__main__":
    main()
