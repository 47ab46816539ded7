"""What is said of grants."""

from collections.abc import Mapping
from typing import Final

from server.accounts.news_kinds import News, Sentence

OF_GRANTS: Final[Mapping[News, Sentence]] = {
    News.GRANT_USED_UP: Sentence(
        ("授权次数已用完", "Your uses are used up"),
        (
            "{company} 授权您用印 {uses} 次，现已用完。如需继续用印，请联系法定代表人或管理员。",
            "{company} let you use its seals {uses} times, which are used up. Ask its legal "
            "representative or an administrator for more.",
        ),
    ),
    News.GRANT_ENDS: Sentence(
        ("授权即将到期", "A grant ends soon"),
        (
            "{company} 对您的用印授权将于 {day} 到期。如需继续用印，请联系法定代表人或管理员。",
            "What {company} granted you ends on {day}. Ask its legal representative or an "
            "administrator if you need it longer.",
        ),
    ),
    News.GRANT_ENDED: Sentence(
        ("授权已到期", "A grant has ended"),
        (
            "{company} 对您的用印授权已于 {day} 到期，您不能再使用其印章。",
            "What {company} granted you ended on {day}; you can use its seals no more.",
        ),
    ),
    News.GRANT_TO_ACCEPT: Sentence(
        ("有授权等待您接收", "A grant waits for you"),
        (
            "{company} 授权您使用印章。请在首页切换到该企业后接收授权，接收后即可用印。",
            "{company} lets you use its seals. Switch to it on the home page and accept.",
        ),
        "/m/",
    ),
}
