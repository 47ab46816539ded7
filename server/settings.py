"""Every setting of the product, read once from the environment; nothing else reads it."""

import os
import re
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from qr_session import Purpose

WECHAT = "https://api.weixin.qq.com"
ALIPAY, ALIPAY_PAGES = "https://openapi.alipay.com", "https://openauth.alipay.com"


class WeChatForm(BaseModel):
    """A subscribe template of WeChat's: its id, and what fills each of its fields."""

    template: str
    fields: dict[str, str]


class Settings(BaseSettings):
    """Frozen and typed. Each field is `GUIYIN_<NAME>`, or a file of that name in lower case in
    the folder `GUIYIN_SECRETS_DIR`. A missing secret stops the start. See `docs/operations.md`.
    """

    # An error that showed its input would print half of the master key at the start.
    model_config = SettingsConfigDict(
        env_prefix="GUIYIN_", frozen=True, extra="forbid", hide_input_in_errors=True
    )

    profile: Literal["development", "production"] = "development"
    data_dir: Path = Path("var")
    public_url: str = Field(description="scheme, host and port that browsers and phones see")
    demo_partner_url: str = ""
    app_download_url: str = Field(default="", pattern=r"^(https://[^\s\"<>]+)?$")
    master_key: SecretStr = Field(description="32 bytes as 64 hexadecimal characters")
    link_key: SecretStr = Field(description="signs short-lived links; 64 hexadecimal characters")
    database_url: str = Field(default="", repr=False)
    qr_store: Literal["memory", "sqlite", "redis"] = "sqlite"
    redis_url: str = Field(default="", repr=False)
    trusted_hops: int = Field(default=0, ge=0, le=5)
    log_format: Literal["text", "json"] = "text"
    largest_pdf_mib: int = Field(default=20, ge=1, le=20)
    child_memory_mib: int = Field(default=700, ge=200)
    child_seconds: int = Field(default=30, ge=1)
    children: int = Field(default=1, ge=1)
    verification_seconds: int = Field(default=10, ge=1)
    download_link_seconds: int = Field(default=300, ge=10)
    seals_attribute: str = Field(default="1.3.6.1.4.1.32473.38540.1", pattern=r"^[0-2](\.\d+){3,}$")
    one_signature_per_page: bool = False
    keys_by_method: bool = True
    grant_minutes: int = Field(default=30, ge=1)
    grant_idle_minutes: int = Field(default=10, ge=1)
    user_code_for_login: bool = True
    user_code_for_sign: bool = False
    phone_session_hours: int = Field(default=12, ge=1)
    desktop_session_hours: int = Field(default=8, ge=1)
    face_for_every_company: bool = False
    review: Literal["automatic", "manual"] = "automatic"
    application_link_days: int = Field(default=7, ge=1, le=30)
    requests_per_minute: int = Field(default=600, ge=1)
    login_pages_per_minute: int = Field(default=60, ge=1)
    verifications_per_minute: int = Field(default=20, ge=1)
    alipay_gateway: str = ALIPAY
    alipay_pages: str = ALIPAY_PAGES
    alipay_app_id: str = ""
    alipay_private_key: SecretStr = SecretStr("")
    alipay_public_key: str = ""
    sso_issuer: str = ""
    sso_client_id: str = ""
    sso_client_secret: SecretStr = SecretStr("")
    sso_binds_by_phone: bool = False
    wechat_api_base: str = WECHAT
    wechat_appid: str = ""
    wechat_secret: SecretStr = SecretStr("")
    wechat_push_token: SecretStr = SecretStr("")
    wechat_push_aes_key: SecretStr = SecretStr("")
    wechat_templates: dict[str, Annotated[list[str], Field(max_length=3)]] = Field(default={})
    wechat_news: dict[str, WeChatForm] = Field(default={})
    sms: Literal["console", "tencent"] = "console"
    tencent_api_base: str = ""
    tencent_secret_id: SecretStr = SecretStr("")
    tencent_secret_key: SecretStr = SecretStr("")
    tencent_sms_app_id: str = ""
    tencent_sms_sign: str = "桂印"
    tencent_sms_templates: dict[str, str] = Field(default={})
    face: Literal["local", "tencent", "wechat"] = "local"
    tencent_face_rule_id: str = ""
    tencent_face_documents: list[str] = Field(default=["resident_id"])

    @classmethod
    def from_env(cls) -> Self:
        """Read the environment; raises pydantic's ValidationError, which names what is missing."""
        return cls(_secrets_dir=os.environ.get("GUIYIN_SECRETS_DIR"))  # type: ignore[call-arg]

    @field_validator("master_key", "link_key")
    @classmethod
    def _is_a_key(cls, value: SecretStr) -> SecretStr:
        try:
            key = bytes.fromhex(value.get_secret_value().strip())
        except ValueError:
            key = b""
        if len(key) != 32:
            raise ValueError("64 hexadecimal characters are needed")
        return value

    @field_validator(
        "wechat_secret",
        "wechat_push_token",
        "wechat_push_aes_key",
        "tencent_secret_id",
        "tencent_secret_key",
        "sso_client_secret",
    )
    @classmethod
    def _has_no_space_around(cls, value: SecretStr) -> SecretStr:
        return SecretStr(value.get_secret_value().strip())

    @field_validator("wechat_push_aes_key")
    @classmethod
    def _is_an_aes_key(cls, value: SecretStr) -> SecretStr:
        if value and not re.fullmatch("[0-9A-Za-z]{43}", value.get_secret_value()):
            raise ValueError("the 43 characters of WeChat's EncodingAESKey are needed")
        return value

    @field_validator(
        "public_url",
        "demo_partner_url",
        "wechat_api_base",
        "tencent_api_base",
        "alipay_gateway",
        "alipay_pages",
    )
    @classmethod
    def _has_no_path(cls, value: str) -> str:
        if value and not re.fullmatch(r"https?://[^/?#@\s]+/?", value):
            raise ValueError("scheme, host and port are needed, and nothing behind them")
        return value.rstrip("/")

    @model_validator(mode="after")
    def _store_has_an_address(self) -> Self:
        if self.qr_store == "redis" and not self.redis_url:
            raise ValueError("the redis store needs a redis_url")
        return self

    @model_validator(mode="after")
    def _wechat_is_whole(self) -> Self:
        if bool(self.wechat_appid) != bool(self.wechat_secret):
            raise ValueError("wechat_appid and wechat_secret belong together")
        return self

    @model_validator(mode="after")
    def _tencent_is_whole(self) -> Self:
        if bool(self.tencent_secret_id) != bool(self.tencent_secret_key):
            raise ValueError("tencent_secret_id and tencent_secret_key belong together")
        if self.sms == "tencent" and not (self.tencent_secret_id and self.tencent_sms_app_id):
            raise ValueError("sms by tencent needs tencent_secret_id and tencent_sms_app_id")
        if self.tencent_face_rule_id and not self.tencent_secret_id:
            raise ValueError("tencent_face_rule_id needs tencent_secret_id")
        return self

    @model_validator(mode="after")
    def _face_has_a_service(self) -> Self:
        if self.face == "tencent" and not self.tencent_face_rule_id:
            raise ValueError("face by tencent needs tencent_face_rule_id")
        if self.face == "wechat" and not self.wechat_appid:
            raise ValueError("face by wechat needs wechat_appid")
        return self

    @model_validator(mode="after")
    def _houses_are_whole(self) -> Self:
        alipay = (self.alipay_app_id, self.alipay_private_key, self.alipay_public_key)
        if any(alipay) and not all(alipay):
            raise ValueError("alipay_app_id, _private_key and _public_key belong together")
        sso = (self.sso_issuer, self.sso_client_id, self.sso_client_secret)
        if any(sso) and not all(sso):
            raise ValueError("sso_issuer, sso_client_id and sso_client_secret belong together")
        return self

    @model_validator(mode="after")
    def _houses_are_real_in_production(self) -> Self:
        if self.is_production:
            if (self.alipay_gateway, self.alipay_pages) != (ALIPAY, ALIPAY_PAGES):
                raise ValueError(f"production needs {ALIPAY}: elsewhere is only a stand-in")
            if self.sso_issuer and not self.sso_issuer.startswith("https://"):
                raise ValueError("production needs an sso_issuer that begins with https://")
        return self

    @model_validator(mode="after")
    def _production_is_strict(self) -> Self:
        if self.profile == "production":
            if not self.public_url.startswith("https://"):
                raise ValueError("production needs a public_url that begins with https://")
            if self.qr_store != "redis":
                raise ValueError("production needs the redis store, which all processes see")
            if not self.database_url.startswith("postgresql"):
                raise ValueError("production needs a PostgreSQL database_url")
            if self.wechat_api_base != WECHAT:
                raise ValueError(f"production needs {WECHAT}: elsewhere is only a stand-in")
            if self.tencent_api_base:
                raise ValueError(
                    "production needs Tencent itself: tencent_api_base is a stand-in's"
                )
            if self.wechat_push_token and not self.wechat_push_aes_key:
                raise ValueError("production needs encrypted pushes: set wechat_push_aes_key")
        return self

    @property
    def is_production(self) -> bool:
        return self.profile == "production"

    @property
    def user_code_for(self) -> frozenset[Purpose]:
        """The purposes whose pages show letters to type where no camera is."""
        wanted = {Purpose.LOGIN: self.user_code_for_login, Purpose.SIGN: self.user_code_for_sign}
        return frozenset(purpose for purpose, is_wanted in wanted.items() if is_wanted)

    @property
    def database(self) -> str:
        """The database's URL: the given one, or a SQLite file in the data folder."""
        return self.database_url or f"sqlite:///{self.data_dir / 'guiyin.sqlite3'}"

    @property
    def master_key_bytes(self) -> bytes:
        return bytes.fromhex(self.master_key.get_secret_value().strip())

    @property
    def link_key_bytes(self) -> bytes:
        return bytes.fromhex(self.link_key.get_secret_value().strip())

    @property
    def largest_pdf(self) -> int:
        """Bytes; MB in the manuals is 1024 x 1024 (Settled 7)."""
        return self.largest_pdf_mib * 1024 * 1024
