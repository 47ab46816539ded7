"""The pace at which one key may ask."""

from qr_session.pace import Pace


def test_a_burst_is_allowed_and_then_one_a_second():
    pace = Pace(burst=3, per_second=1)
    assert [pace.allows("a", 0.0) for _ in range(4)] == [True, True, True, False]
    assert pace.allows("b", 0.0)
    assert not pace.allows("a", 0.9)
    assert pace.allows("a", 1.9)


def test_a_long_pause_gives_no_more_than_a_burst():
    pace = Pace(burst=2, per_second=1)
    pace.allows("a", 0.0)
    assert [pace.allows("a", 1000.0) for _ in range(3)] == [True, True, False]


def test_keys_that_have_rested_are_forgotten():
    pace = Pace(burst=2, per_second=1)
    for number in range(10_001):
        pace.allows(str(number), float(number))
    assert len(pace._levels) < 10
    assert pace.allows("10000", 10_000.0)
    assert not pace.allows("10000", 10_000.0)
