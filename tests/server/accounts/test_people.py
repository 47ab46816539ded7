"""How people are named, found by phone, and how little of them is shown."""

import pytest

from server.accounts.errors import BadPhone
from server.accounts.models import mask_name, mask_phone
from server.accounts.phones import phone_index, read_phone
from tests.factories.product import Product


@pytest.mark.parametrize(
    ("name", "shown"),
    [("韦志远", "韦*远"), ("黄淼", "黄*"), ("欧阳修文", "欧**文"), ("李", "李*"), ("", "手机用户")],
)
def test_a_name_shows_enough_to_be_recognised_and_no_more(name: str, shown: str) -> None:
    assert mask_name(name) == shown


def test_a_phone_number_shows_its_ends() -> None:
    assert mask_phone("13907710001") == "139****0001"


@pytest.mark.row("F-06")
@pytest.mark.parametrize(
    "text", ["13907710001", "+8613907710001", "+86 139-0771-0001", " 139 0771 0001 "]
)
def test_one_phone_is_one_phone_however_it_is_written(text: str) -> None:
    assert read_phone(text) == "13907710001"


@pytest.mark.row("F-06")
@pytest.mark.parametrize(
    "text", ["", "110", "1390771000", "139077100011", "077149775650", "+12025550100", "10000000000"]
)
def test_other_numbers_are_no_mobile_phones(text: str) -> None:
    with pytest.raises(BadPhone):
        read_phone(text)


@pytest.mark.row("S-22")
def test_the_digests_of_phone_and_code_need_the_services_key(product: Product) -> None:
    keys = product.parts.providers.keys

    index = phone_index(keys, "13907710001")

    assert index == phone_index(keys, "13907710001")
    assert index != phone_index(keys, "13907710002")
    assert "13907710001" not in index
