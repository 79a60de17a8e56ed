"""`jiaojie`: serve it, keep its database, take in a company and let it in, deploy and check files, try expressions."""

from api.cli import credentials, deploying, expressions, files, people, serving, verifying
from api.cli.base import main

__all__ = ["credentials", "deploying", "expressions", "files", "main", "people", "serving", "verifying"]
