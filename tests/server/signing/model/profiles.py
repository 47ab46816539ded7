"""How many orders of events are tried: few and the same in each run, or many and others."""

import os

from hypothesis import HealthCheck, Phase, settings

BASE = settings(deadline=None, suppress_health_check=list(HealthCheck))
# Shortening a failing order takes minutes: that is left to the long run.
PROFILES = {
    "default": settings(
        BASE, max_examples=50, stateful_step_count=20, derandomize=True, phases=[Phase.generate]
    ),
    "long": settings(BASE, max_examples=2000, stateful_step_count=40, database=None),
}
PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "default")
