"""Somebody who applies for seals on the phone's pages, by the pages' own requests."""

import html
import io
import json
import re
from dataclasses import dataclass
from typing import Any

from PIL import Image
from sqlalchemy import delete
from werkzeug.test import TestResponse

from server.applications.slots import Slot
from server.certificates.models import PersonalKey
from server.intents.actions import Action, IntentMethod
from server.seed import DemoPerson
from tests.factories.applications import STROKES, Applicant
from tests.factories.devices import OWN_ORIGIN, multipart
from tests.factories.intents import Intents
from tests.factories.product import WEI, Product
from tests.factories.visits import Visit, visit

APPLY = "/m/apply"
COMPANY_PAPERS = (Slot.LICENCE, Slot.REPRESENTATIVE_FRONT, Slot.REPRESENTATIVE_BACK)
AGENT_PAPERS = (*COMPANY_PAPERS, Slot.AGENT_FRONT, Slot.AGENT_BACK, Slot.AUTHORIZATION)
OWN_PAPERS = (Slot.PERSON_FRONT, Slot.PERSON_BACK)
SQUARE = {"kind": "square", "font": "hei"}
HAND = {"kind": "handwritten", "strokes": STROKES}
AGENT = {
    "name": "覃明亮",
    "document_type": "resident_id",
    "number": "450102198805011021",
    "phone": "13907719001",
    "consent_to_id_number": True,
}


def paper(size: tuple[int, int] = (60, 40), kind: str = "JPEG") -> bytes:
    """A picture of a paper."""
    out = io.BytesIO()
    Image.new("RGB", size, (210, 220, 235)).save(out, kind)
    return out.getvalue()


@dataclass
class Applying:
    """A phone at the pages of 申领印章; `id` is that of the application that was begun."""

    phone: Visit
    id: str = ""

    @classmethod
    def here(cls, product: Product, person: DemoPerson = WEI, **how: Any) -> "Applying":
        return cls(visit(product, person, **how))

    @property
    def product(self) -> Product:
        return self.phone.product

    @property
    def path(self) -> str:
        return f"{APPLY}/{self.id}"

    def text(self, path: str) -> str:
        """What a page says; a redirect is followed."""
        return self.phone.get(path, follow_redirects=True).get_data(as_text=True)

    def act_for(self, enterprise_id: str = "") -> None:
        """Act for a company, or for oneself."""
        kind = "enterprise" if enterprise_id else "account"
        role = {"kind": kind, "id": enterprise_id or self.phone.session.account_id}
        assert self.phone.post("/m/role", role).status_code == 200

    def company(self) -> str:
        """The id of a company of his that has no seals yet."""
        return Applicant(self.product).company().id

    def without_certificate(self) -> None:
        """As if he had not downloaded it yet."""
        with self.product.parts.db.begin() as uow:
            mine = PersonalKey.account_id == self.phone.session.account_id
            uow.session.execute(delete(PersonalKey).where(mine))

    def choose(self, *kinds: str, enterprise_id: str = "") -> TestResponse:
        """Choose some of a company's kinds."""
        company = enterprise_id or self.company()
        chosen = [{"kind": kind} for kind in kinds]
        return self._begun(self.phone.post(APPLY, {"enterprise_id": company, "seals": chosen}))

    def choose_own(self, *seals: dict[str, Any]) -> TestResponse:
        """Choose one's own seals."""
        return self._begun(self.phone.post(f"{APPLY}/personal", {"seals": list(seals)}))

    def hand_in(self, slot: str, content: bytes | None = None) -> TestResponse:
        """One picture of the papers."""
        form = multipart("picture", "p.jpg", paper() if content is None else content)
        path = f"{self.path}/materials/{slot}"
        return self.phone.client.post(path, headers=OWN_ORIGIN, **form)

    def hand_in_all(self, slots: tuple[Slot, ...]) -> None:
        for slot in slots:
            assert self.hand_in(slot).status_code == 200

    def name_people(self, **said: Any) -> TestResponse:
        return self.phone.post(f"{self.path}/details", said)

    def choose_method(self, method: str = "sms", **said: str) -> TestResponse:
        return self.phone.post(f"{self.path}/method", {"method": method, **said})

    def filled(self, slots: tuple[Slot, ...] = COMPANY_PAPERS, **people: Any) -> "Applying":
        """All that is left after the choice, but for the submission."""
        self.hand_in_all(slots)
        for answer in (self.name_people(**people), self.choose_method()):
            assert answer.status_code == 200, answer.get_json()
        return self

    def parameters(self) -> dict[str, str]:
        """What the last page asks the intent for."""
        found = re.search(r"data-intent='([^']*)'", self.text(f"{self.path}/confirm"))
        assert found
        asked: dict[str, str] = json.loads(html.unescape(found.group(1)))
        return asked

    def intent(self, method: IntentMethod = IntentMethod.SMS) -> str:
        """The id of a proof for what the last page shows."""
        mine = Intents(self.product, self.phone.session)
        return mine.proved(method, Action.APPLY, self.parameters())

    def submit(self, intent: str | None = None) -> TestResponse:
        proof = self.intent() if intent is None else intent
        return self.phone.post(f"{self.path}/submit", {"intent": proof})

    def submitted(self) -> "Applying":
        answer = self.submit()
        assert answer.status_code == 200, answer.get_json()
        return self

    def _begun(self, answer: TestResponse) -> TestResponse:
        if answer.status_code == 200:
            self.id = answer.get_json()["next"].split("/")[3]
        return answer


# Every route that names an application, and what anybody else is told of it.
NO_APPLICATION = (404, "application_not_found")
OF_STEPS = ("details", "keep_details", "method", "keep_method", "confirm", "submit")
OF_PROGRESS = ("progress", "state", "withdraw", "send_again", "seal_picture", "form")
OF_MINI = ("show", "keep_people", "keep_method", "take_picture", "show_picture")
OF_MINI_TOO = ("letter", "form", "seal_picture", "submit", "withdraw", "send_again")
TO_STRANGERS = {
    f"{house}.{name}": NO_APPLICATION
    for house, names in {
        "apply_steps": OF_STEPS,
        "apply_progress": OF_PROGRESS,
        "apply_materials": ("take", "show", "letter"),
        "mp_applications": (*OF_MINI, *OF_MINI_TOO),
    }.items()
    for name in names
}
CHOSEN = {"method": "sms"}
BODIES = {"apply_steps.keep_method": CHOSEN, "mp_applications.keep_method": CHOSEN}
UPLOADS = ("apply_materials.take", "mp_applications.take_picture")


def draft_with_a_picture(product: Product, person: DemoPerson = WEI) -> dict[str, str]:
    """What stands in the addresses of somebody's draft."""
    here = Applying.here(product, person)
    here.choose("company")
    assert here.hand_in("licence").status_code == 200
    return {"application_id": here.id, "slot": "licence", "kind": "company"}
