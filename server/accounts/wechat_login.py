"""Coming in by WeChat: who opened the mini-program, and the phone that WeChat knows of him.

For the mini-program's routes, in the order of use:

- `recognise(js_code)`: the WeChat identity behind `wx.login`; `account_id` says whether it is
  bound. One call of WeChat, and nothing else of ours is asked of it.
- bound: `identities.log_in(uow, identity.id, device)` opens the session.
- not bound: the person proves an account by any other way in, then
  `identities.bind(uow, identity.id, account.id)` in the same transaction; or
  `enter_by_phone(identity.id, code, arrival)` with the code of `getPhoneNumber`.

Between two requests the mini-program holds `server.web.identity_tickets.issue(identity.id)`.
"""

from dataclasses import dataclass

from server.accounts import consents, identities, registration
from server.accounts.codes import Recipient, to_phone
from server.accounts.identities import Assertion
from server.accounts.models import Account, Identity, IdentityKind, Means
from server.accounts.registration import Declared
from server.accounts.sessions import Device
from server.core.db import Database
from server.providers.keys import Keys
from server.providers.wechat import WeChat


@dataclass(frozen=True)
class Arrival:
    """How somebody comes in: with the agreements ticked or not, from where, and perhaps with the
    name and document that he says are his."""

    agreed: bool
    device: Device
    declared: Declared | None = None


@dataclass(frozen=True)
class WeChatDesk:
    """Serves a phone in the mini-program `appid`."""

    db: Database
    keys: Keys
    wechat: WeChat
    appid: str

    def recognise(self, js_code: str) -> Identity:
        """The identity of who opened the mini-program, kept; it may be bound to nobody.

        Raises WeChatCodeRefused, WeChatAccountRefused, WeChatUnavailable.
        """
        found = self.wechat.code_to_session(js_code)
        said = Assertion(IdentityKind.WECHAT, self.appid, found.openid, found.unionid)
        sealed = identities.prepare(self.keys, said)
        with self.db.begin() as uow:
            return identities.keep(uow, sealed)

    def proved_phone(self, code: str) -> Recipient:
        """The phone behind a code of `getPhoneNumber`, which WeChat has verified.

        Raises WeChatCodeRefused, WeChatUnavailable; BadPhone for a number from elsewhere.
        """
        return to_phone(self.keys, self.wechat.phone_number(code))

    def enter_by_phone(self, identity_id: str, code: str, arrival: Arrival) -> tuple[Account, str]:
        """Register the phone that WeChat proves, or come in by its account; bind the identity.

        The account and the session's token. An account that is bound to another WeChat is not
        entered: a number may have gone to a new owner. Raises AgreementsNotTicked, IdentityTaken,
        AnotherIdentityBound, what `proved_phone` raises.
        """
        consents.require_ticked(arrival.agreed)
        to = self.proved_phone(code)
        new = registration.prepare(self.keys, to.phone or "", arrival.declared)
        with self.db.begin() as uow:
            account = registration.account_of_phone(uow, new, to.index)
            identities.bind(uow, identity_id, account.id)
            return registration.let_in(uow, account, arrival.device, Means.WECHAT)
