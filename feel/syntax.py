"""The syntax tree. `at` is the offset of the node in the source, for warnings."""

from dataclasses import dataclass

from feel.values.model import Operator, Value
from feel.values.types import Type


@dataclass(frozen=True, slots=True)
class Literal:
    value: Value
    at: int


@dataclass(frozen=True, slots=True)
class Name:
    name: str
    at: int


@dataclass(frozen=True, slots=True)
class Path:
    """`of.name`"""

    of: "Node"
    name: str
    at: int


@dataclass(frozen=True, slots=True)
class Group:
    """An expression in parentheses."""

    inner: "Node"
    at: int


@dataclass(frozen=True, slots=True)
class Negation:
    operand: "Node"
    at: int


@dataclass(frozen=True, slots=True)
class Arithmetic:
    operator: str
    left: "Node"
    right: "Node"
    at: int


@dataclass(frozen=True, slots=True)
class Comparison:
    operator: Operator
    left: "Node"
    right: "Node"
    at: int


@dataclass(frozen=True, slots=True)
class Junction:
    """A chain of `and`, or one of `or`: two operands or more."""

    conjunction: bool
    operands: tuple["Node", ...]
    at: int


@dataclass(frozen=True, slots=True)
class Between:
    value: "Node"
    low: "Node"
    high: "Node"
    at: int


@dataclass(frozen=True, slots=True)
class In:
    value: "Node"
    tests: tuple["Test", ...]
    at: int


@dataclass(frozen=True, slots=True)
class If:
    condition: "Node"
    then: "Node"
    otherwise: "Node"
    at: int


@dataclass(frozen=True, slots=True)
class Iterator:
    """`name in low..high`, or `name in low` where `high` is null."""

    name: str
    low: "Node"
    high: "Node | None"


@dataclass(frozen=True, slots=True)
class For:
    iterators: tuple[Iterator, ...]
    body: "Node"
    at: int


@dataclass(frozen=True, slots=True)
class Quantified:
    """`some` or, with `universal`, `every`."""

    universal: bool
    iterators: tuple[Iterator, ...]
    condition: "Node"
    at: int


@dataclass(frozen=True, slots=True)
class Filter:
    of: "Node"
    predicate: "Node"
    at: int


@dataclass(frozen=True, slots=True)
class InstanceOf:
    value: "Node"
    type: Type
    at: int


@dataclass(frozen=True, slots=True)
class ListLiteral:
    items: tuple["Node", ...]
    at: int


@dataclass(frozen=True, slots=True)
class ContextLiteral:
    entries: tuple[tuple[str, "Node"], ...]
    at: int


@dataclass(frozen=True, slots=True)
class RangeLiteral:
    start: "Node"
    end: "Node"
    start_included: bool
    end_included: bool
    at: int


@dataclass(frozen=True, slots=True)
class UnaryRange:
    """`(> 5)`"""

    operator: Operator
    operand: "Node"
    at: int


@dataclass(frozen=True, slots=True)
class FunctionLiteral:
    parameters: tuple[tuple[str, Type | None], ...]
    body: "Node"
    result: Type | None
    at: int


@dataclass(frozen=True, slots=True)
class Call:
    function: "Node"
    arguments: tuple["Node", ...]
    at: int


@dataclass(frozen=True, slots=True)
class NamedCall:
    """A call with arguments by name."""

    function: "Node"
    arguments: tuple[tuple[str, "Node"], ...]
    at: int


@dataclass(frozen=True, slots=True)
class OperatorTest:
    """`< 5` as a test of the input."""

    operator: Operator
    operand: "Node"
    at: int


@dataclass(frozen=True, slots=True)
class ValueTest:
    """An expression as a test: the answer itself if it mentions `?`, else what the input is matched with."""

    expression: "Node"
    mentions_input: bool
    at: int


@dataclass(frozen=True, slots=True)
class UnaryTests:
    """A cell of a decision table: true where one of the tests holds, or none of them if `negated`."""

    tests: tuple["Test", ...]
    negated: bool
    at: int


Test = OperatorTest | ValueTest
Node = (
    Literal
    | Name
    | Path
    | Group
    | Negation
    | Arithmetic
    | Comparison
    | Junction
    | Between
    | In
    | If
    | For
    | Quantified
    | Filter
    | InstanceOf
    | ListLiteral
    | ContextLiteral
    | RangeLiteral
    | UnaryRange
    | FunctionLiteral
    | Call
    | NamedCall
    | UnaryTests
)
