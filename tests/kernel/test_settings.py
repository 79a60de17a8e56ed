"""Settings come from the environment alone, and a wrong one is named."""

from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from kernel.config import Settings, load


def test_without_an_environment_every_setting_has_its_default() -> None:
    assert load({}) == Settings()
    assert load({}).host == "127.0.0.1"


def test_each_setting_is_read_after_its_own_type() -> None:
    found = load(
        {
            "JIAOJIE_HOME": "/srv/jiaojie",
            "JIAOJIE_PORT": "9090",
            "JIAOJIE_POLL_SECONDS": "0.5",
            "JIAOJIE_TRIAL": "Yes",
            "JIAOJIE_ORGANISATION": "某某公司",
            "OTHER": "1",
        }
    )
    assert found == Settings(
        home=Path("/srv/jiaojie"), port=9090, poll_seconds=0.5, trial=True, organisation="某某公司"
    )


@pytest.mark.parametrize(("text", "on"), [("1", True), ("true", True), ("NO", False), ("0", False), ("", False)])
def test_a_switch_is_said_in_several_ways(text: str, on: bool) -> None:
    assert load({"JIAOJIE_TRIAL": text}).trial is on


def test_an_empty_home_is_no_home() -> None:
    assert load({"JIAOJIE_HOME": ""}).home == Settings().home


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [("JIAOJIE_PORT", "http", "int"), ("JIAOJIE_TRIAL", "maybe", "bool"), ("JIAOJIE_POLL_SECONDS", "1s", "float")],
)
def test_a_text_that_cannot_be_read_names_its_variable(name: str, text: str, kind: str) -> None:
    with pytest.raises(ValueError, match=f"{name} is '{text}', which is no {kind}"):
        load({name: text})


def test_settings_do_not_change() -> None:
    with pytest.raises(FrozenInstanceError):
        Settings().port = 1  # type: ignore[misc]  # that is what is tested
