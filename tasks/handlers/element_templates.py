"""The handlers as element templates, which Camunda Modeler and bpmn-js offer to the designer by name.

What an order needs becomes an input that is filled in with the variable of the same name; what it may use besides is
left empty, and then the job sees the variable as it stands. Every answer has an output, because a variable that is
mapped in is the task's own and what the handler answers under its name would stay there.
Source: the JSON schema of Camunda's element templates, `@camunda/zeebe-element-templates-json-schema`.
"""

import types
from dataclasses import MISSING, Field, fields, is_dataclass
from typing import Any, get_args, get_type_hints

from pydantic.alias_generators import to_camel

from tasks.handlers import registry
from tasks.handlers.icons import icon
from tasks.handlers.operation import Choice, Handler, Label, Setting
from tasks.handlers.words import TOPICS, VARIABLES
from tasks.stages import STAGES

SCHEMA = "https://unpkg.com/@camunda/zeebe-element-templates-json-schema/resources/schema.json"
ENGINES = {"camunda": "^8.6"}
# Rises when all templates change; what changes in one handler's raises its own edition.
EDITION = 3
GROUPS: dict[str, Label] = {
    "target": Label("目标系统", "Target system"),
    "message": Label("消息内容", "Message"),
    "input": Label("输入", "Input"),
    "output": Label("输出", "Output"),
    "failure": Label("出错与重试", "Errors and retries"),
    "case": Label("案件页面", "Case page"),
}
NAME = r"^([A-Za-z_\u4e00-\u9fff][\w.\u4e00-\u9fff]*)?$"
CUSTOM = Choice(value="custom", label=Label("自定义（FEEL 表达式）", "Custom (FEEL expression)"))

Json = dict[str, Any]


def element_templates(language: str) -> list[Json]:
    """One template a job type, in zh-CN or English."""
    return [_template(registry.find(type_), language) for type_ in registry.types()]


def variables(kind: Any) -> list[str]:
    """The names of the process variables that an order reads or an answer sets."""
    return [to_camel(field.name) for field in _fields(kind)]


def group(id: str, language: str) -> Json:
    """A group of fields in the properties panel."""
    return {"id": id, "label": within(GROUPS[id], language)}


def within(label: Label, language: str) -> str:
    """The words in one language."""
    return label.zh if language.startswith("zh") else label.en


def stage(language: str) -> Json:
    """Under which stage the case page shows the step. A template takes away the properties that it does not know."""
    none = Label("不指定（按“手续”显示）", "Not given (shown under formalities)")
    help = Label("案件页面按阶段列出各环节。", "The case page lists its steps by stage.")
    named = [{"name": words.within(language), "value": value} for value, words in STAGES.items()]
    return {
        "label": within(Label("阶段", "Stage"), language),
        "tooltip": within(help, language),
        "group": "case",
        "type": "Dropdown",
        "optional": True,
        "constraints": {"notEmpty": False},
        "value": "",
        "choices": [{"name": within(none, language), "value": ""}, *named],
        "binding": {"type": "zeebe:property", "name": "stage"},
    }


def _template(handler: Handler[Any, Any], language: str) -> Json:
    topic = TOPICS[handler.type.partition(".")[0]]
    properties = _properties(handler, topic.system, language)
    used = {prop.get("group") for prop in properties}
    # The properties panel shows its own outputs only where the template has none.
    more = {} if "output" in used else {"entriesVisible": {"outputs": True}}
    return {
        "$schema": SCHEMA,
        "id": f"jiaojie.{handler.type}",
        "name": within(handler.title, language),
        "version": EDITION + handler.edition,
        "description": _description(handler, language),
        "keywords": list(dict.fromkeys([handler.type, *topic.keywords])),
        "engines": ENGINES,
        "category": {"id": f"jiaojie-{handler.type.partition('.')[0]}", "name": within(topic.label, language)},
        "icon": {"contents": icon(handler.type.partition(".")[0])},
        "appliesTo": ["bpmn:Task"],
        "elementType": {"value": "bpmn:ServiceTask"},
        **more,
        "groups": [group(id, language) for id in GROUPS if id in used],
        "properties": properties,
    }


def _properties(handler: Handler[Any, Any], system: Choice | None, language: str) -> list[Json]:
    found: list[Json] = [
        {"type": "Hidden", "value": handler.type, "binding": {"type": "zeebe:taskDefinition", "property": "type"}}
    ]
    if system is not None:
        found.append(_system(system, language))
    for setting in handler.settings:
        found += _setting(setting, language)
    given = {setting.name for setting in handler.settings}
    found += [_input(field, language) for field in _fields(handler.order) if to_camel(field.name) not in given]
    absent = _absent(handler.answer)
    found += [_output(field, field.name not in absent, language) for field in _fields(handler.answer)]
    return [*found, _retries(language), stage(language)]


def _system(system: Choice, language: str) -> Json:
    """Which outside system the step talks to: seen, never changed."""
    help = Label(
        "系统地址由管理员在设置中配置；未配置时本环节照常完成，结果中 connected 为 false。",
        "The administrator sets its address. Without one the step completes and answers that it is not connected.",
    )
    return {
        "label": within(GROUPS["target"], language),
        "tooltip": within(help, language),
        "type": "Dropdown",
        "editable": False,
        "group": "target",
        "value": system.value,
        "choices": [_choice(system, language)],
        "binding": {"type": "zeebe:property", "name": "system"},
    }


def _setting(setting: Setting, language: str) -> list[Json]:
    """One field; for an input with choices, the choices, what each stands for, and the designer's own expression."""
    if setting.kind == "header" or not setting.choices:
        return [_field(setting, language)]
    chosen = f"{setting.name}-choice"
    offered = {
        "id": chosen,
        "label": within(setting.label, language),
        "tooltip": within(setting.help, language),
        "group": setting.group,
        "type": "Dropdown",
        "value": setting.value,
        "constraints": {"notEmpty": True},
        "choices": [_choice(choice, language) for choice in (*setting.choices, CUSTOM)],
        "binding": {"type": "zeebe:property", "name": setting.name},
    }
    binding = {"type": "zeebe:input", "name": setting.name}
    fixed = [
        {
            "type": "Hidden",
            "value": choice.feel,
            "binding": binding,
            "condition": {"property": chosen, "equals": choice.value},
        }
        for choice in setting.choices
    ]
    own = {
        **_field(setting, language),
        "label": f"{within(setting.label, language)} (FEEL)",
        "value": setting.choices[0].feel,
        "condition": {"property": chosen, "equals": CUSTOM.value},
    }
    return [offered, *fixed, own]


def _field(setting: Setting, language: str) -> Json:
    shown: Json = {
        "id": setting.name,
        "label": within(setting.label, language),
        "tooltip": within(setting.help, language),
        "group": setting.group,
    }
    if setting.value and not (setting.kind == "input" and setting.choices):
        shown["value"] = setting.value
    if setting.when is not None:
        shown["condition"] = {"property": setting.when[0], "equals": setting.when[1]}
    if setting.kind == "header" and setting.choices:
        return {
            **shown,
            "type": "Dropdown",
            "constraints": {"notEmpty": True},
            "choices": [_choice(choice, language) for choice in setting.choices],
            "binding": {"type": "zeebe:taskHeader", "key": setting.name},
        }
    if setting.placeholder:
        shown["placeholder"] = setting.placeholder
    if setting.kind == "header":
        binding = {"type": "zeebe:taskHeader", "key": setting.name}
        return {**shown, "type": "String", "constraints": {"notEmpty": True}, "binding": binding}
    binding = {"type": "zeebe:input", "name": setting.name}
    return {**shown, "type": "String", "feel": "required", "constraints": {"notEmpty": True}, "binding": binding}


def _choice(choice: Choice, language: str) -> Json:
    return {"name": within(choice.label, language), "value": choice.value}


def _input(field: "Field[Any]", language: str) -> Json:
    name = to_camel(field.name)
    meaning = VARIABLES[name]
    shown: Json = {
        "label": f"{within(meaning.label, language)} {name}",
        "tooltip": within(meaning.help, language),
        "group": "input",
        "type": "String",
        "feel": "required",
        "binding": {"type": "zeebe:input", "name": name},
    }
    if field.default is MISSING and field.default_factory is MISSING:
        return {**shown, "value": f"={name}", "constraints": {"notEmpty": True}}
    unset = Label(f"留空则读取变量 {name}（如有）。", f"If empty, the variable {name} is read where there is one.")
    return {
        **shown,
        "description": within(unset, language),
        "placeholder": meaning.example,
        "optional": True,
        "constraints": {"notEmpty": False},
    }


def _output(field: "Field[Any]", filled: bool, language: str) -> Json:
    """Where an answer goes. One that may be missing is not written over what is there, unless the designer says so."""
    name = to_camel(field.name)
    meaning = VARIABLES[name]
    help = Label("留空则不保存。", "If empty, it is not kept.")
    shown: Json = {
        "label": f"{within(meaning.label, language)} {name}",
        "tooltip": within(meaning.help, language),
        "description": within(help, language),
        "group": "output",
        "type": "String",
        "optional": True,
        "constraints": {"notEmpty": False, "pattern": {"value": NAME, "message": within(_NAMED, language)}},
        "binding": {"type": "zeebe:output", "source": f"={name}"},
    }
    return {**shown, "value": name} if filled else {**shown, "placeholder": name}


_NAMED = Label(
    "须是变量名，例如 plan 或 handover.items。", "must be a variable's name, such as plan or handover.items."
)


def _retries(language: str) -> Json:
    help = Label(
        "暂时无法连接时自动重试，间隔逐次加长；次数用尽后成为事件（incident），由管理员处理。本任务不抛出 BPMN 错误。",
        "An outage is tried again by itself, later each time. After the last attempt it is an incident for the "
        "administrator. This task throws no BPMN error.",
    )
    must = Label("须是 0 到 999 的整数。", "must be a whole number from 0 to 999.")
    return {
        "label": within(Label("重试次数", "Retries"), language),
        "tooltip": within(help, language),
        "group": "failure",
        "type": "Number",
        "value": 3,
        "constraints": {"notEmpty": True, "pattern": {"value": r"^\d{1,3}$", "message": within(must, language)}},
        "binding": {"type": "zeebe:taskDefinition", "property": "retries"},
    }


def _description(handler: Handler[Any, Any], language: str) -> str:
    given = {setting.name for setting in handler.settings if setting.kind == "input"}
    read = ", ".join(name for name in variables(handler.order) if name not in given)
    kept = ", ".join(variables(handler.answer))
    words = Label(
        f"读取变量：{read or '无'}。写入变量：{kept or '无'}。", f"Reads: {read or 'none'}. Sets: {kept or 'none'}."
    )
    return f"{within(handler.help, language)} {within(words, language)}"


def _fields(kind: Any) -> tuple["Field[Any]", ...]:
    return fields(kind) if is_dataclass(kind) else ()


def _absent(kind: Any) -> set[str]:
    """The fields of an answer that may be null."""
    hints = get_type_hints(kind) if is_dataclass(kind) else {}
    return {name for name, hint in hints.items() if types.NoneType in get_args(hint)}
