"""What an application says must agree with the registry, then and at each decision."""

import pytest

from server.applications.errors import (
    ApplicationNotFound,
    NotAsRegistered,
)
from server.applications.lifecycle import ApplicationState
from server.applications.models import PartyRole, Way
from server.applications.parties import PartyForm
from server.applications.service import Unit
from server.enterprises.errors import CompanyStruckOff
from server.sealing.impression import MissingGlyph
from server.seals.models import SealKind
from tests.factories.applications import AUTOMATIC, HAND, LIUZHOU, Applicant
from tests.factories.product import HUANG, WEI

S = ApplicationState


@pytest.mark.row("F-21")
@pytest.mark.parametrize(
    ("unit", "differs"),
    [
        (Unit("柳州桂印智能装备公司", LIUZHOU), ["name"]),
        (Unit("柳州桂印智能装备有限公司", "91450100MA5K8Q2X13"), ["code"]),
        (Unit("柳州桂印智能装备有限公司", "91450100MA5K8Q2X14"), ["code"]),
    ],
)
def test_name_and_code_must_be_the_registered_ones(
    wei: Applicant, unit: Unit, differs: list[str]
) -> None:
    application_id = wei.filled()
    wei.save(application_id, unit=unit)
    with pytest.raises(NotAsRegistered) as refused:
        wei.submit(application_id)
    assert refused.value.details == {"differs": differs}


def test_a_name_with_narrow_brackets_is_the_registered_one(wei: Applicant) -> None:
    wei.tell(name="柳州桂印（智能）装备有限公司")
    application_id = wei.filled()
    wei.save(application_id, unit=Unit(" 柳州桂印(智能)装备有限公司 ", LIUZHOU.lower()))
    assert wei.submit(application_id).state == S.CERTIFYING


@pytest.mark.row("F-21")
@pytest.mark.parametrize(
    ("name", "number"),
    [
        (HUANG.name, HUANG.id_number),
        (WEI.name, HUANG.id_number),
        (HUANG.name, WEI.id_number),
    ],
)
def test_the_representative_must_be_the_registered_one_by_name_and_number(
    wei: Applicant, name: str, number: str
) -> None:
    application_id = wei.filled()
    other = PartyForm(PartyRole.REPRESENTATIVE, name, "resident_id", number, HUANG.phone, True)
    wei.save(application_id, people=wei.people(other))
    with pytest.raises(NotAsRegistered) as refused:
        wei.submit(application_id)
    assert refused.value.details == {"differs": ["representative"]}


@pytest.mark.row("P-39")
def test_the_registrys_word_of_the_moment_counts(wei: Applicant) -> None:
    application_id = wei.filled()
    wei.tell(struck_off=True)
    with pytest.raises(CompanyStruckOff):
        wei.submit(application_id)


@pytest.mark.row("P-39")
def test_a_former_representative_submits_nothing(wei: Applicant) -> None:
    application_id = wei.filled()
    checked = wei.check(application_id)
    wei.tell(representative=HUANG.name, representative_id_number=HUANG.id_number)
    wei.check(application_id)
    with pytest.raises(ApplicationNotFound):
        wei.submit(application_id, AUTOMATIC, checked)


@pytest.mark.row("P-39")
def test_a_reviewer_cannot_pass_what_is_registered_otherwise_by_now(wei: Applicant) -> None:
    application_id = wei.filled()
    wei.submit(application_id, HAND)
    wei.company(name="柳州桂印机器人有限公司")
    with pytest.raises(NotAsRegistered):
        wei.approve(application_id)


def test_a_character_that_no_font_has_blocks_the_application_and_is_named(wei: Applicant) -> None:
    application_id = wei.filled()
    wei.tell(name="柳州𪚥面智能装备有限公司")
    with pytest.raises(MissingGlyph) as refused:
        wei.check(application_id)
    assert refused.value.details == {"characters": ["𪚥"]}


@pytest.mark.row("F-25")
def test_a_person_applies_as_himself(wei: Applicant) -> None:
    application_id = wei.filled(Way.PERSONAL, [SealKind.SQUARE])
    row = wei.submit(application_id)
    assert (row.state, row.owner_id) == (S.CERTIFYING, wei.account_id)
    wei.withdraw(application_id)
    other = wei.filled(Way.PERSONAL, [SealKind.SQUARE])
    claim = PartyForm(PartyRole.PERSON, HUANG.name, "resident_id", HUANG.id_number)
    wei.save(other, people=wei.people(claim))
    with pytest.raises(NotAsRegistered) as refused:
        wei.submit(other)
    assert refused.value.details == {"differs": ["person"]}
