"""Syntax trees to closures. A closure is handed an environment and returns a value; it never meets Python's names."""

from feel.compiler import basics, filters, functions, loops, operators, tests
from feel.compiler.free import free_names
from feel.compiler.registry import Closure, Env, closure

__all__ = ["Closure", "Env", "basics", "closure", "filters", "free_names", "functions", "loops", "operators", "tests"]
