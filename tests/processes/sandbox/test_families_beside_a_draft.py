"""A draft is tried among what is deployed of other families: it asks their decisions and calls their processes."""

from engine.commands import deploy
from engine.model import Resource
from processes import catalog, references
from tests.processes.sandbox.conftest import DESIGNER, Studio

FAMILY = catalog.home() / "offboarding"
APPLY = {"start": "zhang.yan", "values": {"reason": "growth", "leavingOn": "2026-12-10"}}


def test_a_course_of_another_family_is_made_up_beside_the_draft(studio: Studio) -> None:
    engine = studio.house.engine
    for folder in references.called(FAMILY):
        with studio.house.database.transaction() as unit:
            deploy.deploy(engine, unit, [source.resource for source in catalog.gather([folder])], DESIGNER)
    stories = Resource(catalog.STORIES, (FAMILY / catalog.STORIES).read_bytes())
    files = [*(source.resource for source in catalog.gather([FAMILY])), stories]
    begun = studio.step(studio.open(files, "offboarding"), APPLY)
    assert begun["incidents"] == []
    open_now = [(task["process"], task["element"], task["mayBe"]) for task in begun["tasks"]]
    assert ("offboarding", "manager_confirm", ["chen.bo"]) in open_now
    assert [task for task in open_now if task[0] != "offboarding"] == [("training", "learn", ["zhang.yan"])]
    assert [(drawn["process"], drawn["file"]) for drawn in begun["diagrams"]] == [
        ("offboarding", "offboarding.bpmn"), ("training", "training.bpmn"),
    ]  # fmt: skip
