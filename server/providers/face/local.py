"""Face recognition without a face, for development: a page where the outcome is chosen.

One small file for each check, so that every process of the machine sees the same.
"""

import json
import re
import secrets
from pathlib import Path
from typing import ClassVar

from server.pki.durable import write_durably
from server.providers.face import FacePerson, FaceResult, FaceStarted, Outcome

LIKE, UNLIKE = 98.0, 21.0
LIFE_S = 600
_REFERENCE = re.compile(r"face-[0-9a-f]{32}")


class LocalFace:
    """`passes` answers every check at once; with None each waits for `decide`."""

    development_only: ClassVar[bool] = True

    def __init__(self, folder: Path, *, passes: bool | None = None) -> None:
        self.passes = passes
        self._folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def supports(self, person: FacePerson) -> bool:
        """Every document."""
        return True

    def start(self, person: FacePerson, purpose: str, back_url: str) -> FaceStarted:
        """See Face.start."""
        reference = f"face-{secrets.token_hex(16)}"
        about: dict[str, str | bool] = {
            "name": person.name,
            "purpose": purpose,
            "back_url": back_url,
        }
        self._keep(reference, about)
        return FaceStarted(reference, f"/dev/face/{reference}", LIFE_S)

    def result(self, reference: str, person: FacePerson) -> FaceResult:
        """See Face.result."""
        about = self.about(reference)
        if about is None or about["name"] != person.name:
            return FaceResult(Outcome.FAILED, "", 0.0)
        passes = self.passes if self.passes is not None else about.get("passes")
        if passes is None:
            return FaceResult(Outcome.PENDING, "", 0.0)
        outcome = Outcome.PASSED if passes else Outcome.FAILED
        return FaceResult(outcome, f"result-{reference[5:21]}", LIKE if passes else UNLIKE)

    def about(self, reference: str) -> dict[str, str | bool] | None:
        """Who is asked for and why, for the double's own page; None for an unknown check."""
        file = self._file(reference)
        if not file.exists():
            return None
        about: dict[str, str | bool] = json.loads(file.read_text("utf-8"))
        return about

    def decide(self, reference: str, *, passes: bool) -> None:
        """What the person at the double's page chose; an unknown check stays unknown."""
        about = self.about(reference)
        if about is not None:
            self._keep(reference, {**about, "passes": passes})

    def _keep(self, reference: str, about: dict[str, str | bool]) -> None:
        # Whole at every moment: another process may be reading it.
        text = json.dumps(about, ensure_ascii=False)
        write_durably(self._file(reference), text.encode())

    def _file(self, reference: str) -> Path:
        name = reference if _REFERENCE.fullmatch(reference) else "unknown"
        return self._folder / f"{name}.json"
