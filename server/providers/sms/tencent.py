"""Short messages by Tencent Cloud (SendSms, 2021-01-11)."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from server.core.clock import Clock
from server.providers.sms import Receipt, SmsRefused, SmsUnavailable, masked
from server.providers.sms.templates import TEMPLATES, values
from server.providers.tencent import TencentAccount, TencentFailed, TencentService

log = logging.getLogger(__name__)

REGION: Final = "ap-guangzhou"
OK: Final = "Ok"
# Said of one number; the others are still served.
OF_ONE_NUMBER: Final = (
    "LimitExceeded.PhoneNumber",
    "LimitExceeded.DeliveryFrequencyLimit",
    "FailedOperation.PhoneNumberInBlacklist",
    "FailedOperation.PhoneNumberParseFail",
    "InvalidParameterValue.IncorrectPhoneNumber",
)


@dataclass(frozen=True)
class TencentTexts:
    """What Tencent's console has approved: the application, the signature without its brackets,
    and the number of each of our templates.
    """

    app_id: str
    sign: str
    templates: Mapping[str, str]


class TencentSms:
    """See Sms. ValueError for texts that Tencent has no number for."""

    development_only: ClassVar[bool] = False

    def __init__(self, account: TencentAccount, texts: TencentTexts, clock: Clock) -> None:
        if missing := sorted(set(TEMPLATES) - set(texts.templates)):
            raise ValueError(f"text messages without a template of Tencent's: {missing}")
        self._texts, self._clock = texts, clock
        self._service = TencentService(account, "sms", REGION)

    def send(self, phone: str, template: str, params: Mapping[str, str]) -> Receipt:
        """See Sms.send."""
        asked = {
            "PhoneNumberSet": [f"+86{phone}"],
            "SmsSdkAppId": self._texts.app_id,
            "SignName": self._texts.sign,
            "TemplateId": self._texts.templates[template],
            "TemplateParamSet": values(template, params),
        }
        about = {"phone": masked(phone), "template": template}
        try:
            status = _status(self._service.ask("SendSms", asked))
        except TencentFailed as error:
            raise _refusal(error.code, about) from None
        if status.get("Code") != OK:
            raise _refusal(str(status.get("Code")), about)
        number = str(status.get("SerialNo") or "")
        log.info("sms_sent", extra={"id": number, **about})
        return Receipt(number, self._clock.now())

    def close(self) -> None:
        """End the connections."""
        self._service.close()


def _status(answer: dict[str, Any]) -> dict[str, Any]:
    """What became of the one message; raises TencentFailed for an answer without it."""
    statuses = answer.get("SendStatusSet")
    if not isinstance(statuses, list) or len(statuses) != 1 or not isinstance(statuses[0], dict):
        raise TencentFailed("unreadable")
    status: dict[str, Any] = statuses[0]
    return status


def _refusal(reason: str, about: dict[str, str]) -> SmsUnavailable:
    log.warning("sms_refused", extra={"error_code": reason[:80], **about})
    return SmsRefused() if reason.startswith(OF_ONE_NUMBER) else SmsUnavailable()
