"""What all packages together know of one person: for his own eyes, and when he leaves (P-38)."""

from typing import Final

from server.accounts.closing import Tie
from server.accounts.personal_data import Section
from server.applications import personal as applications
from server.certificates import personal as certificates
from server.documents import personal as documents
from server.enterprises import personal as enterprises
from server.grants import personal as grants
from server.intents import personal as intents
from server.partner_logins import personal as partner_logins
from server.seals import personal as seals
from server.signing import personal as signing

TIES: Final[tuple[Tie, ...]] = (
    signing.TIE,
    applications.TIE,
    seals.TIE,
    grants.TIE,
    enterprises.TIE,
    intents.TIE,
    certificates.TIE,
)
"""For `accounts.closing`."""

SECTIONS: Final[tuple[Section, ...]] = (
    enterprises.records,
    certificates.records,
    intents.records,
    seals.records,
    applications.records,
    grants.records,
    documents.records,
    signing.records,
    partner_logins.records,
)
"""For `accounts.personal_data`."""
