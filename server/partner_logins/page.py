"""The page of ours that shows a partner's login code, and leads the browser back to the partner."""

from dataclasses import dataclass, replace
from typing import Self
from urllib.parse import urlencode, urlsplit

from qr_session import Purpose, QrSessionError, QrSessionService, State
from server.accounts.qr_login import Asking, CodePage
from server.core.ids import fingerprint, new_secret
from server.partner_logins.models import PartnerLogin


@dataclass(frozen=True)
class PartnerLoginPage(CodePage):
    """One browser's page of one login. `browser` is that browser's secret name, without which the
    cookie opens nothing: nobody can plant a page of his own in somebody else's browser (S-10).
    """

    browser: str = ""

    @classmethod
    def begun_for(
        cls, qr: QrSessionService, login: PartnerLogin, browser: str, asking: Asking
    ) -> Self:
        """A QR session for this browser; its time begins now, when it is seen (decision 0006)."""
        asking = replace(asking, partner_login=login.id)
        secret = new_secret()
        created = qr.create(
            purpose=Purpose.LOGIN,
            subject=asking.subject,
            named_signer=login.named_signer,
            page_token=_bound(secret, browser),
        )
        return cls(qr, created.id + secret, login.id, browser)

    @property
    def token(self) -> str:
        return _bound(super().token, self.browser)

    @property
    def is_shown(self) -> bool:
        """Whether this browser is the page; a look only."""
        try:
            self.view()
        except QrSessionError:
            return False
        return True

    def agree(self) -> str:
        """是我，登录: a code of 60 s, good once, for the partner's back end alone; it replaces the
        last one. See `QrSessionService.login_code`."""
        return self.qr.login_code(self.session_id, self.token)

    def give_up(self) -> str:
        """End the login if it is open; why nothing came of it, in the words of RFC 6749 4.1.2.1
        and RFC 8628 3.5. Raises PageTokenRefused."""
        state = self.view().state
        self.leave()
        return "expired_token" if state is State.EXPIRED else "access_denied"


def address_back(login: PartnerLogin, **told: str) -> str:
    """The registered address with what the partner is told added to its query."""
    words = told | ({"state": login.state} if login.state else {})
    parts = urlsplit(login.return_url)
    query = "&".join(filter(None, (parts.query, urlencode(words))))
    return parts._replace(query=query).geturl()


def _bound(secret: str, browser: str) -> str:
    return fingerprint(f"{secret} {browser}")
