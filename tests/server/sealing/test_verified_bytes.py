"""Any byte of a sealed file may be changed: the verdict is never that nothing has happened."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.core.errors import DomainError
from server.sealing.checks import verify
from server.sealing.plain_structure import read_plain
from server.sealing.report import Overall
from server.sealing.sandbox import Sandbox
from server.sealing.seal_pdf import seal
from server.sealing.structure_reading import read_by_pyhanko
from server.sealing.trust import TrustList
from tests.factories.pdf import Page, make_pdf
from tests.factories.sealing_world import World, sealed_by, stamps_for
from tests.factories.stamp import META

AT = META.signing_time + timedelta(hours=1)
HEX = b"0123456789abcdefABCDEF"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(tmp_path_factory.mktemp("world") / "here")


@pytest.fixture(scope="module")
def sealed(world: World) -> bytes:
    document = make_pdf()
    owner = world.owner("南宁桂印科技有限公司", seals=1)
    return sealed_by(world.signing(owner), document, stamps_for(document)[:1])


@pytest.fixture(scope="module")
def sealed_twice(world: World, sealed: bytes) -> bytes:
    owner = world.owner("广西邕江建设工程有限责任公司", "91450100MA5K8Q2X24", seals=1)
    return sealed_by(world.signing(owner), sealed, stamps_for(sealed)[:1])


@pytest.fixture(scope="module")
def trust(world: World) -> TrustList:
    return world.trust()


def verdict(file: bytes, trust: TrustList) -> Overall | None:
    """What is said of a file; None when it cannot be opened, which has a name as well."""
    try:
        return verify(file, trust, AT).overall
    except DomainError:
        return None


def same_digits(one: bytes, other: bytes) -> bool:
    """Whether only the letters' case of hexadecimal digits differs: the same bytes."""
    return one.lower() == other.lower() and set(one + other) <= set(HEX)


def notices(trust: TrustList, file: bytes, place: float, written: bytes) -> None:
    """Once these bytes stand in it the file is not valid any more, unless they are the same."""
    at = int(place * len(file))
    changed = file[:at] + written + file[at + len(written) :]
    before, after = file[at : at + len(written)], changed[at : at + len(written)]
    if before != after and not same_digits(before, after):
        assert verdict(changed, trust) is not Overall.VALID


@pytest.mark.row("S-37")
@settings(max_examples=30, deadline=None, derandomize=True)
@given(st.floats(0, 1, exclude_max=True), st.binary(min_size=1, max_size=4))
def test_a_changed_byte_is_never_overlooked(
    trust: TrustList, sealed: bytes, place: float, written: bytes
) -> None:
    notices(trust, sealed, place, written)


@pytest.mark.row("S-37")
@settings(max_examples=12, deadline=None, derandomize=True)
@given(st.floats(0, 1, exclude_max=True), st.binary(min_size=1, max_size=4))
def test_nor_in_a_file_of_two_companies(
    trust: TrustList, sealed_twice: bytes, place: float, written: bytes
) -> None:
    notices(trust, sealed_twice, place, written)


@pytest.mark.row("S-37")
@settings(max_examples=12, deadline=None, derandomize=True)
@given(st.floats(0, 1, exclude_max=True), st.integers(1, 2000))
def test_nor_are_bytes_that_were_taken_out(
    trust: TrustList, sealed: bytes, place: float, length: int
) -> None:
    file = sealed
    at = int(place * len(file))
    assert verdict(file[:at] + file[at + length :], trust) is not Overall.VALID


def test_the_files_that_are_changed_here_were_valid(
    trust: TrustList, sealed: bytes, sealed_twice: bytes
) -> None:
    assert verdict(sealed, trust) is verdict(sealed_twice, trust) is Overall.VALID


@pytest.mark.row("F-50")
@pytest.mark.parametrize("alone", [False, True])
def test_what_the_product_seals_is_valid_whichever_way(
    world: World, sandbox: Sandbox, alone: bool
) -> None:
    document = make_pdf([Page()] * 2)
    signing = world.signing(world.owner("南宁桂印科技有限公司"))
    signing = replace(signing, one_signature_per_page=alone)
    stamps = stamps_for(document)[:2]
    file = seal(document, stamps, META, sandbox=sandbox, signing=signing)
    assert verdict(file, world.trust()) is Overall.VALID
    plain = read_plain(file)
    assert plain == (None if alone else read_by_pyhanko(file))
