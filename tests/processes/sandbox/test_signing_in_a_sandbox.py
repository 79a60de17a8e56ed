"""An agreement in a sandbox is signed and sealed by steps that do what is done in the signing room."""

import pytest

from processes import catalog
from processes.sandbox import forms
from tests.processes.sandbox.conftest import Studio


@pytest.mark.requirement("F126")
def test_a_signature_asks_for_no_form_and_is_a_step_of_its_own(studio: Studio) -> None:
    files = [source.resource for source in catalog.gather([catalog.home() / "agreement"])]
    key = studio.open(files, "agreement")
    given = {"employee": {"login": "employee"}, "text": "confidentiality"}
    begun = studio.step(key, {"start": "hr", "variables": given})
    (task,) = begun["tasks"]
    assert (task["element"], task["mayBe"]) == ("sign", ["employee"])
    with studio.stages.shown(key) as shown:
        asked = forms.of_task(shown, task["key"], "employee", "zh-CN")
    assert (asked.form, asked.step) == (None, {"sign": "employee", "agreement": "confidentiality"})

    signed = studio.step(key, asked.step)
    (task,) = signed["tasks"]
    with studio.stages.shown(key) as shown:
        asked = forms.of_task(shown, task["key"], "hr-head", "zh-CN")
    assert asked.step == {"seal": "hr-head", "agreement": "confidentiality"}

    sealed = studio.step(key, asked.step)
    assert (sealed["state"], sealed["variables"]["agreement"]["status"]) == ("COMPLETED", "sealed")
    assert {"time": False}.items() <= {system["name"]: system["down"] for system in sealed["systems"]}.items()
