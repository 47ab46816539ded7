"""Why a check was not passed: a sentence and a next step for each code of the verifier."""

from collections.abc import Mapping
from typing import Final

from server.validation.next_steps import (
    AUTHORITY,
    DOUBT,
    LATER,
    NOTHING,
    ORIGINAL,
    SEAL_AGAIN,
    WHOLE_FILE,
)
from server.validation.sentences import Words

Cause = tuple[Words, Words]
"""What is the matter, and what to do next; each in Chinese and in English."""

CAUSES: Final[Mapping[str, Cause]] = {
    # The file
    "changed_later": (
        ("文件在签章后被修改。", "The file was changed after it was sealed."),
        ORIGINAL,
    ),
    "no_signature": (
        ("文件中没有电子印章，也没有数字签名。", "The file holds neither a seal nor a signature."),
        ("请确认上传的是已签章的文件。", "Check that this is the sealed file."),
    ),
    "no_seal": (
        (
            "文件中有数字签名，但没有电子印章；签名有效。",
            "The file holds signatures and no seal; the signatures are valid.",
        ),
        ("如文件应当盖有电子印章，请向签章人核实。", "If it should carry a seal, ask its signer."),
    ),
    "uncounted_fields": (
        (
            "文件中有不属于任何有效签章的印章图样。",
            "The file shows a seal that belongs to no signature there.",
        ),
        DOUBT,
    ),
    "seal_not_shown": (
        (
            "印章数据有效，但没有显示在文件的任何位置。",
            "The seal's data is good, but it is shown nowhere in the file.",
        ),
        DOUBT,
    ),
    # 1 Format
    "seal_unreadable": (
        ("电子印章数据不符合国家标准，无法读取。", "The seal's data does not follow the standard."),
        SEAL_AGAIN,
    ),
    "versions_differ": (
        (
            "电子印章与签章数据的版本不一致。",
            "The seal and its signature are of different versions.",
        ),
        SEAL_AGAIN,
    ),
    "signature_unreadable": (
        ("数字签名数据无法读取。", "The signature's data cannot be read."),
        DOUBT,
    ),
    # 2 Signer's certificate
    "signer_unreadable": (
        ("签章者证书无法读取。", "The signer's certificate cannot be read."),
        SEAL_AGAIN,
    ),
    "signer_not_listed": (
        (
            "签章者证书不在该印章的证书列表中，签章者无权使用该印章。",
            "The seal does not name this signer: he may not use it.",
        ),
        DOUBT,
    ),
    "digest_unknown": (
        (
            "印章以未知的杂凑算法登记签章者，无法核对。",
            "The seal names its signers by an unknown digest.",
        ),
        AUTHORITY,
    ),
    "key_usage": (
        ("该证书不允许用于签名。", "This certificate may not be used to sign."),
        DOUBT,
    ),
    # 3 The seal
    "maker_unreadable": (
        ("制章者证书无法读取。", "The maker's certificate cannot be read."),
        SEAL_AGAIN,
    ),
    "seal_forged": (
        (
            "印章数据被篡改：制章者的签名不符。",
            "The seal was altered: its maker did not sign this.",
        ),
        DOUBT,
    ),
    "seal_not_yet_valid": (
        ("签章时印章尚未生效。", "The seal was not valid yet when it was used."),
        SEAL_AGAIN,
    ),
    "seal_expired": (
        ("签章时印章已过有效期。", "The seal had expired when it was used."),
        SEAL_AGAIN,
    ),
    "seal_suspended": (
        ("签章时该印章已被停用。", "The seal was suspended when it was used."),
        DOUBT,
    ),
    "seal_cancelled": (
        ("签章时该印章已被注销。", "The seal had been cancelled when it was used."),
        DOUBT,
    ),
    "maker_untrusted": (
        ("制章者不在平台的信任列表中。", "The maker of the seal is not in our trust list."),
        AUTHORITY,
    ),
    "maker_expired": (
        (
            "制作印章时，制章者的证书已过有效期。",
            "The maker's certificate had expired when he made the seal.",
        ),
        AUTHORITY,
    ),
    "maker_not_yet_valid": (
        (
            "制作印章时，制章者的证书尚未生效。",
            "The maker's certificate was not valid yet when he made the seal.",
        ),
        AUTHORITY,
    ),
    "maker_revoked": (("制章者的证书已被吊销。", "The maker's certificate was revoked."), DOUBT),
    "maker_revoked_later": (
        (
            "制章者的证书后来被吊销，且没有时间戳证明签章在吊销之前。",
            "The maker's certificate was revoked since, and no time stamp proves an earlier use.",
        ),
        DOUBT,
    ),
    "maker_key_usage": (
        ("制章者的证书不允许用于签名。", "The maker's certificate may not be used to sign."),
        DOUBT,
    ),
    # 4 Time of sealing
    "in_the_future": (
        ("签章时间晚于当前时间。", "The time of sealing lies in the future."),
        DOUBT,
    ),
    "outside_seal_period": (
        ("签章时间不在印章有效期内。", "It was sealed outside the seal's period."),
        SEAL_AGAIN,
    ),
    "outside_certificate_period": (
        ("签章时间不在签章者证书有效期内。", "It was sealed outside the certificate's period."),
        SEAL_AGAIN,
    ),
    "disagrees_with_stamp": (
        ("签章时间与时间戳不一致。", "The time of sealing disagrees with the time stamp."),
        DOUBT,
    ),
    # 5 Certificate
    "certificate_untrusted": (
        (
            "签章者证书的签发机构不在平台的信任列表中。",
            "The authority of the signer's certificate is not in our trust list.",
        ),
        AUTHORITY,
    ),
    "certificate_expired": (
        ("签章时签章者证书已过有效期。", "The certificate had expired when it was used."),
        SEAL_AGAIN,
    ),
    "certificate_not_yet_valid": (
        ("签章时签章者证书尚未生效。", "The certificate was not valid yet when it was used."),
        SEAL_AGAIN,
    ),
    "certificate_revoked": (
        ("签章时签章者证书已被吊销。", "The certificate had been revoked when it was used."),
        DOUBT,
    ),
    "revoked_later": (
        (
            "证书后来被吊销，且没有时间戳证明签章在吊销之前。",
            "The certificate was revoked since, and no time stamp proves that this came before.",
        ),
        SEAL_AGAIN,
    ),
    "expired_unstamped": (
        (
            "证书已过期，且没有时间戳证明签章时证书有效。",
            "The certificate has ended, and no time stamp proves that it was valid then.",
        ),
        SEAL_AGAIN,
    ),
    "revocation_unknown": (
        (
            "没有该证书的吊销信息，无法确认是否已被吊销。",
            "Nothing says whether the certificate was revoked.",
        ),
        LATER,
    ),
    # 6 Time stamp
    "no_time_stamp": (
        (
            "没有时间戳，签章时间以签章者声明为准。",
            "There is no time stamp: the time is the signer's own word.",
        ),
        NOTHING,
    ),
    "stamp_unreadable": (("时间戳无法读取。", "The time stamp cannot be read."), DOUBT),
    "stamp_algorithm_unknown": (
        ("时间戳使用了未知的算法。", "The time stamp uses an unknown algorithm."),
        LATER,
    ),
    "stamp_wrong_imprint": (
        ("时间戳不属于本次签章。", "The time stamp belongs to another signature."),
        DOUBT,
    ),
    "stamp_untrusted": (
        ("时间戳机构不在平台的信任列表中。", "The time-stamp authority is not in our trust list."),
        AUTHORITY,
    ),
    "stamp_key_usage": (
        (
            "出具时间戳的证书不是时间戳证书。",
            "The certificate behind the time stamp is not one for time stamps.",
        ),
        DOUBT,
    ),
    "stamp_forged": (("时间戳的签名不符。", "The time stamp is forged."), DOUBT),
    "stamp_in_the_future": (
        ("时间戳晚于当前时间。", "The time stamp lies in the future."),
        DOUBT,
    ),
    "stamp_not_checked": (
        (
            "该版本印章的时间戳格式没有统一规定，未作验证。",
            "Time stamps of this version have no common form; it was not checked.",
        ),
        NOTHING,
    ),
    # 7 Signature
    "no_seal_signature": (
        ("只有印章数据，没有签章数据。", "This is a seal's data alone, without a signature."),
        WHOLE_FILE,
    ),
    "seal_signature_wrong": (
        ("印章签名值不符，签章数据被篡改。", "The seal's signature is wrong: it was altered."),
        DOUBT,
    ),
    "signature_value_wrong": (
        ("数字签名值不符，签名数据被篡改。", "The signature is wrong: it was altered."),
        DOUBT,
    ),
    "signed_attributes_wrong": (
        ("签名所含的属性不符，签名不可信。", "What was signed along with the document is wrong."),
        DOUBT,
    ),
    "signers_differ": (
        ("印章的签章者与文件的签名者不是同一主体。", "Seal and document have different signers."),
        DOUBT,
    ),
    "algorithm_unknown": (
        ("使用了平台不支持的算法。", "It uses an algorithm that we do not know."),
        AUTHORITY,
    ),
    # 8 Document
    "no_document": (
        ("没有原文，无法核对。", "The document did not come along."),
        WHOLE_FILE,
    ),
    "byte_range_incomplete": (
        ("签章没有覆盖文件的全部内容。", "The signature does not cover the whole document."),
        DOUBT,
    ),
    "seal_digest_differs": (
        (
            "原文与签章时不一致：文件已被修改，或印章来自其他文件。",
            "This is not what was sealed: the file was altered, or the seal is another file's.",
        ),
        ORIGINAL,
    ),
    "document_digest_differs": (
        ("原文与签名时不一致，文件已被修改。", "The document is not what was signed."),
        ORIGINAL,
    ),
}
OTHERWISE: Final[Cause] = (
    ("未通过验证。", "It could not be verified."),
    DOUBT,
)


def cause_of(code: str) -> Cause | None:
    """The sentence and the next step for a cause; None for no cause."""
    return CAUSES.get(code, OTHERWISE) if code else None
