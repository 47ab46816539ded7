"""Whom a partner names in advance, as every request that names somebody takes it."""

from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from server.accounts import named_signer
from server.runtime import runtime
from server.web.bodies import Body
from server.web.identity import current_partner

Short = Annotated[str, StringConstraints(min_length=1, max_length=64)]


class ExpectedSigner(Body):
    """The person who is expected: either `phone`, or `id_number` (resident's) with `name`."""

    phone: Short | None = Field(None, repr=False)
    id_number: Short | None = Field(None, repr=False)
    name: Short | None = Field(None, repr=False)

    @model_validator(mode="after")
    def _is_one_of_both(self) -> Self:
        given = {name for name, value in self if value is not None}
        if given not in ({"phone"}, {"id_number", "name"}):
            raise ValueError("either phone, or id_number with name")
        return self


def name_of(expected: ExpectedSigner | None) -> str | None:
    """The keyed digest by which the calling partner's requests name him; raises BadPhone,
    BadIdNumber."""
    keys, partner_id = runtime().providers.keys, current_partner().id
    if expected is None:
        return None
    if expected.phone is not None:
        return named_signer.by_phone(keys, partner_id, expected.phone)
    number, name = expected.id_number or "", expected.name or ""
    return named_signer.by_id_number(keys, partner_id, number, name)
