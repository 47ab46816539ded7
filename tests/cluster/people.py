"""The people and programs of a signing, who come over the network through nginx."""

from dataclasses import dataclass
from typing import Any

import httpx

from server.seed import DemoPerson
from tests.cluster.stack import Cluster
from tests.factories.devices import PhoneInHand, SigningPage
from tests.factories.product import PartnerProgram, Signing


@dataclass(frozen=True)
class Answer:
    """An answer with the names that the steps of a signing know from Flask's test client."""

    got: httpx.Response

    @property
    def status_code(self) -> int:
        return self.got.status_code

    @property
    def headers(self) -> httpx.Headers:
        return self.got.headers

    @property
    def data(self) -> bytes:
        return self.got.content

    def get_json(self) -> Any:
        return self.got.json()


class OverHttp:
    """Stands in for Flask's test client: the same calls, sent to a running product."""

    def __init__(self, base: str, *, origin: str = "") -> None:
        # Nothing here is encrypted; reading the system's certificates takes longer than a request.
        self.client = httpx.Client(base_url=base, timeout=30, trust_env=False, verify=False)
        self._origin = origin or base

    def get(self, path: str, *, buffered: bool = True, **more: Any) -> Answer:
        return self._send("GET", path, **more)

    def post(self, path: str, **more: Any) -> Answer:
        return self._send("POST", path, **more)

    def put(self, path: str, **more: Any) -> Answer:
        return self._send("PUT", path, **more)

    def cookie(self, name: str) -> str:
        """A cookie that the browser keeps, as it sends it."""
        return f"{name}={self.client.cookies[name]}"

    def close(self) -> None:
        self.client.close()

    def _send(self, method: str, path: str, **more: Any) -> Answer:
        headers = dict(more.pop("headers", {}))
        if "Origin" in headers:
            headers["Origin"] = self._origin
        if "content_type" in more:
            headers["Content-Type"] = more.pop("content_type")
        if "data" in more:
            more["content"] = more.pop("data")
        return Answer(self.client.request(method, path, headers=headers, **more))


class Crowd:
    """Makes people; everybody's connections are closed together."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self._clients: list[OverHttp] = []
        self._phones: dict[str, PhoneInHand] = {}

    def client(self, base: str = "") -> OverHttp:
        """Through nginx, or past it to one process."""
        client = OverHttp(base or self.cluster.base, origin=self.cluster.base)
        self._clients.append(client)
        return client

    def partner(self) -> PartnerProgram:
        return PartnerProgram(self.client(), self.cluster.key, self.cluster)

    def phone(self, person: DemoPerson) -> PhoneInHand:
        """A person's logged-in phone; a phone gets one code a minute, so there is one of each."""
        if person.phone not in self._phones:
            phone = PhoneInHand(self.client(), person, self.cluster.sms)
            phone.log_in()
            self._phones[person.phone] = phone
        return self._phones[person.phone]

    def page(self, open_url: str) -> SigningPage:
        page = SigningPage(self.client(), open_url)
        page.state = page.open().get_json()
        return page

    def signing(self, made: dict[str, Any], person: DemoPerson) -> Signing:
        """A task with its page open and a logged-in phone at hand."""
        page = self.page(made["open_url"])
        return Signing(self.cluster, self.partner(), made, page, self.phone(person))

    def leave(self) -> None:
        for client in self._clients:
            client.close()
