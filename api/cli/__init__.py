"""`jiaojie`: serve it, keep its database, deploy and check process files, try expressions."""

from api.cli import credentials, deploying, expressions, files, people, serving, verifying
from api.cli.base import main

__all__ = ["credentials", "deploying", "expressions", "files", "main", "people", "serving", "verifying"]
