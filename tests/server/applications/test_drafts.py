"""Who may begin an application, what goes into it, and who sees it."""

import pytest

from server.accounts.errors import BadIdNumber, ConsentNeeded, RealNameNeeded
from server.accounts.models import Account, Level
from server.applications import parties, queries, service
from server.applications.content import Wanted, missing
from server.applications.errors import (
    ApplicationIncomplete,
    ApplicationMovedOn,
    ApplicationNotFound,
    CannotApply,
    HandwritingNeeded,
    NothingWanted,
    NotRepresentative,
)
from server.applications.lifecycle import ApplicationState
from server.applications.models import PartyRole, Way
from server.applications.parties import PartyForm
from server.applications.queries import Viewer
from server.applications.service import Unit
from server.applications.slots import Slot, needed
from server.enterprises.errors import CompanyStruckOff
from server.enterprises.queries import by_code
from server.seals.models import SealKind
from tests.factories.applications import (
    AGENT,
    GUANGZHOU,
    HAND,
    LIUZHOU,
    STROKES,
    Applicant,
    forms,
    wanted,
)
from tests.factories.product import HUANG, LI, WEI, Product


@pytest.mark.row("P-37")
@pytest.mark.parametrize("level", [Level.PHONE, Level.DECLARED])
def test_who_has_not_proved_his_name_is_sent_to_do_so(wei: Applicant, level: Level) -> None:
    with wei.product.parts.db.begin() as uow:
        uow.session.get_one(Account, wei.account_id).level = level
    for way in (Way.PERSONAL, Way.FULL):
        with pytest.raises(RealNameNeeded):
            wei.start(way)


@pytest.mark.row("F-21")
def test_only_the_representative_applies_for_a_company(product: Product, wei: Applicant) -> None:
    company = wei.company()
    for person in (HUANG, LI):
        other = Applicant(product, person)
        with pytest.raises(NotRepresentative), product.parts.db.begin() as uow:
            service.start(uow, account_id=other.account_id, way=Way.FULL, enterprise_id=company.id)


@pytest.mark.row("F-20")
def test_a_company_outside_guangxi_or_struck_off_gets_no_seals(wei: Applicant) -> None:
    with pytest.raises(CannotApply):
        wei.start(code=GUANGZHOU)
    wei.company(struck_off=True)
    with wei.product.parts.db.begin() as uow:
        company = by_code(uow, LIUZHOU)
        with pytest.raises(CompanyStruckOff):
            service.start(uow, account_id=wei.account_id, way=Way.FULL, enterprise_id=company.id)


def test_beginning_again_goes_on_with_the_draft(wei: Applicant) -> None:
    first = wei.start()
    assert wei.start() == first
    personal = wei.start(Way.PERSONAL)
    assert personal != first
    wei.withdraw(first)
    assert wei.start() != first


@pytest.mark.row("P-47")
def test_what_is_known_need_not_be_typed(wei: Applicant) -> None:
    application_id = wei.start()
    row = wei.found(application_id)
    assert (row.unit_name, row.unit_number) == ("柳州桂印智能装备有限公司", LIUZHOU)
    wei.save(application_id, people=wei.people(*forms(Way.FULL, None)))
    kept = wei.parties_of(application_id)
    keys = wei.product.parts.providers.keys
    for role in (PartyRole.REPRESENTATIVE, PartyRole.AGENT):
        person = parties.opened(keys, kept[role])
        assert (person.name, person.document.number, person.phone) == (
            WEI.name,
            WEI.id_number,
            WEI.phone,
        )
    assert parties.is_one_person(kept)


@pytest.mark.row("F-16", "F-21")
def test_the_agent_is_named_by_what_was_typed_and_needs_no_account(wei: Applicant) -> None:
    application_id = wei.start()
    wei.save(application_id, people=wei.people(*forms(Way.FULL)))
    kept = wei.parties_of(application_id)
    person = parties.opened(wei.product.parts.providers.keys, kept[PartyRole.AGENT])
    assert (person.name, person.document.number, person.phone) == AGENT
    assert not parties.is_one_person(kept)
    stored = b"".join((kept[PartyRole.AGENT].number_sealed, kept[PartyRole.AGENT].phone_sealed))
    assert AGENT[1].encode() not in stored
    assert AGENT[2].encode() not in stored


def test_an_agents_number_needs_his_consent_and_its_form(wei: Applicant) -> None:
    name, number, phone = AGENT
    with pytest.raises(ConsentNeeded):
        wei.people(PartyForm(PartyRole.AGENT, name, "resident_id", number, phone))
    with pytest.raises(BadIdNumber):
        wei.people(PartyForm(PartyRole.AGENT, name, "resident_id", number[:-1] + "0", phone, True))


def test_a_person_is_replaced_and_a_foreign_role_refused(wei: Applicant) -> None:
    application_id = wei.start(Way.PERSONAL)
    for _ in range(2):
        wei.save(application_id, people=wei.people(PartyForm(PartyRole.PERSON)))
    assert list(wei.parties_of(application_id)) == [PartyRole.PERSON]
    with pytest.raises(ApplicationIncomplete):
        wei.save(application_id, people=wei.people(PartyForm(PartyRole.REPRESENTATIVE)))


@pytest.mark.row("F-19", "F-25")
@pytest.mark.parametrize(
    ("way", "kinds"),
    [
        (Way.FULL, []),
        (Way.FULL, [SealKind.COMPANY, SealKind.COMPANY]),
        (Way.FULL, [SealKind.SQUARE]),
        (Way.PERSONAL, [SealKind.COMPANY]),
    ],
)
def test_each_way_gives_its_own_kinds_each_once(
    wei: Applicant, way: Way, kinds: list[SealKind]
) -> None:
    application_id = wei.start(way)
    with pytest.raises(NothingWanted):
        wei.save(application_id, wanted=[wanted(kind) for kind in kinds])


@pytest.mark.row("F-25")
@pytest.mark.parametrize(("strokes", "picture"), [(None, False), (STROKES, True)])
def test_a_handwritten_seal_is_drawn_or_photographed_and_not_both(
    wei: Applicant, strokes: dict[str, object] | None, picture: bool
) -> None:
    application_id = wei.start(Way.PERSONAL)
    drawn = Wanted(SealKind.HANDWRITTEN, strokes=strokes, picture=picture)
    with pytest.raises(HandwritingNeeded):
        wei.save(application_id, wanted=[drawn])


@pytest.mark.row("F-21", "F-22")
def test_what_is_missing_is_named_part_by_part(wei: Applicant) -> None:
    application_id = wei.start()
    with wei.product.parts.db.begin() as uow:
        row = queries.find(uow, application_id, wei.viewer)
        assert missing(row, {}, {}) == [
            "wanted",
            "party:representative",
            "party:agent",
            *(f"material:{slot}" for slot in needed(Way.FULL, another_agent=True)),
            "method",
        ]
    with pytest.raises(ApplicationIncomplete) as refused:
        wei.check(application_id)
    assert "method" in refused.value.details["missing"]


@pytest.mark.row("P-47")
def test_who_is_his_own_agent_gives_no_letter_of_authorization() -> None:
    assert Slot.AUTHORIZATION in needed(Way.FULL, another_agent=True)
    assert needed(Way.FULL) == (
        Slot.LICENCE,
        Slot.REPRESENTATIVE_FRONT,
        Slot.REPRESENTATIVE_BACK,
    )


def test_what_was_submitted_is_changed_no_more(wei: Applicant) -> None:
    application_id = wei.filled()
    wei.submit(application_id, HAND)
    with pytest.raises(ApplicationMovedOn):
        wei.save(application_id, unit=Unit("别的公司", LIUZHOU))


@pytest.mark.row("S-18")
def test_an_application_is_found_only_by_who_may_see_it(product: Product, wei: Applicant) -> None:
    company, own = wei.start(), wei.start(Way.PERSONAL)
    owner = wei.found(company).owner_id
    clerk = Viewer(wei.account_id, only=owner)
    elsewhere = Viewer(wei.account_id, only="ent-other")
    huang = Applicant(product, HUANG).viewer
    sees = {
        wei.viewer: {company, own},
        clerk: {company},
        elsewhere: set(),
        huang: set(),
    }
    with product.parts.db.read() as uow:
        for viewer, expected in sees.items():
            assert {row.id for row in queries.seen_by(uow, viewer).items} == expected
            for hidden in {company, own} - expected:
                with pytest.raises(ApplicationNotFound):
                    queries.find(uow, hidden, viewer)


@pytest.mark.row("P-39")
def test_a_new_representative_sees_it_and_the_former_one_no_more(
    product: Product, wei: Applicant
) -> None:
    application_id = wei.start()
    wei.company(representative=HUANG.name, representative_id_number=HUANG.id_number)
    with pytest.raises(ApplicationNotFound):
        wei.found(application_id)
    assert Applicant(product, HUANG).found(application_id).state == ApplicationState.DRAFT


@pytest.mark.row("P-39")
@pytest.mark.parametrize("way", [Way.FULL, Way.FAST])
def test_a_new_representative_begins_anew_where_the_former_one_left_a_draft(
    product: Product, wei: Applicant, way: Way
) -> None:
    left = wei.start(way)
    wei.tell(representative=HUANG.name, representative_id_number=HUANG.id_number)
    huang = Applicant(product, HUANG)
    huang.company(representative=HUANG.name, representative_id_number=HUANG.id_number)
    mine = huang.start(way)
    assert mine != left
    assert huang.found(left).state == ApplicationState.WITHDRAWN
    assert huang.found(mine).applicant_id == huang.account_id
    assert huang.start(way) == mine


@pytest.mark.row("P-39")
def test_a_draft_takes_on_the_name_that_the_company_has_by_now(wei: Applicant) -> None:
    application_id = wei.filled()
    wei.tell(name="柳州桂印机器人有限公司")
    wei.company()
    assert wei.start() == application_id
    assert wei.submit(application_id, HAND).unit_name == "柳州桂印机器人有限公司"
