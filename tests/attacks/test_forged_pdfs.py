"""A sealed PDF that was touched afterwards is never taken for what was sealed (S-37)."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from server.sealing.errors import PdfDamaged
from server.sealing.reader import read
from server.sealing.sandbox import Sandbox
from tests.attacks import additions, byte_ranges, incremental, shadow, tables, touched_seals
from tests.attacks.scene import Scene
from tests.factories.sealing_world import sealed_by, stamps_for
from tests.factories.stamp import META

Deed = Callable[[bytes], bytes]
LATER = META.signing_time + timedelta(hours=1)
DEEDS: dict[str, Deed] = {
    **{one.__name__: one for one in incremental.ATTACKS},
    **{one.__name__: one for one in touched_seals.ATTACKS},
    **{one.__name__: one for one in tables.ATTACKS},
    **additions.ATTACKS,
    **byte_ranges.ATTACKS,
}
SHADOWS = {deed.__name__: (prepare, deed) for prepare, deed in shadow.ATTACKS}


def is_believed(sandbox: Sandbox, scene: Scene, file: bytes) -> bool:
    """Whether anybody would say that this is the file as it was sealed."""
    trust = scene.world.trust()
    roots = [*trust.document_roots[:1], *trust.time_stamp_roots]
    try:
        reading = sandbox.run(read, file, roots, LATER)
    except PdfDamaged:
        return False
    return bool(reading.seals) and any(one.valid and one.covers_file for one in reading.signatures)


@pytest.mark.row("S-37")
def test_what_was_sealed_and_not_touched_is_believed(
    sandbox: Sandbox, scene: Scene, sealed: bytes
) -> None:
    assert is_believed(sandbox, scene, sealed)


@pytest.mark.row("S-37")
@pytest.mark.parametrize(
    "name", [name for name in DEEDS if name != "something behind the signature"]
)
def test_what_was_touched_later_is_not_believed(
    sandbox: Sandbox, scene: Scene, sealed: bytes, name: str
) -> None:
    forged = DEEDS[name](sealed)
    assert forged != sealed
    assert not is_believed(sandbox, scene, forged)


@pytest.mark.row("S-37")
@pytest.mark.parametrize("name", SHADOWS)
def test_a_document_that_was_prepared_to_change_its_face_is_believed_until_it_does(
    sandbox: Sandbox, scene: Scene, name: str
) -> None:
    prepare, deed = SHADOWS[name]
    document = prepare()
    sealed = sealed_by(scene.world.signing(scene.owner), document, stamps_for(document))
    assert is_believed(sandbox, scene, sealed)
    assert not is_believed(sandbox, scene, deed(sealed))
