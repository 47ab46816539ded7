"""What can go wrong with a company's own account."""

from server.core.errors import Conflict, Forbidden, Invalid
from server.core.limits import Locked


class BadCompanyCode(Invalid):
    """Not a unified social credit code: 18 characters with a check character (GB 32100-2015)."""

    code = "bad_company_code"
    message = (
        "请输入正确的 18 位统一社会信用代码。",
        "Please enter a correct 18-character unified social credit code.",
    )
    next_step = ("请对照营业执照检查。", "Compare it with the business licence.")


class UnknownLegalForm(Invalid):
    """A kind of legal person that is not offered; `legal_forms` names those that are."""

    code = "unknown_legal_form"
    message = ("请选择法人类型。", "Please choose the kind of legal person.")
    next_step = ("请从列表中选择。", "Choose one from the list.")


class RegistryMismatch(Invalid):
    """Name, code or representative differ from the registry; which of them is not said."""

    code = "registry_mismatch"
    message = (
        "填写的企业或法人代表信息与登记信息不一致。",
        "The company or its representative is not as registered.",
    )
    next_step = (
        "请对照营业执照检查名称、代码、法人代表姓名和证件号。",
        "Check name, code and representative against the business licence.",
    )


class RegistryLocked(Locked):
    """Facts that do not fit were held against the registry too often, by a phone or for a code."""

    code = "registry_locked"
    message = (
        "企业登记信息核对失败次数过多，已暂时锁定。",
        "Locked after too many facts that do not fit the registry.",
    )
    next_step = (
        "请对照营业执照核实，并在锁定结束后重试。",
        "Check them against the business licence, and try again when the lock ends.",
    )


class CompanyStruckOff(Conflict):
    """The registry has struck the company off."""

    code = "company_struck_off"
    message = ("该企业已注销登记。", "The company has been struck off.")
    next_step = ("如有疑问请联系登记机关。", "Ask the registration office.")


class CompanyRegistered(Conflict):
    """The company has a login already; said only to somebody who knows all its facts."""

    code = "company_registered"
    message = ("该企业已注册账号。", "The company has an account already.")
    next_step = ("请直接登录，或选择“忘记密码”。", "Log in, or choose “Forgot password”.")


class WrongCompanyPassword(Invalid):
    """The code or the password is not right; which of them is not said (S-24)."""

    code = "wrong_company_password"
    message = ("账号或密码不正确。", "The account or the password is not right.")
    next_step = ("请重新输入，或选择“忘记密码”。", "Try again, or choose “Forgot password”.")


class CompanyPasswordLocked(Locked):
    """Five wrong passwords for one company code."""

    code = "company_password_locked"
    message = ("密码输错次数过多，已暂时锁定。", "Locked after too many wrong passwords.")
    next_step = ("请在锁定结束后重试，或找回密码。", "Wait until the lock ends, or reset it.")


class FaceGate(Forbidden):
    """Whoever acts for a company shows his face first (F-10)."""

    code = "face_required"
    message = ("请先完成人脸核验。", "Please take the face check first.")
    next_step = ("核验通过后即可进入。", "You can go on once it has passed.")
