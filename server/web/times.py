"""Moments as people in Guangxi read them."""

from datetime import datetime

from server.core.clock import CHINA


def local(at: datetime) -> datetime:
    """The same moment on a Chinese wall clock (UTC+8)."""
    return at.astimezone(CHINA)
