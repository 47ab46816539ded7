"""What people are told, in both languages: one row for each kind of news (P-36).

A new kind has its member in `news_kinds.py` and its row in one of the tables below. Words in
braces are filled by the `words` of `tell`; one that the server knows (`法定代表人`) is shown in the
reader's language.
"""

from collections.abc import Mapping
from typing import Final

from server.accounts.news_kinds import News, Sentence
from server.accounts.news_of_accounts import OF_ACCOUNTS
from server.accounts.news_of_applications import OF_APPLICATIONS
from server.accounts.news_of_grants import OF_GRANTS
from server.accounts.news_of_seals import OF_SEALS

__all__ = ["NEWS", "News", "Sentence"]

NEWS: Final[Mapping[News, Sentence]] = {
    **OF_ACCOUNTS,
    **OF_SEALS,
    **OF_GRANTS,
    **OF_APPLICATIONS,
}
