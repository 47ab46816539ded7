"""What can go wrong when a person comes in."""

from server.core.errors import (
    Conflict,
    Forbidden,
    Gone,
    Invalid,
    NotFound,
    TooMany,
    Unauthenticated,
)
from server.core.limits import Locked


class BadPhone(Invalid):
    """Not the number of a mobile phone in mainland China."""

    code = "bad_phone"
    message = ("请输入正确的手机号/身份证", "Please enter a correct phone or ID number.")
    next_step = ("请检查后重新输入。", "Check the number and try again.")


class BadIdNumber(Invalid):
    """A document number whose form or check digit is wrong (B2.2)."""

    code = "bad_id_number"
    message = ("请输入正确的手机号/身份证", "Please enter a correct phone or ID number.")
    next_step = ("请检查后重新输入。", "Check the number and try again.")


class AgreementsNotTicked(Invalid):
    """Logging in needs both agreements (B2.1)."""

    code = "agreements_not_ticked"
    message = (
        "请先阅读并勾选《用户注册协议》和《用户隐私政策》。",
        "Please accept the agreements.",
    )
    next_step = ("勾选后再登录。", "Tick the box and log in again.")


class WrongCode(Invalid):
    """The SMS code is not the one that was sent; also said when none was sent."""

    code = "wrong_sms_code"
    message = ("验证码不正确。", "The code is not right.")
    next_step = ("请核对短信中的验证码。", "Compare it with the text message.")


class CodeExpired(Gone):
    """The code was used, or is older than five minutes."""

    code = "sms_code_expired"
    message = ("验证码已失效。", "The code is no longer valid.")
    next_step = ("请重新获取验证码。", "Ask for a new code.")


class CodeTooSoon(TooMany):
    """One code a minute for each phone; `retry_after` says when."""

    code = "sms_too_soon"
    message = ("验证码已发送，请勿重复获取。", "A code was sent a moment ago.")
    next_step = ("60 秒后可重新获取。", "You can ask for another after 60 seconds.")


class LoginNeeded(Unauthenticated):
    """Nobody is logged in, or the login has ended."""

    code = "login_needed"
    message = ("请先登录。", "Please log in first.")
    next_step = ("登录后会回到这一步。", "You will come back here after logging in.")


class LoginNotFound(NotFound):
    """No such login of this person; also said of one that has ended."""

    code = "login_not_found"
    message = ("没有找到这次登录，可能已经结束。", "There is no such login; it may have ended.")
    next_step = ("请刷新页面查看最新的登录列表。", "Reload the page to see the present logins.")


class FaceNotPassed(Invalid):
    """No face check stands behind this step: none passed, or it was for another one or is old."""

    code = "face_not_passed"
    message = ("人脸核验未通过或已失效。", "The face check did not pass, or is too old.")
    next_step = ("请重新进行人脸核验。", "Please take the face check again.")


class FaceLocked(Locked):
    """Ten face checks without one that passed, for one person or one name that was typed."""

    code = "face_locked"
    message = ("人脸核验次数过多，已暂时锁定。", "Locked after too many face checks.")
    next_step = ("请稍后再试，或改用短信验证码。", "Wait until the lock ends, or use an SMS code.")


class FaceNeedsDocument(Invalid):
    """A forgotten password is set by face for the number of a document alone (B2.1)."""

    code = "face_needs_document"
    message = ("人脸认证仅支持身份证等证件号账号。", "A face check needs an ID document's number.")
    next_step = (
        "请输入证件号码，或改用手机验证码。",
        "Enter the number of the document, or use a text message code.",
    )


class FaceCheckUnknown(NotFound):
    """No such check of this browser or session; also said of somebody else's."""

    code = "face_check_unknown"
    message = ("没有找到这次人脸核验。", "There is no such face check.")
    next_step = ("请回到原来的页面重新开始。", "Go back to where you came from and begin again.")


class UnknownDocumentType(Invalid):
    """A document type that is not offered; `types` names those that are (F-07)."""

    code = "unknown_document_type"
    message = ("不支持该证件类型。", "This type of document is not supported.")
    next_step = ("请选择列出的证件类型。", "Choose one of the listed types.")


class BadName(Invalid):
    """A person's name that is empty, too long or holds characters no name has."""

    code = "bad_name"
    message = ("请输入真实姓名。", "Please enter the real name.")
    next_step = ("请按证件上的姓名填写。", "Write it as in the document.")


class WeakPassword(Invalid):
    """Too short, too long, of one kind of character only, or holding the owner's own number."""

    code = "weak_password"
    message = ("密码过于简单。", "The password is too weak.")
    next_step = (
        "请使用 8 至 64 位，并包含字母和数字。",
        "Use 8 to 64 characters with letters and digits.",
    )


class WrongPassword(Invalid):
    """The account or the password is not right; which of them is not said (S-24)."""

    code = "wrong_password"
    message = ("账号或密码不正确。", "The account or the password is not right.")
    next_step = ("请重新输入，或选择“忘记密码”。", "Try again, or choose “Forgot password”.")


class PasswordLocked(Locked):
    """Five wrong passwords for one account, whether it exists or not."""

    code = "password_locked"
    message = ("密码输错次数过多，已暂时锁定。", "Locked after too many wrong passwords.")
    next_step = (
        "请在锁定结束后重试，或用验证码登录。",
        "Wait until the lock ends, or log in by code.",
    )


class TooManyCodes(TooMany):
    """A phone, an address or the day has used up its codes (S-23); `retry_after` says when."""

    code = "too_many_codes"
    message = ("验证码获取次数过多。", "Too many codes were asked for.")
    next_step = ("请稍后再试，或使用其他方式登录。", "Try later, or log in another way.")


class RegistrationNeeded(Conflict):
    """The code was right and nobody has registered this phone: the same code registers it."""

    code = "registration_needed"
    message = ("该手机号尚未注册。", "This phone is not registered yet.")
    next_step = ("请完成注册，验证码无需重新获取。", "Register now; the same code is good for it.")


class RealNameNeeded(Forbidden):
    """This step needs a real name, and the account has only a phone (P-37)."""

    code = "real_name_needed"
    message = ("请先完成实名认证。", "Please verify your real name first.")
    next_step = ("在“我的”中完成实名认证后继续。", "Verify it under “Me”, then go on.")


class IdentityTaken(Conflict):
    """Another account holds this bound identity."""

    code = "identity_taken"
    message = ("该账号已被其他用户绑定。", "It is bound to another account.")
    next_step = ("请先在原账号中解除绑定。", "Unbind it there first.")


class AnotherIdentityBound(Conflict):
    """The account has another identity of the same house: one at a time."""

    code = "another_identity_bound"
    message = (
        "您的账号已绑定另一个同类账号。",
        "Your account has another one of this kind.",
    )
    next_step = ("请先在“我的”中解除绑定。", "Unbind that one under “Me” first.")


class IdentityTicketRefused(Gone):
    """What named the identity between two requests is forged or older than ten minutes."""

    code = "identity_ticket_refused"
    message = ("授权信息已失效。", "The authorisation is no longer valid.")
    next_step = ("请重新授权后再试。", "Authorise again, then go on.")


class IdentityNotBound(Forbidden):
    """One-tap login is for bound accounts only (F-08)."""

    code = "identity_not_bound"
    message = ("尚未绑定账号，无法一键登录。", "No account is bound to it yet.")
    next_step = ("请用其他方式登录后在“我的”中绑定。", "Log in another way and bind it under “Me”.")


class AgreementsChanged(Forbidden):
    """An agreement has a new version that this person has not seen (P-41)."""

    code = "agreements_changed"
    message = ("协议已更新，请阅读后同意。", "The agreements have changed.")
    next_step = ("阅读并勾选后继续。", "Read and accept them to go on.")


class ConsentNeeded(Invalid):
    """A face or an ID number is used only with a separate consent of its own."""

    code = "consent_needed"
    message = ("需要您单独同意后才能继续。", "This needs your separate consent.")
    next_step = ("请阅读说明并勾选同意。", "Read the notice and tick the box.")


class PhoneTaken(Conflict):
    """Another account has this phone; said only to somebody who holds the phone."""

    code = "phone_taken"
    message = ("该手机号已绑定其他账号。", "Another account has this phone.")
    next_step = ("请用该手机号登录，或更换手机号。", "Log in with it, or use another phone.")


class PhoneNotBound(Conflict):
    """A code to the bound phone was asked for, and the account has none."""

    code = "phone_not_bound"
    message = ("尚未绑定手机号。", "The account has no phone.")
    next_step = ("请改用密码或人脸核验。", "Use the password or a face check.")


class NotForCompanyLogin(Forbidden):
    """A company's own login acts for that company, and touches nothing of its person's own."""

    code = "not_for_company_login"
    message = ("企业账号不能进行个人操作。", "A company's login cannot do this.")
    next_step = ("请用个人账号登录后操作。", "Log in with your personal account.")


class AccountInUse(Conflict):
    """The account cannot be closed yet; `obstacles` says what is still open, in words."""

    code = "account_in_use"
    message = ("还有未办结的事项，暂不能注销账号。", "The account cannot be closed yet.")
    next_step = ("请先办结列出的事项。", "Finish what is listed first.")


class ClosingNotConfirmed(Invalid):
    """Closing an account is for good, and needs the tick that says so."""

    code = "closing_not_confirmed"
    message = ("请先确认已了解注销的后果。", "Please confirm that closing is for good.")
    next_step = ("请阅读说明并勾选后再提交。", "Read the page and tick it, then try again.")


class LastWayIn(Conflict):
    """Taking this away would leave no way to log in."""

    code = "last_way_in"
    message = ("解除后将无法登录。", "You could not log in any more.")
    next_step = ("请先绑定手机号或其他登录方式。", "Bind a phone or another way first.")


class FaceNotSupported(Invalid):
    """The face check that is at hand cannot check this document; `ways` names others."""

    code = "face_not_supported"
    message = ("该证件暂不支持人脸核验。", "Faces cannot be checked for this document.")
    next_step = ("请改用短信验证码或到窗口办理。", "Use an SMS code, or come to the counter.")
