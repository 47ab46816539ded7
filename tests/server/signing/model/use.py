"""A reserved use of the model: how long a worker holds it, and how long its key lives."""

from dataclasses import dataclass

RESERVED_KEY, JOB_LEASE, USE_LEASE = 600, 180, 120


@dataclass
class Use:
    """A reserved use, and when its job may be claimed."""

    person: str
    seal: str
    reserved: int
    due: int
    lease: int
    state: str = "reserved"
    has_job: bool = True

    def has_lost_its_key(self, now: int) -> bool:
        return now >= self.reserved + RESERVED_KEY
