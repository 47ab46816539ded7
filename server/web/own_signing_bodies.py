"""What pages and the mini-program send of a signing of one's own files (F-46 to F-48)."""

from typing import Annotated, Self

from apiflask.fields import UploadFile
from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from server.runtime import runtime
from server.signing.own.proofs import ByIntent, ByPassword, ByPin, Custody
from server.signing.own.submitting import Proof, Shown
from server.web.bodies import Body
from server.web.intents import IntentId

Digest = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
Secret = Annotated[SecretStr, Field(max_length=64)]


class OneFile(BaseModel):
    """A multipart body with one PDF, at most 20 MiB."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    file: UploadFile


class SubmitIn(Body):
    """What was shown (`documents` and `placements` of `submission`), and one proof: the signing
    `pin`, 核验密码 as `password`, or the `intent` of `sign_documents` by text message or face."""

    documents: Digest
    placements: Digest
    pin: Secret | None = None
    password: Secret | None = None
    intent: IntentId = ""

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if sum(map(bool, (self.pin, self.password, self.intent))) > 1:
            raise ValueError("one of pin, password and intent")
        return self

    @property
    def shown(self) -> Shown:
        """What the person agreed to."""
        return Shown(self.documents, self.placements)

    @property
    def proof(self) -> Proof:
        """How he proves it; without anything an intent is asked for, which says what to do."""
        parts = runtime()
        custody = Custody(parts.providers.keys, parts.settings.keys_by_method)
        if self.pin is not None:
            return ByPin(custody, self.pin.get_secret_value())
        if self.password is not None:
            return ByPassword(custody, self.password.get_secret_value())
        return ByIntent(custody, self.intent)
