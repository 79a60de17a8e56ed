"""A trial gives its certificates a code that leads somewhere."""

from pathlib import Path

from api import bootstrap
from kernel.config import Settings


def test_a_trial_is_verified_where_it_is_served(tmp_path: Path) -> None:
    assert bootstrap.completed(Settings(home=tmp_path, trial=True, port=8123)).public_url == "http://127.0.0.1:8123"
    named = Settings(home=tmp_path, trial=True, public_url="https://hr.example")
    assert bootstrap.completed(named).public_url == "https://hr.example"


def test_without_a_trial_no_address_is_guessed(tmp_path: Path) -> None:
    assert bootstrap.completed(Settings(home=tmp_path)).public_url == ""
