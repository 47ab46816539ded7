"""Settings: typed, frozen, complete; production accepts no half measures."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from server.settings import Settings, WeChatForm

KEY = "0f" * 32
NEEDED = {
    "GUIYIN_PUBLIC_URL": "http://127.0.0.1:8321",
    "GUIYIN_MASTER_KEY": KEY,
    "GUIYIN_LINK_KEY": "1e" * 32,
}
PRODUCTION = {
    **NEEDED,
    "GUIYIN_PROFILE": "production",
    "GUIYIN_PUBLIC_URL": "https://yinzhang.example",
    "GUIYIN_DATABASE_URL": "postgresql+psycopg://db/guiyin",
    "GUIYIN_QR_STORE": "redis",
    "GUIYIN_REDIS_URL": "redis://db",
}
# Each field with a value that is not its default, as text and as it must arrive; and a bad one.
FIELDS: dict[str, tuple[str, Any, str | None]] = {
    "profile": ("development", "development", "debug"),
    "data_dir": ("elsewhere", Path("elsewhere"), None),
    "public_url": ("http://a.example:1/", "http://a.example:1", "http://a.example/path"),
    "demo_partner_url": ("http://b.example", "http://b.example", "javascript:x"),
    "app_download_url": ("https://b.example/app", "https://b.example/app", "http://b.example"),
    "master_key": (KEY, SecretStr(KEY), "0f" * 31),
    "link_key": (KEY, SecretStr(KEY), "not hexadecimal" + "0" * 49),
    "database_url": ("sqlite:///x.sqlite3", "sqlite:///x.sqlite3", None),
    "qr_store": ("memory", "memory", "paper"),
    "redis_url": ("redis://c.example", "redis://c.example", None),
    "trusted_hops": ("2", 2, "-1"),
    "log_format": ("json", "json", "xml"),
    "largest_pdf_mib": ("5", 5, "21"),
    "child_memory_mib": ("300", 300, "100"),
    "child_seconds": ("5", 5, "0"),
    "children": ("2", 2, "0"),
    "verification_seconds": ("5", 5, "0"),
    "download_link_seconds": ("60", 60, "1"),
    "grant_minutes": ("10", 10, "0"),
    "grant_idle_minutes": ("5", 5, "0"),
    "user_code_for_login": ("false", False, "perhaps"),
    "user_code_for_sign": ("true", True, "perhaps"),
    "phone_session_hours": ("2", 2, "0"),
    "desktop_session_hours": ("2", 2, "0"),
    "face_for_every_company": ("true", True, "perhaps"),
    "review": ("manual", "manual", "perhaps"),
    "application_link_days": ("3", 3, "31"),
    "requests_per_minute": ("60", 60, "many"),
    "login_pages_per_minute": ("5", 5, "0"),
    "verifications_per_minute": ("5", 5, "0"),
    "alipay_gateway": ("http://127.0.0.1:9", "http://127.0.0.1:9", "http://a.example/path"),
    "alipay_pages": ("http://127.0.0.1:9/", "http://127.0.0.1:9", "a.example"),
    "alipay_app_id": ("", "", None),
    "alipay_private_key": ("", SecretStr(""), None),
    "alipay_public_key": ("", "", None),
    "sso_issuer": ("", "", None),
    "sso_client_id": ("", "", None),
    "sso_client_secret": ("", SecretStr(""), None),
    "sso_binds_by_phone": ("true", True, "perhaps"),
    "wechat_api_base": ("http://127.0.0.1:9", "http://127.0.0.1:9", "http://a.example/path"),
    "wechat_appid": ("", "", None),
    "wechat_secret": ("", SecretStr(""), None),
    "wechat_push_token": ("guiyin", SecretStr("guiyin"), None),
    "wechat_push_aes_key": ("A" * 43, SecretStr("A" * 43), "A" * 42),
    "sms": ("console", "console", "pigeon"),
    "tencent_api_base": ("http://127.0.0.1:9", "http://127.0.0.1:9", "http://a.example/path"),
    "tencent_secret_id": ("", SecretStr(""), None),
    "tencent_secret_key": ("", SecretStr(""), None),
    "tencent_sms_app_id": ("1400000001", "1400000001", None),
    "tencent_sms_sign": ("壮掌桂", "壮掌桂", None),
    "face": ("local", "local", "mirror"),
    "tencent_face_rule_id": ("", "", None),
    "tencent_face_documents": (
        '["resident_id", "taiwan_permit"]',
        ["resident_id", "taiwan_permit"],
        '"resident_id"',
    ),
    "wechat_news": (
        '{"seal_ends": {"template": "t-1", "fields": {"thing1": "seal"}}}',
        {"seal_ends": WeChatForm(template="t-1", fields={"thing1": "seal"})},
        '{"seal_ends": "t-1"}',
    ),
    "one_signature_per_page": ("true", True, "perhaps"),
    "keys_by_method": ("false", False, "perhaps"),
    "seals_attribute": ("1.2.3.4.5", "1.2.3.4.5", "an attribute"),
    "wechat_templates": ('{"sign": ["t-1"]}', {"sign": ["t-1"]}, '{"sign": ["1","2","3","4"]}'),
    "tencent_sms_templates": ('{"enter_code": "2000001"}', {"enter_code": "2000001"}, None),
}


def load(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]) -> Settings:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return Settings.from_env()


def test_every_field_is_listed_here() -> None:
    assert set(FIELDS) == set(Settings.model_fields)


@pytest.mark.parametrize("name", FIELDS)
def test_each_field_is_read_from_its_variable(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text, value, _ = FIELDS[name]
    settings = load(monkeypatch, {**NEEDED, f"GUIYIN_{name.upper()}": text})
    assert getattr(settings, name) == value


@pytest.mark.parametrize("name", [name for name, (_, _, bad) in FIELDS.items() if bad])
def test_a_value_that_does_not_fit_stops_the_start(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = FIELDS[name][2]
    assert bad
    with pytest.raises(ValidationError) as refusal:
        load(monkeypatch, {**NEEDED, f"GUIYIN_{name.upper()}": bad})
    assert refusal.value.errors()[0]["loc"][0] == name


@pytest.mark.parametrize("name", NEEDED)
def test_what_is_missing_stops_the_start_by_name(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rest = {key: value for key, value in NEEDED.items() if key != name}
    with pytest.raises(ValidationError) as refusal:
        load(monkeypatch, rest)
    assert [one["loc"] for one in refusal.value.errors()] == [
        (name.removeprefix("GUIYIN_").lower(),)
    ]


def test_secrets_may_lie_in_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("master_key", "link_key"):
        (tmp_path / f"guiyin_{name}").write_text(KEY + "\n")
    folder = {"GUIYIN_SECRETS_DIR": str(tmp_path)}
    settings = load(monkeypatch, {**folder, "GUIYIN_PUBLIC_URL": "http://a.example"})
    assert settings.master_key_bytes == settings.link_key_bytes == bytes.fromhex(KEY)


@pytest.mark.row("S-44")
def test_settings_that_are_shown_do_not_tell_their_secrets(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings = load(monkeypatch, NEEDED)
    assert KEY[:6] not in f"{settings!r} {settings} {settings.model_dump()}"


@pytest.mark.row("S-44")
@pytest.mark.parametrize(
    "bad",
    [
        {"GUIYIN_MASTER_KEY": KEY + "00"},
        {"GUIYIN_PUBLIC_URL": "nowhere"},
        {"GUIYIN_PROFILE": "production"},
    ],
    ids=lambda one: next(iter(one)),
)
def test_a_refusal_at_the_start_does_not_tell_a_secret(
    bad: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ValidationError) as refusal:
        load(monkeypatch, {**NEEDED, **bad})
    assert KEY[:6] not in str(refusal.value)
    assert KEY[-6:] not in str(refusal.value)


def test_settings_do_not_change(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load(monkeypatch, NEEDED)
    with pytest.raises(ValidationError, match="frozen"):
        settings.profile = "production"  # type: ignore[misc]


@pytest.mark.row("S-51")
@pytest.mark.parametrize(
    "weakened",
    [
        {"GUIYIN_PUBLIC_URL": "http://yinzhang.example"},
        {"GUIYIN_QR_STORE": "memory"},
        {"GUIYIN_QR_STORE": "sqlite"},
        {"GUIYIN_DATABASE_URL": ""},
        {"GUIYIN_DATABASE_URL": "sqlite:///guiyin.sqlite3"},
        {"GUIYIN_WECHAT_API_BASE": "http://127.0.0.1:9"},
        {"GUIYIN_WECHAT_API_BASE": "https://api.weixin.qq.com.example"},
        {"GUIYIN_WECHAT_API_BASE": "http://api.weixin.qq.com"},
        {"GUIYIN_WECHAT_PUSH_TOKEN": "guiyin"},
        {"GUIYIN_ALIPAY_GATEWAY": "http://127.0.0.1:9"},
        {"GUIYIN_ALIPAY_PAGES": "https://openauth.alipay.com.example"},
        {
            "GUIYIN_SSO_ISSUER": "http://127.0.0.1:9",
            "GUIYIN_SSO_CLIENT_ID": "guiyin",
            "GUIYIN_SSO_CLIENT_SECRET": "s",
        },
        {"GUIYIN_TENCENT_API_BASE": "https://sms.tencentcloudapi.com.example"},
    ],
    ids=lambda one: next(iter(one)),
)
def test_production_refuses_half_measures(
    weakened: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ValidationError, match="production needs"):
        load(monkeypatch, {**PRODUCTION, **weakened})


def test_the_redis_store_needs_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValidationError, match="needs a redis_url"):
        load(monkeypatch, {**NEEDED, "GUIYIN_QR_STORE": "redis"})


@pytest.mark.parametrize("half", ["APPID", "SECRET"])
def test_the_mini_program_needs_both_its_id_and_its_secret(
    half: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ValidationError, match="belong together"):
        load(monkeypatch, {**NEEDED, f"GUIYIN_WECHAT_{half}": "wx1"})


def test_both_together_connect_the_mini_program(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = {"GUIYIN_WECHAT_APPID": "wx1", "GUIYIN_WECHAT_SECRET": KEY + "\n"}
    settings = load(monkeypatch, {**NEEDED, **whole})
    assert settings.wechat_appid == "wx1"
    assert settings.wechat_secret == SecretStr(KEY)
    assert settings.wechat_api_base == "https://api.weixin.qq.com"
    assert KEY not in f"{settings!r} {settings.model_dump()}"


@pytest.mark.parametrize(
    "half",
    [
        {"ALIPAY_APP_ID": "2021"},
        {"ALIPAY_APP_ID": "2021", "ALIPAY_PRIVATE_KEY": KEY},
        {"ALIPAY_PUBLIC_KEY": "key"},
        {"SSO_ISSUER": "https://platform.example"},
        {"SSO_ISSUER": "https://platform.example", "SSO_CLIENT_ID": "guiyin"},
        {"SSO_CLIENT_SECRET": KEY},
    ],
    ids=str,
)
def test_half_a_way_in_by_another_house_stops_the_start(
    half: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = {f"GUIYIN_{name}": value for name, value in half.items()}
    with pytest.raises(ValidationError, match="belong together") as refusal:
        load(monkeypatch, {**NEEDED, **environment})
    assert KEY not in str(refusal.value)


TENCENT = {"GUIYIN_TENCENT_SECRET_ID": "AKID1", "GUIYIN_TENCENT_SECRET_KEY": KEY + "\n"}


@pytest.mark.parametrize(
    ("half", "sentence"),
    [
        ({"GUIYIN_TENCENT_SECRET_ID": "AKID1"}, "belong together"),
        ({"GUIYIN_TENCENT_SECRET_KEY": KEY}, "belong together"),
        ({"GUIYIN_SMS": "tencent", "GUIYIN_TENCENT_SMS_APP_ID": "1400000001"}, "sms by tencent"),
        ({"GUIYIN_SMS": "tencent", **TENCENT}, "sms by tencent"),
        ({"GUIYIN_TENCENT_FACE_RULE_ID": "1"}, "tencent_face_rule_id needs"),
        ({"GUIYIN_FACE": "tencent", **TENCENT}, "face by tencent"),
        ({"GUIYIN_FACE": "wechat"}, "face by wechat"),
    ],
)
def test_half_an_account_at_a_service_stops_the_start(
    half: dict[str, str], sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ValidationError, match=sentence) as refusal:
        load(monkeypatch, {**NEEDED, **half})
    assert KEY not in str(refusal.value)


def test_a_whole_account_at_tencent_sends_text_messages(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = {"GUIYIN_SMS": "tencent", "GUIYIN_TENCENT_SMS_APP_ID": "1400000001", **TENCENT}
    settings = load(monkeypatch, {**NEEDED, **whole})
    assert settings.tencent_secret_key == SecretStr(KEY)
    assert KEY not in f"{settings!r} {settings.model_dump()}"


def test_production_starts_when_everything_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load(monkeypatch, PRODUCTION).is_production


def test_a_file_of_20_mib_is_20_times_1024_times_1024_bytes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert load(monkeypatch, NEEDED).largest_pdf == 20_971_520
