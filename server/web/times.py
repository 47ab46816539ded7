"""Moments as people in Guangxi read them."""

from datetime import datetime

from server.core.clock import in_china


def local(at: datetime) -> datetime:
    """The same moment on a Chinese wall clock (UTC+8)."""
    return in_china(at)
