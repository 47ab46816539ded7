"""Every code has its sentence and its next step, in both languages."""

import pytest

from qr_session import Code, Purpose, QrSessionError, errors, words, words_on_phone


def all_errors(kind: type = QrSessionError) -> list[type]:
    return [kind, *(below for child in kind.__subclasses__() for below in all_errors(child))]


@pytest.mark.parametrize("code", Code)
def test_every_code_is_said_in_chinese_and_english(code):
    for zh, en in words(code):
        assert any("\u4e00" <= sign <= "\u9fff" for sign in zh)
        assert en.isprintable()
        assert all(ord(sign) < 0x4E00 for sign in en)
        assert zh != en


@pytest.mark.row("F-40")
@pytest.mark.parametrize(
    "code", [Code.USER_DECLINED, Code.VERIFICATION_FAILED, Code.EXPIRED_UNCONFIRMED]
)
def test_a_failed_verification_tells_the_page_to_refresh(code):
    said = words(code)
    assert said.message[0].startswith("认证失败")
    assert said.next_step[0] == "刷新二维码"


@pytest.mark.row("F-39")
def test_the_phone_reads_that_the_signature_succeeded():
    assert words_on_phone(Code.CONFIRMED, Purpose.SIGN).message[0] == "签名成功"
    assert words_on_phone(Code.CONSUMED, Purpose.SIGN).message[0] == "签名成功"
    assert words_on_phone(Code.CONFIRMED, Purpose.LOGIN).message[0] == "已确认登录"
    assert words_on_phone(Code.PIN_WRONG, Purpose.SIGN) == words(Code.PIN_WRONG)


def test_the_words_of_rfc_8628_are_used_where_it_has_one():
    assert {"authorization_pending", "slow_down", "access_denied", "expired_token"} <= set(Code)


def test_no_two_errors_share_a_code():
    codes = [kind.code for kind in set(all_errors()) if "code" in vars(kind)]
    assert len(codes) == len(set(codes)) > 20


def test_an_error_speaks_for_itself():
    error = errors.WrongSigner()
    assert (str(error), error.message[0]) == ("wrong_signer", "扫码的人不是指定的签署人。")


def test_the_end_of_a_session_is_told_by_its_hint():
    error = errors.SessionEnded(Code.SEAL_SUSPENDED)
    assert str(error) == "access_denied"
    assert error.message == words(Code.SEAL_SUSPENDED).message
    assert error.next_step == words(Code.SEAL_SUSPENDED).next_step
