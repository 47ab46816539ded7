"""Makes seals and stamps for tests: plain shapes in seal red, right in size."""

import math
from collections.abc import Sequence
from datetime import UTC, datetime

from server.sealing.page_box import PageBox
from server.sealing.placement import POINTS_PER_MM, Placement
from server.sealing.stamp import SealingMeta, SealPicture, Stamp

RED = b"0.85 0.1 0.1 rg\n"
META = SealingMeta(
    signer_name="南宁桂印科技有限公司",
    reason="在线签章",
    location="南宁",
    signing_time=datetime(2026, 11, 20, 8, 0, tzinfo=UTC),
)


def square_seal(seal_id: str = "square", size_mm: float = 20) -> SealPicture:
    side = size_mm * POINTS_PER_MM
    return SealPicture(seal_id, RED + b"0 0 %.3f %.3f re f" % (side, side), size_mm, size_mm)


def oval_seal(seal_id: str = "oval", width_mm: float = 40, height_mm: float = 30) -> SealPicture:
    """Wider than high, so that a turn that swaps the sides shows."""
    width, height = width_mm * POINTS_PER_MM, height_mm * POINTS_PER_MM
    corners = [
        (width / 2 * (1 + math.cos(turn)), height / 2 * (1 + math.sin(turn)))
        for turn in (step * math.tau / 360 for step in range(360))
    ]
    path = b"\n".join(b"%.3f %.3f l" % corner for corner in corners)
    operators = RED + b"%.3f %.3f m\n" % corners[0] + path + b"\nh f"
    return SealPicture(seal_id, operators, width_mm, height_mm)


def arrow_seal(seal_id: str = "arrow", size_mm: float = 20) -> SealPicture:
    """A triangle that points up: most of its ink is in the lower half when it stands upright."""
    side = size_mm * POINTS_PER_MM
    path = b"0 0 m %.3f 0 l %.3f %.3f l h f" % (side, side / 2, side)
    return SealPicture(seal_id, RED + path, size_mm, size_mm)


def one_on_every_page(
    pages: Sequence[PageBox], seal: SealPicture, *, at: tuple[float, float] = (0.5, 0.5)
) -> list[Stamp]:
    """The seal's centre at the given fractions of each page's visible box."""
    return [
        Stamp(seal, Placement(seal.id, number, *_point(page, at)))
        for number, page in enumerate(pages, 1)
    ]


def _point(page: PageBox, at: tuple[float, float]) -> tuple[float, float]:
    x0, y0, x1, y1 = page.crop
    return x0 + at[0] * (x1 - x0), y0 + at[1] * (y1 - y0)
