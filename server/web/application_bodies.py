"""What somebody who applies for seals sends, from a page and from the mini-program alike."""

from typing import Annotated, Any, Literal

from apiflask.fields import UploadFile
from pydantic import BaseModel, ConfigDict, Field, SecretStr, StringConstraints

from server.applications.content import Wanted
from server.applications.models import Application, PartyRole
from server.applications.parties import PartyForm
from server.intents.methods import LoginPasswords, MethodChoice, prepare_choice
from server.intents.models import VerificationMethod
from server.runtime import runtime
from server.seals.models import SealKind
from server.web.bodies import Body
from server.web.identity import current_person
from server.web.intents import IntentId

EnterpriseId = Annotated[str, StringConstraints(min_length=1, max_length=40)]
Short = Annotated[str, StringConstraints(max_length=64)]
UsePassword = Annotated[SecretStr, Field(max_length=64)]


class ChosenIn(Body):
    kind: SealKind


class CompanySealsIn(Body):
    """The kinds that are asked for a company (F-21)."""

    enterprise_id: EnterpriseId
    seals: Annotated[list[ChosenIn], Field(max_length=5)]

    def wanted(self) -> list[Wanted]:
        return [Wanted(one.kind) for one in self.seals]


class FastIn(Body):
    """The company whose seals are made at once, by the registry's word (A5)."""

    enterprise_id: EnterpriseId


class PersonalSealIn(Body):
    """`strokes` is what the pad gives, {width, height, strokes: [[[x, y, t_ms], …], …]};
    `picture`: a photo is handed in for the slot `handwriting`. Without either a handwritten seal
    stays as it was drawn before."""

    kind: SealKind
    font: Annotated[str, StringConstraints(pattern="^[a-z]{0,16}$")] = ""
    strokes: dict[str, Any] | None = None
    picture: bool = False

    def wanted(self, kept: dict[str, Any]) -> Wanted:
        """As the draft keeps it; `kept` is what it had of this kind before."""
        if self.kind != SealKind.HANDWRITTEN:
            return Wanted(self.kind, font=self.font)
        if self.strokes is not None:
            return Wanted(self.kind, strokes=self.strokes)
        if self.picture:
            return Wanted(self.kind, picture=True)
        return Wanted(self.kind, strokes=kept.get("strokes"), picture=kept.get("picture", False))


class PersonalSealsIn(Body):
    """The seals that a person asks for himself (F-25)."""

    seals: Annotated[list[PersonalSealIn], Field(max_length=2)]

    def wanted(self, row: Application) -> list[Wanted]:
        """What is asked for now, with the drawing that the draft has kept."""
        kept = {one["kind"]: one for one in row.wanted}
        return [one.wanted(kept.get(one.kind, {})) for one in self.seals]


class AgentIn(Body):
    """经办人, as his document has him; `consent_to_id_number` is his own separate consent."""

    name: Short
    document_type: Short = ""
    number: Short
    phone: Short
    consent_to_id_number: bool = False


class PeopleIn(Body):
    """`same`: the applicant acts himself. Otherwise `agent`, or whoever was named before.
    `phone` is the applicant's, where his account has none."""

    same: bool = True
    agent: AgentIn | None = None
    phone: Short = ""

    def forms(self, row: Application) -> list[PartyForm]:
        """The people of this application; the applicant's data are known (P-47)."""
        if not row.is_of_company:
            return [PartyForm(PartyRole.PERSON, phone=self.phone)]
        forms = [PartyForm(PartyRole.REPRESENTATIVE, phone=self.phone)]
        if self.same:
            forms.append(PartyForm(PartyRole.AGENT, phone=self.phone))
        elif self.agent is not None:
            forms.append(PartyForm(PartyRole.AGENT, **self.agent.model_dump()))
        return forms


class MethodIn(Body):
    """用章核验方式 (F-23); the password is typed twice. The method that was chosen before, without
    a password, changes nothing."""

    method: Literal["password", "sms", "face"]
    password: UsePassword = SecretStr("")
    password_again: UsePassword = SecretStr("")

    @property
    def keeps(self) -> bool:
        """Whether nothing new was typed."""
        typed = self.password.get_secret_value(), self.password_again.get_secret_value()
        return not any(typed)

    def choice(self) -> MethodChoice:
        """Raises UsePasswordsDiffer, UsePasswordTooShort, UsePasswordIsLogin, UsePasswordLocked."""
        typed = self.password.get_secret_value(), self.password_again.get_secret_value()
        unlike = LoginPasswords(runtime().db, current_person().account.id)
        return prepare_choice(VerificationMethod(self.method), *typed, unlike=unlike)


class SubmitIn(Body):
    """The proof of the intent to apply for exactly what the application says."""

    intent: IntentId = ""


class PictureUpload(BaseModel):
    """A multipart body with one JPG or PNG, at most 5 MiB (F-22)."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    picture: UploadFile
