"""The names of checks, answers, outcomes and kinds, each in Chinese and in English."""

from collections.abc import Mapping
from typing import Final

from server.sealing.report import Answer, CheckName, Overall, RevisionBy, SignatureKind

Words = tuple[str, str]
CHECKS: Final[Mapping[CheckName, Words]] = {
    CheckName.SEAL_FORMAT: ("电子印章数据格式", "Format of the seal's data"),
    CheckName.SIGNER_CERTIFICATE: ("签章者证书有效性", "Signer's certificate is the seal's"),
    CheckName.SEAL_VALIDITY: ("电子印章有效性", "The seal itself"),
    CheckName.SIGNING_TIME: ("签章时间有效性", "Time of sealing"),
    CheckName.CERTIFICATE: ("数字证书有效性", "Digital certificate"),
    CheckName.TIME_STAMP: ("时间戳有效性", "Time stamp"),
    CheckName.SEAL_SIGNATURE: ("电子印章签名值", "The seal's signature"),
    CheckName.DOCUMENT_DIGEST: ("原文杂凑验证", "Digest of the document"),
}
ANSWERS: Final[Mapping[Answer, Words]] = {
    Answer.PASSED: ("通过", "Passed"),
    Answer.FAILED: ("未通过", "Failed"),
    Answer.UNKNOWN: ("无法判断", "Cannot tell"),
}
OVERALL: Final[Mapping[Overall, Words]] = {
    Overall.VALID: ("有效", "Valid"),
    Overall.CHANGED: ("签章后有改动", "Changed after sealing"),
    Overall.INVALID: ("无效", "Not valid"),
    Overall.UNKNOWN: ("无法验证", "Cannot be verified"),
}
KINDS: Final[Mapping[SignatureKind, Words]] = {
    SignatureKind.SEALED: ("电子签章", "Sealed"),
    SignatureKind.SIGNATURE: ("普通数字签名（无印章）", "Ordinary signature, no seal"),
    SignatureKind.DOCUMENT_TIMESTAMP: ("文档时间戳", "Document time stamp"),
}
MADE_BY: Final[Mapping[RevisionBy, Words]] = {
    RevisionBy.DOCUMENT: ("文件原文", "The document"),
    RevisionBy.SIGNATURE: ("签章或签名", "A seal or signature"),
    RevisionBy.TIMESTAMP: ("文档时间戳", "A document time stamp"),
    RevisionBy.CHANGE: ("其他改动", "Another change"),
}
