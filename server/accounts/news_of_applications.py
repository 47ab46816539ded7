"""What is said of applications for seals."""

from collections.abc import Mapping
from typing import Final

from server.accounts.news_kinds import News, Sentence

OF_APPLICATIONS: Final[Mapping[News, Sentence]] = {
    News.APPLICATION_DONE: Sentence(
        ("印章申领成功", "The seals are made"),
        ("{owner}申领的电子印章已生成。", "The seals that {owner} applied for are made."),
        "/m/apply/{subject}",
    ),
    News.APPLICATION_CORRECTION: Sentence(
        ("印章申请需要补正材料", "An application needs a correction"),
        ("{owner}的印章申请被退回补正：{reason}", "The application of {owner} came back: {reason}"),
        "/m/apply/{subject}",
    ),
    News.APPLICATION_REJECTED: Sentence(
        ("印章申请已驳回", "An application was rejected"),
        ("{owner}的印章申请已驳回：{reason}", "The application of {owner} was rejected: {reason}"),
        "/m/apply/{subject}",
    ),
    News.APPLICATION_EXPIRED: Sentence(
        ("印章申请已失效", "An application has expired"),
        (
            "{owner}的印章申请未在期限内完成，已失效。如仍需要，请重新申领。",
            "The application of {owner} was not finished in time. Apply again if you need it.",
        ),
        "/m/apply/{subject}",
    ),
}
