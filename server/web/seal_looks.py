"""Another look for a person's seal, as a body says it, and its picture before it is taken on."""

import base64
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from server.sealing import impression
from server.seals import changing
from server.seals.models import Seal, SealImpression
from server.web.bodies import Body

PREVIEW_DPI = 200


class Strokes(Body):
    """As the pad has them: its size in pixels, and [x, y, ms] for each point of each stroke."""

    width: float
    height: float
    strokes: Annotated[list[list[tuple[float, float, float]]], Field(max_length=200)]


class Look(Body):
    """`font` for a square seal, `strokes` for a handwritten one."""

    font: Annotated[str, StringConstraints(max_length=16)] | None = None
    strokes: Strokes | None = None

    def wish(self) -> dict[str, Any]:
        """What was given, as it is kept and as the intent is bound to it."""
        return self.model_dump(mode="json", exclude_none=True)


def preview(seal: Seal, former: SealImpression, wish: Mapping[str, Any]) -> str:
    """A data address of the watermarked picture (P-49); raises what `changing.redrawn` raises."""
    drawn = impression.watermarked(changing.redrawn(seal, former, wish))
    return "data:image/png;base64," + base64.b64encode(drawn.png(PREVIEW_DPI)).decode()
