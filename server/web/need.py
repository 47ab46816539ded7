"""What a route may ask of its caller."""

from enum import StrEnum


class Need(StrEnum):
    """What a caller must bring.

    VISITOR is logged in, and finishes coming in: agreements, the face gate, the role, logging out.
    PERSON may go on (`admission`), SELF does what is his own and no company's. The same by the
    cookie of a computer is DESKTOP…, by a mini-program's bearer token MP_….

    REVIEWER is logged in at the review desk by a password of his own, REVIEWER_VISITOR perhaps by
    the one that was printed for him.
    """

    NOTHING = "nothing"
    PARTNER = "partner"
    BROWSER = "browser"
    VISITOR = "visitor"
    PERSON = "person"
    SELF = "self"
    DESKTOP_VISITOR = "desktop_visitor"
    DESKTOP = "desktop"
    PAGE = "page"
    LOGIN_PAGE = "login_page"
    DEVELOPMENT = "development"
    MP_VISITOR = "mp_visitor"
    MP_PERSON = "mp_person"
    MP_SELF = "mp_self"
    REVIEWER_VISITOR = "reviewer_visitor"
    REVIEWER = "reviewer"
