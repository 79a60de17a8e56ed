"""Every fault that is listed is shown by a story, and every story shows one that is listed."""

from tests.engine.spiff.stock import test_activities, test_events, test_joins_and_loops
from tests.engine.spiff.stock.faults import LISTED

MODULES = (test_activities, test_events, test_joins_and_loops)


def test_each_fault_has_its_story():
    told = [id for module in MODULES for story in vars(module).values() for id in getattr(story, "faults", ())]
    assert set(told) == set(LISTED)
