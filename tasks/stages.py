"""The four stages of a case (domain F3). The model puts each user task into one by its property `stage`."""

from typing import Any, Literal

from kernel.text import Text, say

StageId = Literal["apply", "check", "handover", "formalities"]

STAGES: dict[StageId, Text] = {
    "apply": say("Application"),
    "check": say("Checks"),
    "handover": say("Handover"),
    "formalities": say("Formalities"),
}


def stage_of(element: Any) -> StageId:
    """The stage that the model gives an element; the last one where it gives none."""
    wanted = element.attributes.get("properties", {}).get("stage") if element is not None else None
    return wanted if wanted in STAGES else "formalities"
