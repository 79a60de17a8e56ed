"""FEEL's built-in functions (DMN 1.5, 10.3.4) and those that Camunda 8 adds."""

from feel.builtins import (
    boolean,
    context,
    conversion,
    lists,
    membership,
    numeric,
    ranges,
    statistics,
    strings,
    temporal,
)
from feel.builtins import patterns as patterns
from feel.builtins.registry import BUILT_INS, as_function, invoke, invoke_named

__all__ = [
    "BUILT_INS",
    "as_function",
    "boolean",
    "context",
    "conversion",
    "invoke",
    "invoke_named",
    "lists",
    "membership",
    "numeric",
    "ranges",
    "statistics",
    "strings",
    "temporal",
]
