"""Functions on contexts (DMN 1.5, table 82), with Camunda's older names beside the newer."""

from feel.builtins.registry import builtin
from feel.errors import Unfit
from feel.run import Run
from feel.sentences import say
from feel.values.host import adopt
from feel.values.model import Value

Context = dict[str, Value]


@builtin("get value(m: context, key: string)", "get value(context: context, key: string)")
def get_value(context: Context, key: str) -> Value:
    return adopt(context.get(key))


@builtin("get value(context: context, keys: list)")
def get_value_at(context: Context, keys: list[Value]) -> Value:
    """Along a path of keys; null for none."""
    found: Value = context if keys else None
    for key in keys:
        found = adopt(found.get(key)) if type(found) is dict and type(key) is str else None
    return found


@builtin("get entries(m: context)", "get entries(context: context)")
def get_entries(run: Run, context: Context) -> list[Context]:
    run.allow_items(len(context))
    return [{"key": key, "value": value} for key, value in context.items()]


@builtin(
    "context put(context: context, key: string, value: any?)",
    "put(context: context, key: string, value: any?)",
)
def context_put(context: Context, key: str, value: Value) -> Context:
    return {**context, key: value}


@builtin("context put(context: context, keys: list, value: any?)")
def context_put_at(run: Run, context: Context, keys: list[Value], value: Value) -> Context:
    """Along a path of keys; contexts that are missing on the way are made."""
    if not keys or not all(type(key) is str for key in keys):
        raise Unfit(say("The keys are one string or more."))
    first, rest = keys[0], keys[1:]
    run.allow_items(len(context) + len(keys))
    if not rest:
        return {**context, first: value}
    inner = adopt(context.get(first, {}))
    if type(inner) is not dict:
        raise Unfit(say("'{name}' is not a context.", name=first))
    return {**context, first: context_put_at(run, inner, rest, value)}


@builtin("context merge(contexts...: list)", "put all(contexts...: list)")
def context_merge(run: Run, contexts: list[Value]) -> Context:
    """Later entries win."""
    merged: Context = {}
    for context in contexts:
        if type(context) is not dict:
            raise Unfit(say("Only contexts can be merged."))
        merged.update(context)
        run.allow_items(len(merged))
    return merged


@builtin("context(entries: list)")
def context_of(entries: list[Value]) -> Context:
    """From entries with `key` and `value`."""
    made: Context = {}
    for entry in entries:
        if type(entry) is not dict or type(entry.get("key")) is not str or "value" not in entry:
            raise Unfit(say("Every entry has a key, which is a string, and a value."))
        if entry["key"] in made:
            raise Unfit(say("The key '{key}' is there twice.", key=entry["key"]))
        made[entry["key"]] = entry["value"]
    return made
