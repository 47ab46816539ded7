"""What pages and the mini-program send of a signing of one's own files (F-46 to F-48)."""

from typing import Annotated

from apiflask.fields import UploadFile
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from server.runtime import runtime
from server.signing.own.proofs import ByPin
from server.signing.own.submitting import Proof, Shown
from server.web.bodies import Body

Digest = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
Secret = Annotated[SecretStr, Field(max_length=64)]


class OneFile(BaseModel):
    """A multipart body with one PDF, at most 20 MiB."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    file: UploadFile


class SubmitIn(Body):
    """What was shown (`documents` and `placements` of `submission`), and the signing PIN."""

    documents: Digest
    placements: Digest
    pin: Secret

    @property
    def shown(self) -> Shown:
        """What the person agreed to."""
        return Shown(self.documents, self.placements)

    @property
    def proof(self) -> Proof:
        """How he proves it."""
        return ByPin(runtime().providers.keys, self.pin.get_secret_value())
