"""A company registers: the code first, then the registry, then the login (F-01).

The registry is asked for nobody who has not shown that the phone is his: whether a name and a
number belong to a company is not to be found out by trying.
"""

from dataclasses import dataclass
from datetime import timedelta

from server.accounts import codes, consents
from server.accounts.codes import CodeAsk, CodeDesk, CodeProof
from server.accounts.sessions import Device
from server.core.errors import Unavailable
from server.core.limits import Locked, LockPolicy, give_back, take_attempts
from server.enterprises import registration
from server.enterprises.errors import RegistryLocked
from server.enterprises.registration import CompanyForm, NewLogin
from server.providers.registry import Registry

OF_PHONE = LockPolicy(tries=5, locks=(timedelta(minutes=15), timedelta(hours=24)))
# Several phones of one company may slip; nobody with many phones gets far with one company.
OF_COMPANY = LockPolicy(tries=20, locks=(timedelta(hours=1), timedelta(hours=24)))


@dataclass(frozen=True)
class CompanyDesk:
    """Takes what was typed and opens the company's first session."""

    codes: CodeDesk
    registry: Registry

    def register(
        self, form: CompanyForm, ask: CodeAsk, code: str, *, agreed: bool, device: Device
    ) -> str:
        """The session's token, shown once. A form that cannot be right costs no try of the code,
        a right code no try at all; it stays good until the company is registered.

        Raises what `registration.prepare` and `registration.register` do, and RegistryLocked.
        """
        consents.require_ticked(agreed)
        registration.require_sound(form, ask.to.phone or "")
        proof = self.codes.prove(ask, code)
        new = self.admit(form, proof)
        with self.codes.db.begin() as uow:
            _, token = registration.register(uow, new, proof, agreed=agreed, device=device)
        return token

    def admit(self, form: CompanyForm, proof: CodeProof) -> NewLogin:
        """Hold a sound form against the registry, for who has shown the code of his phone.

        Raises WrongCode, CodeExpired, RegistryLocked, and what `registration.prepare` does.
        """
        db, keys, phone = self.codes.db, self.codes.keys, proof.to.phone or ""
        with db.read() as uow:
            codes.find(uow, proof).require_fresh(uow.now)
        self.codes.forgive(proof)
        tries = _tries(proof.to.index, registration.read_code(form.code))
        self._count(tries)
        try:
            new = registration.prepare(keys, self.registry, form, phone)
        except Unavailable:
            give_back(db, tries)
            raise
        give_back(db, tries)
        return new

    def _count(self, tries: dict[str, LockPolicy]) -> None:
        try:
            take_attempts(self.codes.db, tries)
        except Locked as locked:
            raise RegistryLocked(**locked.details) from None


def _tries(phone_index: str, code: str) -> dict[str, LockPolicy]:
    return {f"registry:phone:{phone_index[:64]}": OF_PHONE, f"registry:code:{code}": OF_COMPANY}
