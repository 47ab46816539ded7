"""The page behind the link in a text message, in a phone's browser; and its requests sent twice."""

from dataclasses import dataclass
from typing import Any

from werkzeug.test import TestResponse

from server.applications.models import Way
from server.providers.face.local import LocalFace
from tests.factories.applications import STROKES
from tests.factories.certifications import Certifying
from tests.factories.changes import Ready, Request
from tests.factories.devices import OWN_ORIGIN, Browser
from tests.factories.product import WEI, Product
from tests.factories.twice import CHECKS, Route


@dataclass
class LinkPage:
    """One browser at one link."""

    product: Product
    browser: Browser
    token: str

    @classmethod
    def of(cls, case: Certifying, phone: str, browser: Browser | None = None) -> "LinkPage":
        """By the newest link that came to a phone."""
        return cls(case.product, browser or case.product.browser(), case.links(phone)[0])

    @property
    def path(self) -> str:
        return f"/m/certify/{self.token}"

    def look(self) -> str:
        answer = self.browser.get(self.path)
        assert answer.status_code == 200, answer.get_json(silent=True)
        return answer.text

    def take(self, step: str, body: Any = None) -> TestResponse:
        return self.browser.post(f"{self.path}/{step}", body)

    def show_face(self, *, passes: bool = True) -> TestResponse:
        """At the double's page, and back."""
        next_page = self.take("face", {"consent": True}).get_json()["next"]
        double = self.product.parts.providers.face
        assert isinstance(double, LocalFace)
        double.decide(next_page.rsplit("/", 1)[1], passes=passes)
        return self.take("face/settle")

    def up_to(self, step: str) -> "LinkPage":
        """All steps before this one."""
        self.look()
        for one in ("open", "read", "face", "face/settle", "identify", "sign"):
            if one == step:
                break
            if one == "face/settle":
                self.show_face()
            elif one == "sign":
                self.sign()
            elif one != "face":
                assert self.take(one).status_code == 200
        return self

    def sign(self, body: Any = None) -> TestResponse:
        answer = self.take("sign", STROKES if body is None else body)
        self.product.work()
        return answer


def step(name: str, body: Any = None) -> Ready:
    """One step of a personal application, as far as that step."""

    def ready(product: Product) -> Request:
        page = LinkPage.of(Certifying.begun(product, Way.PERSONAL), WEI.phone).up_to(name)
        if name == "face/settle":
            page.take("face", {"consent": True})
        path = f"{page.path}/{name}"
        return Request(page.browser.client, path, body=body or {}, headers=OWN_ORIGIN)

    return ready


def entered(product: Product) -> Request:
    """立即认证 in the records."""
    case = Certifying.begun(product, Way.PERSONAL)
    path = f"/m/me/certifications/{case.row().id}/enter"
    return Request(product.phone().client, path, headers=OWN_ORIGIN)


CERTIFY = {
    "certify.open_link": Route(step("open")),
    "certify.read": Route(step("read")),
    "certify.begin_face": Route(
        step("face", {"consent": True}), anew=CHECKS, fresh=frozenset({"next"})
    ),
    "certify.settle_face": Route(step("face/settle")),
    "certify.identify": Route(step("identify")),
    "certifications.enter": Route(entered, fresh=frozenset({"next"})),
    "certify.sign": Route(step("sign", STROKES), anew=frozenset({"jobs"})),
}
