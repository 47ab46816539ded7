"""QR sessions: a web page shows a code, a phone scans and confirms, the page takes the result."""

from qr_session.bus import Bus, InProcessBus, UnixDatagramBus
from qr_session.clock import Clock, SystemClock
from qr_session.codes import Code, Purpose
from qr_session.errors import QrSessionError
from qr_session.frames import Frame
from qr_session.lives import Lives
from qr_session.service import QrSessionService
from qr_session.session import Phone, QrSession, State, Status
from qr_session.sqlite_store import SQLiteStore
from qr_session.store import MemoryStore, Store
from qr_session.views import Created, OnThisDevice, PageView, Resolved, Watch
from qr_session.wording import Words, words, words_on_phone

__all__ = [
    "Bus",
    "Clock",
    "Code",
    "Created",
    "Frame",
    "InProcessBus",
    "Lives",
    "MemoryStore",
    "OnThisDevice",
    "PageView",
    "Phone",
    "Purpose",
    "QrSession",
    "QrSessionError",
    "QrSessionService",
    "Resolved",
    "SQLiteStore",
    "State",
    "Status",
    "Store",
    "SystemClock",
    "UnixDatagramBus",
    "Watch",
    "Words",
    "words",
    "words_on_phone",
]
