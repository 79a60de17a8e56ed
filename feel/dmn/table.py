"""Decision tables (DMN 1.5, clause 8)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Literal

from feel.builtins import invoke
from feel.compiler import Closure, Env
from feel.compiler.tests import Check
from feel.dmn.sources import locate
from feel.dmn.trace import Input, Inquiry, Output, Rule, Seen
from feel.expression import UnaryExpression
from feel.run import Run
from feel.sentences import Sentence, say
from feel.values.compare import equal
from feel.values.model import Value

HitPolicy = Literal["UNIQUE", "FIRST", "PRIORITY", "ANY", "COLLECT", "RULE ORDER", "OUTPUT ORDER"]
AGGREGATORS = {"SUM": "sum", "MIN": "min", "MAX": "max", "COUNT": "count"}
Row = list[Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class InputColumn:
    """`allowed` tests the value where the column lists its values."""

    id: str
    name: str
    value: Closure
    allowed: UnaryExpression | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputColumn:
    """`priorities` gives the listed values, best first; `default` the value where no rule fires."""

    id: str
    name: str
    priorities: Closure | None
    default: Closure | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRule:
    """`tests` holds column, check and place of every cell that is not always true."""

    id: str
    index: int
    tests: tuple[tuple[int, Check, Sentence], ...]
    outputs: tuple[Closure, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A compiled decision table; called with an environment, it answers. `guarded`: a column lists its values."""

    place: Sentence
    policy: str
    aggregator: str | None
    inputs: tuple[InputColumn, ...]
    outputs: tuple[OutputColumn, ...]
    rules: tuple[TableRule, ...]
    guarded: bool

    def __call__(self, env: Env) -> Value:
        run = env[2]
        run.charge(len(self.rules))
        values = [column.value(env) for column in self.inputs]
        if self.guarded and not all(map(self._allowed, self.inputs, values, repeat(env))):
            hits, rows = [], []
            result = None
        else:
            hits = self._hits(values, env)
            rows = [[output(env) for output in rule.outputs] for rule in hits]
            result = POLICIES[self.policy](self, rows, hits, env) if rows else self._without_hit(env)
        if isinstance(run, Inquiry):
            run.seen = Seen(self, values, hits, rows)
        return result

    def _hits(self, values: list[Value], env: Env) -> list[TableRule]:
        """The rules that fire; the first alone where the policy asks for no more."""
        warnings = env[2].warnings
        known, hits = len(warnings), []
        for rule in self.rules:
            for column, check, place in rule.tests:
                holds = check(env, values[column])
                if len(warnings) > known:
                    locate(warnings, known, place)
                    known = len(warnings)
                if holds is not True:
                    break
            else:
                hits.append(rule)
                if self.policy == "FIRST":
                    break
        return hits

    def inputs_told(self, values: Sequence[Value]) -> tuple[Input, ...]:
        """For the trace: each column with its value."""
        columns = zip(self.inputs, values, strict=True)
        return tuple(Input(column.id, column.name, value) for column, value in columns)

    def rules_told(self, hits: Sequence[TableRule], rows: Sequence[Sequence[Value]]) -> tuple[Rule, ...]:
        """For the trace: each rule that fired with what it put out."""
        return tuple(self._rule_told(rule, row) for rule, row in zip(hits, rows, strict=True))

    def _rule_told(self, rule: TableRule, row: Sequence[Value]) -> Rule:
        columns = zip(self.outputs, row, strict=True)
        return Rule(rule.id, rule.index, tuple(Output(column.id, column.name, value) for column, value in columns))

    def _allowed(self, column: InputColumn, value: Value, env: Env) -> bool:
        if column.allowed is None or column.allowed.test(value, env) is True:
            return True
        env[2].warn(
            "VALUE_NOT_ALLOWED",
            0,
            "The value of '{column}' is none of the values that the column lists.",
            column=column.name,
            place=self.place,
        )
        return False

    def _without_hit(self, env: Env) -> Value:
        if any(column.default for column in self.outputs):
            return self.shape([column.default(env) if column.default else None for column in self.outputs])
        return 0 if self.aggregator == "COUNT" else None

    def shape(self, row: Row) -> Value:
        """One output is the value, several are a context."""
        if len(self.outputs) == 1:
            return row[0]
        return {column.name: value for column, value in zip(self.outputs, row, strict=True)}


def _break(table: Table, told: Sentence, run: Run) -> None:
    if isinstance(run, Inquiry):
        run.break_policy(table.place, told)
    else:
        run.note("HIT_POLICY_VIOLATED", 0, told, table.place)


def _numbers(hits: list[TableRule]) -> str:
    return ", ".join(str(rule.index) for rule in hits)


def _unique(table: Table, rows: list[Row], hits: list[TableRule], env: Env) -> Value:
    if len(rows) == 1:
        return table.shape(rows[0])
    told = say("The hit policy is unique. Rules {rules} fire together.", rules=_numbers(hits))
    return _break(table, told, env[2])


def _first(table: Table, rows: list[Row], _hits: list[TableRule], _env: Env) -> Value:
    return table.shape(rows[0])


def _any(table: Table, rows: list[Row], hits: list[TableRule], env: Env) -> Value:
    values = [table.shape(row) for row in rows]
    if all(equal(value, values[0], env[2]) is True for value in values):
        return values[0]
    told = say("The hit policy is any, and the outputs differ. Rules {rules} fire together.", rules=_numbers(hits))
    return _break(table, told, env[2])


def _ordered(table: Table, rows: list[Row], env: Env) -> list[Row]:
    """By the place of each output among the listed values, the first column counting most."""
    listed = [column.priorities(env) if column.priorities else None for column in table.outputs]
    return sorted(
        rows, key=lambda row: [_rank(value, values, env[2]) for value, values in zip(row, listed, strict=True)]
    )


def _rank(value: Value, listed: Value, run: Run) -> int:
    if type(listed) is not list:
        return 0
    return next((rank for rank, other in enumerate(listed) if equal(value, other, run) is True), len(listed))


def _priority(table: Table, rows: list[Row], _hits: list[TableRule], env: Env) -> Value:
    return table.shape(_ordered(table, rows, env)[0])


def _output_order(table: Table, rows: list[Row], _hits: list[TableRule], env: Env) -> Value:
    return [table.shape(row) for row in _ordered(table, rows, env)]


def _collect(table: Table, rows: list[Row], _hits: list[TableRule], env: Env) -> Value:
    values = [table.shape(row) for row in rows]
    return invoke(AGGREGATORS[table.aggregator], env[2], [values], 0) if table.aggregator else values


POLICIES: dict[str, Callable[[Table, list[Row], list[TableRule], Env], Value]] = {
    "UNIQUE": _unique,
    "FIRST": _first,
    "ANY": _any,
    "PRIORITY": _priority,
    "OUTPUT ORDER": _output_order,
    "RULE ORDER": _collect,
    "COLLECT": _collect,
}
