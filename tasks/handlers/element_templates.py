"""The handlers as element templates, which Camunda Modeler and bpmn-js offer to the designer by name."""

from dataclasses import fields, is_dataclass
from typing import Any

from pydantic.alias_generators import to_camel

from tasks.handlers import registry
from tasks.handlers.operation import Handler, Label, Setting

SCHEMA = "https://unpkg.com/@camunda/zeebe-element-templates-json-schema/resources/schema.json"
CATEGORY = Label("人事", "Human resources")


def element_templates(language: str) -> list[dict[str, Any]]:
    """One template a job type, in zh-CN or English."""
    return [_template(registry.find(type_), language) for type_ in registry.types()]


def _template(handler: Handler[Any, Any], language: str) -> dict[str, Any]:
    type_binding = {"type": "zeebe:taskDefinition", "property": "type"}
    return {
        "$schema": SCHEMA,
        "id": f"jiaojie.{handler.type}",
        "name": _in(handler.title, language),
        "version": 1,
        "description": _description(handler, language),
        "category": {"id": "jiaojie", "name": _in(CATEGORY, language)},
        "appliesTo": ["bpmn:Task"],
        "elementType": {"value": "bpmn:ServiceTask"},
        "properties": [
            {"type": "Hidden", "value": handler.type, "binding": type_binding},
            *(_property(setting, language) for setting in handler.settings),
        ],
    }


def _property(setting: Setting, language: str) -> dict[str, Any]:
    shown: dict[str, Any] = {"label": _in(setting.label, language), "constraints": {"notEmpty": True}}
    if setting.value:
        shown["value"] = setting.value
    if setting.kind == "input":
        return {**shown, "type": "String", "feel": "required", "binding": {"type": "zeebe:input", "name": setting.name}}
    binding = {"type": "zeebe:taskHeader", "key": setting.name}
    if setting.choices:
        choices = [{"name": choice, "value": choice} for choice in setting.choices]
        return {**shown, "type": "Dropdown", "choices": choices, "binding": binding}
    return {**shown, "type": "String", "binding": binding}


def _description(handler: Handler[Any, Any], language: str) -> str:
    given = {setting.name for setting in handler.settings if setting.kind == "input"}
    read = ", ".join(name for name in variables(handler.order) if name not in given)
    kept = ", ".join(variables(handler.answer))
    words = Label(
        f"读取变量：{read or '无'}。写入变量：{kept or '无'}。", f"Reads: {read or 'none'}. Sets: {kept or 'none'}."
    )
    return f"{_in(handler.help, language)} {_in(words, language)}"


def variables(kind: Any) -> list[str]:
    """The names of the process variables that an order reads or an answer sets."""
    return [to_camel(field.name) for field in fields(kind)] if is_dataclass(kind) else []


def _in(label: Label, language: str) -> str:
    return label.zh if language.startswith("zh") else label.en
