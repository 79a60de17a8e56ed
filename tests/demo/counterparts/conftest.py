"""The peers of the adapters' tests serve here too."""

from tests.tasks.conftest import counterparts, counterparts_process

__all__ = ["counterparts", "counterparts_process"]
