"""`jiaojie`: serve it, keep its database, deploy and check process files, try expressions."""

from api.cli import expressions, files, people, serving
from api.cli.base import main

__all__ = ["expressions", "files", "main", "people", "serving"]
