"""Any PDF from the wild is sealed, repaired first where it has to be, or refused by name."""

import warnings
from datetime import timedelta

import pytest

from server.core.errors import DomainError
from server.sealing import errors
from server.sealing.checks import verify
from server.sealing.inspection import inspect
from server.sealing.report import Overall
from server.sealing.sandbox import Sandbox
from server.sealing.seal_pdf import seal
from tests.attacks.scene import Scene
from tests.factories.stamp import META, one_on_every_page, square_seal
from tests.factories.wild_pdf import FILES

LATER = META.signing_time + timedelta(hours=1)
# What becomes of them: taken as they are, repaired before the digest is shown, or refused.
TAKEN, REPAIRED = "taken", "repaired"
OUTCOMES: dict[str, str | type[DomainError]] = {
    **dict.fromkeys(
        (
            "hybrid table", "linearized", "no size", "size too small", "wrong offsets", "no table",
            "no end mark", "carriage returns", "a newline in front", "fields in the form itself",
            "a field that waits for a signature", "a page twice", "no types",
            "a page in the tree itself", "a page that is a number", "no box", "a box of words",
            "no annotations but a name", "annotations that are one", "a wrong length",
            "no end of an object",
        ),
        REPAIRED,
    ),
    **dict.fromkeys(
        (
            "no root", "tree in a circle", "a turn of words", "a form that is a name",
            "fields that are a name", "a field that is a number",
        ),
        errors.PdfDamaged,
    ),
}  # fmt: skip


def outcome(sandbox: Sandbox, scene: Scene, data: bytes) -> str | type[DomainError]:
    """What the intake says; what it takes is sealed on every page, and the seals are valid."""
    try:
        with warnings.catch_warnings(action="ignore"):
            found = sandbox.run(inspect, data)
    except DomainError as error:
        return type(error)
    stamps = one_on_every_page(found.pages, square_seal(size_mm=4), at=(0.4, 0.4))
    signing = scene.world.signing(scene.owner)
    sealed = seal(found.document, stamps, META, sandbox=sandbox, signing=signing)
    report = sandbox.run(verify, sealed, scene.world.trust(), LATER)
    assert (report.overall, report.cause) == (Overall.VALID, "")
    assert report.pages == len(found.pages)
    assert {len(one.places) for one in report.seals} == {len(found.pages)}
    return REPAIRED if found.repaired else TAKEN


@pytest.mark.row("F-46", "F-37")
@pytest.mark.parametrize("name", FILES)
def test_a_pdf_from_outside_is_sealed_or_refused_by_name(
    sandbox: Sandbox, scene: Scene, name: str
) -> None:
    assert outcome(sandbox, scene, FILES[name]()) == OUTCOMES.get(name, TAKEN)
