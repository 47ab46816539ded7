"""Heavy work: two at once in a process, none lost, and a gevent process goes on meanwhile."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
MANY = 30
ONE_MIB = 64
SLACK_MIB = 24

# In a process of its own: gevent's patches hold for a whole process, and so does its memory.
PROGRAM = """
import sys
on_gevent = sys.argv[1] == "gevent"
if on_gevent:
    from gevent import monkey
    monkey.patch_all()
import json, re, threading, time
from server.app import keep_the_loop_free
from server.certificates import envelope
from server.core.offload import heavy

def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read()).group(1)) // 1024

class Gauge:
    now = most = 0
    def stretch(self, pin):
        self.now += 1
        self.most = max(self.most, self.now)
        try:
            if pin == "refused":
                raise ValueError(pin)
            return envelope.stretch(pin, b"s" * 16)
        finally:
            self.now -= 1

def ask(number):
    answers[number] = heavy.do(gauge.stretch, f"{number:06d}")

def tick():
    waiting = True
    while waiting:
        begun = time.monotonic()
        waiting = not over.wait(0.005)
        gaps.append(time.monotonic() - begun)

keep_the_loop_free()
gauge, answers, gaps, over = Gauge(), {}, [], threading.Event()
begun = time.monotonic()
envelope.stretch("alone", b"s" * 16)
alone, before = time.monotonic() - begun, peak()
ticker = threading.Thread(target=tick)
ticker.start()
askers = [threading.Thread(target=ask, args=(number,)) for number in range(int(sys.argv[2]))]
for one in askers: one.start()
for one in askers: one.join()
over.set()
ticker.join()
try:
    heavy.do(gauge.stretch, "refused")
except ValueError as error:
    refusal = str(error)
right = all(answers[n] == envelope.stretch(f"{n:06d}", b"s" * 16) for n in (0, 1, len(answers) - 1))
print(json.dumps({"answers": len(answers), "right": right, "most": gauge.most, "alone": alone,
    "grown_mib": peak() - before, "gap": sorted(gaps)[-3:][0], "ticks": len(gaps),
    "refusal": refusal}))
"""


@pytest.fixture(scope="module", params=["gevent", "threads"])
def told(request: pytest.FixtureRequest) -> Any:
    """What a process says of thirty PINs that came at once."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, request.param, str(MANY)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.row("S-21")
def test_of_thirty_pins_at_once_two_are_stretched_at_a_time_and_none_is_lost(told: Any) -> None:
    assert (told["answers"], told["right"], told["most"]) == (MANY, True, 2)


@pytest.mark.row("S-21")
def test_thirty_pins_at_once_take_the_memory_of_two(told: Any) -> None:
    # One was stretched before, so the process has had the memory of one already.
    assert told["grown_mib"] < ONE_MIB + SLACK_MIB


def test_others_are_served_while_pins_are_stretched(told: Any) -> None:
    assert told["gap"] < told["alone"] / 2
    assert told["ticks"] > 50


def test_an_error_of_the_work_comes_back_to_who_asked(told: Any) -> None:
    assert told["refusal"] == "refused"
