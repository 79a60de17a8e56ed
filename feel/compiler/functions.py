"""Functions and their calls (DMN 1.5, 10.3.2.13.5 and 10.3.2.9.4)."""

from feel.builtins import BUILT_INS, invoke
from feel.builtins.binding import call, call_named
from feel.compiler.registry import Closure, Env, closure, compiles, scope_of
from feel.run import Run
from feel.syntax import (
    Between,
    Call,
    Comparison,
    FunctionLiteral,
    In,
    InstanceOf,
    Junction,
    Literal,
    Name,
    NamedCall,
    Node,
    Quantified,
)
from feel.values.compare import kind_of, kind_told
from feel.values.conform import UnknownType, coerce, conforms
from feel.values.model import Function, Value
from feel.values.types import NULL, Named, Type

IS_DEFINED = "is defined"
_TRUTHS = (Comparison, Junction, Between, In, InstanceOf, Quantified)


@compiles(FunctionLiteral)
def _function(node: FunctionLiteral) -> Closure:
    names, body = tuple(name for name, _ in node.parameters), closure(node.body)
    types = tuple(type_ for _, type_ in node.parameters)
    result = node.result or _inferred(node.body)

    def build(env: Env) -> Value:
        if len(set(names)) != len(names):
            env[2].warn("INVALID_EXPRESSION", node.at, "A function has two parameters of the same name.")
            return None

        def call(run: Run, arguments: list[Value]) -> Value:
            values = arguments_as(types, arguments, run, node.at)
            if values is None or len(values) != len(names):
                return None
            value = body((dict(zip(names, values, strict=True)), env, run))
            return coerce(value, node.result, run)

        return Function(name="", parameters=names, call=call, types=types, result=result)

    return build


def arguments_as(types: tuple[Type | None, ...], arguments: list[Value], run: Run, at: int) -> list[Value] | None:
    """The arguments as the declared types; null where one does not conform or their number is wrong."""
    if len(arguments) != len(types):
        run.warn(
            "FUNCTION_INVOCATION_FAILURE",
            at,
            "{needed} arguments are needed, not {given}.",
            needed=len(types),
            given=len(arguments),
        )
        return None
    values = []
    for type_, argument in zip(types, arguments, strict=True):
        value = coerce(argument, type_, run)
        if value is None and argument is not None:
            run.warn("INVALID_TYPE", at, "An argument of type {kind} does not conform.", kind=kind_told(argument))
            return None
        values.append(value)
    return values


def _inferred(body: Node) -> Type | None:
    """The type of a result where the body shows it."""
    if isinstance(body, Literal):
        return NULL if body.value is None else Named(kind_of(body.value))
    return Named("boolean") if isinstance(body, _TRUTHS) else None


def apply_function(function: Value, run: Run, arguments: list[Value], at: int) -> Value:
    """Call a function value; null with a warning for anything else."""
    if type(function) is not Function:
        run.warn("NO_FUNCTION_FOUND", at, "A value of type {kind} cannot be called.", kind=kind_told(function))
        return None
    if function.overloads:
        return call(function.name, function.overloads, run, arguments, at)
    run.enter()
    try:
        return function.call(run, arguments)
    finally:
        run.leave()


@compiles(Call)
def _call(node: Call) -> Closure:
    at = node.at
    if isinstance(node.function, Name) and node.function.name == IS_DEFINED and len(node.arguments) == 1:
        return _is_defined(node.arguments[0])
    function, arguments = closure(node.function), [closure(argument) for argument in node.arguments]
    if not isinstance(node.function, Name) or node.function.name not in BUILT_INS:
        return lambda env: apply_function(function(env), env[2], [argument(env) for argument in arguments], at)
    name = node.function.name

    def apply(env: Env) -> Value:
        values = [argument(env) for argument in arguments]
        if scope_of(name, env) is None:
            return invoke(name, env[2], values, at)
        return apply_function(function(env), env[2], values, at)  # a variable of that name goes before

    return apply


@compiles(NamedCall)
def _named_call(node: NamedCall) -> Closure:
    function, at = closure(node.function), node.at
    if isinstance(node.function, Name) and node.function.name == IS_DEFINED and len(node.arguments) == 1:
        return _is_defined(node.arguments[0][1])
    arguments = [(name, closure(value)) for name, value in node.arguments]

    def apply(env: Env) -> Value:
        values = {name: value(env) for name, value in arguments}
        return apply_named(function(env), env[2], values, at)

    return apply


def apply_named(function: Value, run: Run, arguments: dict[str, Value], at: int) -> Value:
    """Call a function value with arguments by name; a parameter that is left out is null."""
    if type(function) is not Function:
        return apply_function(function, run, [], at)
    if function.overloads:
        return call_named(function.name, function.overloads, run, arguments, at)
    if not arguments.keys() <= set(function.parameters):
        wanted = ", ".join(function.parameters)
        run.warn("FUNCTION_INVOCATION_FAILURE", at, "The arguments should be {names}.", names=wanted)
        return None
    return apply_function(function, run, [arguments.get(name) for name in function.parameters], at)


def _is_defined(argument: Node) -> Closure:
    """Is there a value other than null? Asks without a warning, as Camunda's engine does."""
    value = closure(argument)

    def apply(env: Env) -> Value:
        warnings = env[2].warnings
        count = len(warnings)
        found = value(env)
        del warnings[count:]
        return found is not None

    return apply


@compiles(InstanceOf)
def _instance_of(node: InstanceOf) -> Closure:
    value, type_ = closure(node.value), node.type

    def apply(env: Env) -> Value:
        found = value(env)
        if found is None:
            return type_ == NULL
        try:
            return conforms(found, type_, env[2], constrained=False)
        except UnknownType as error:
            env[2].note("INVALID_TYPE", node.at, error.told)
            return None

    return apply
