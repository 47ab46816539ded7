"""No WeChat: what an installation without a mini-program has."""

from collections.abc import Mapping
from datetime import timedelta
from typing import ClassVar

from server.providers.wechat import (
    FaceOutcome,
    FaceStarted,
    TextScene,
    TextVerdict,
    WeChatIdentity,
    WeChatNotConfigured,
)


class NoWeChat:
    """Every method says that nothing is connected; phone pages and the app need none of it."""

    development_only: ClassVar[bool] = False

    def code_to_session(self, js_code: str) -> WeChatIdentity:
        """Raises WeChatNotConfigured."""
        raise WeChatNotConfigured

    def phone_number(self, code: str) -> str:
        """Raises WeChatNotConfigured."""
        raise WeChatNotConfigured

    def qr_code(
        self, scene: str, *, page: str, env_version: str = "release", width: int = 430
    ) -> bytes:
        """Raises WeChatNotConfigured."""
        raise WeChatNotConfigured

    def url_link(self, path: str, *, query: str = "", life: timedelta) -> str:
        """Raises WeChatNotConfigured."""
        raise WeChatNotConfigured

    def send_subscribe_message(
        self, *, openid: str, template: str, fields: Mapping[str, str], page: str
    ) -> None:
        """Raises WeChatNotConfigured."""
        raise WeChatNotConfigured

    def check_text(self, *, openid: str, scene: TextScene, text: str) -> TextVerdict:
        """Raises WeChatNotConfigured."""
        raise WeChatNotConfigured

    def start_face(self, *, out_seq_no: str, name: str, id_number: str, openid: str) -> FaceStarted:
        """Raises WeChatNotConfigured."""
        raise WeChatNotConfigured

    def face_result(
        self, *, verify_id: str, out_seq_no: str, name: str, id_number: str, openid: str
    ) -> FaceOutcome:
        """Raises WeChatNotConfigured."""
        raise WeChatNotConfigured
