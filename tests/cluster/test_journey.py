"""A signing over the network, through nginx to whichever process answers."""

import subprocess
from pathlib import Path

import pytest

from tests.cluster.people import Crowd
from tests.factories.pdf import Page, make_pdf
from tests.factories.product import WEI


@pytest.mark.row("F-37", "F-41", "F-42")
def test_a_file_is_sealed_by_the_worker_and_fetched_through_nginx(
    crowd: Crowd, tmp_path: Path
) -> None:
    made = crowd.partner().task(make_pdf([Page(), Page(rotate=90)]))

    sealed = crowd.signing(made, WEI).seal()

    (tmp_path / "sealed.pdf").write_bytes(sealed)
    said = subprocess.run(
        ["pdfsig", str(tmp_path / "sealed.pdf")], capture_output=True, text=True, check=False
    ).stdout
    assert said.count("Signature is Valid") == 2
