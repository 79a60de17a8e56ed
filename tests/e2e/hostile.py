"""Files of a project in which whatever can hold words tries to run a script, to call out, or to ask something."""

import json
from xml.sax.saxutils import escape, quoteattr

from tests.api.pages.browsing import LEAVE

OUTSIDE = "http://outside.invalid"
RUN = "window.__hit=1"
SVG = f"data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' onload='parent.__hit=1'%3E%3C/svg%3E#{OUTSIDE}"
TRICKS = (
    f'<img src=x onerror="{RUN}">',
    f"<script>{RUN}</script>",
    f'"><svg onload="{RUN}">',
    f"</script><script>{RUN};alert(1)</script>",
    f'<a href="javascript:{RUN}">a</a>',
    '<iframe srcdoc="<script>parent.__hit=1</script>"></iframe>',
    f"<img src={OUTSIDE}/pixel>",
    f"<style>@import url({OUTSIDE}/style)</style>",
    f"<base href={OUTSIDE}/>",
    f"<meta http-equiv=refresh content='0;url={OUTSIDE}'>",
    f"<form action={OUTSIDE}><button autofocus>b</button></form>",
    f"{{{{constructor.constructor('{RUN}')()}}}}",
    f"${{{RUN}}}",
    f"'-({RUN})-'",
    "{% for x in [].__class__.__mro__ %}{{ x }}{% endfor %}",
)
WORDS = " ".join(TRICKS)
PLAIN = " ".join(trick for trick in TRICKS if "{{" not in trick)  # without what a form takes for an expression
SHORT = TRICKS[0]
NAME = f"{TRICKS[2]}{TRICKS[1]}"[:110]  # of a project: as long as one may be

BIOC = 'xmlns:bioc="http://bpmn.io/schema/bpmn/biocolor/1.0" xmlns:color="http://www.omg.org/spec/BPMN/non-normative/color/1.0"'
PAINT = (
    f'bioc:stroke="url({OUTSIDE}/stroke)" bioc:fill="red;background:url({OUTSIDE}/fill)"'
    f' color:background-color="url({OUTSIDE}/back)"'
)


def model() -> str:
    """A model that may be published: hostile in its words alone."""
    words, text = quoteattr(WORDS), escape(WORDS)
    return (
        LEAVE.replace('id="leave" name="长期休假"', f'id="hostile" name={words}')
        .replace('bpmnElement="leave"', 'bpmnElement="hostile"')
        .replace('name="主管审批">', f"name={words}><bpmn:documentation>{text}</bpmn:documentation>")
        .replace(
            '<zeebe:assignmentDefinition candidateGroups="hr"/></bpmn:extensionElements></bpmn:userTask>\n'
            "    <bpmn:boundary",
            '<zeebe:formDefinition formId="hostile"/><zeebe:assignmentDefinition candidateGroups="hr"/>'
            "</bpmn:extensionElements></bpmn:userTask>\n    <bpmn:boundary",
        )
        .replace('name="计算余额"', f"name={words}")
        .replace("<bpmn:definitions ", f"<!-- {escape(WORDS)} -->\n<bpmn:definitions ")
    )


def wild(head: str = "", inside: str = "", task: str = "") -> str:
    """A model that asks for more than words: it may be kept as a draft, and is never published."""
    text = LEAVE.replace('<?xml version="1.0" encoding="UTF-8"?>', f'<?xml version="1.0" encoding="UTF-8"?>\n{head}')
    text = text.replace("<bpmn:definitions ", f"<bpmn:definitions {BIOC} ").replace(
        "<bpmndi:BPMNShape ", f"<bpmndi:BPMNShape {PAINT} "
    )
    text = text.replace('<bpmn:userTask id="approve"', f'<bpmn:userTask {task} id="approve"')
    return text.replace('<bpmn:startEvent id="start"/>', f'{inside}<bpmn:startEvent id="start"/>')


BOMB = "<!DOCTYPE d [<!ENTITY a0 'ha'>" + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10)) + "]>"
MODELS = {
    "bomb.bpmn": wild(BOMB, "<bpmn:documentation>&a9;</bpmn:documentation>"),
    "outside.bpmn": wild(
        f'<!DOCTYPE d [<!ENTITY x SYSTEM "{OUTSIDE}/entity"><!ENTITY y SYSTEM "file:///etc/passwd">]>',
        "<bpmn:documentation>&x;&y;</bpmn:documentation>",
    ),
    "style.bpmn": wild(
        f'<?xml-stylesheet type="text/xsl" href="{OUTSIDE}/style.xsl"?>\n'
        '<?xml-stylesheet type="text/xsl" href="data:text/xsl,%3Cxsl:stylesheet/%3E"?>'
    ),
    "script.bpmn": wild(
        inside='<bpmn:extensionElements><script xmlns="http://www.w3.org/1999/xhtml">' + RUN + "</script>"
        f'<svg xmlns="http://www.w3.org/2000/svg" onload="{RUN}"><script>{RUN}</script></svg>'
        f'<img xmlns="http://www.w3.org/1999/xhtml" src="{OUTSIDE}/img" onerror="{RUN}"/></bpmn:extensionElements>'
    ),
    "icon.bpmn": wild(task=f'zeebe:modelerTemplate="x" zeebe:modelerTemplateIcon="{SVG}"'),
    "icon-outside.bpmn": wild(task=f'zeebe:modelerTemplate="x" zeebe:modelerTemplateIcon="{OUTSIDE}/icon.svg"'),
    "icon-script.bpmn": wild(task=f'zeebe:modelerTemplate="x" zeebe:modelerTemplateIcon="javascript:{RUN}"'),
}

COMPONENTS = [
    {"type": "text", "text": f"# {PLAIN}\n[a](javascript:{RUN}) [b](data:text/html,<b>) ![c]({OUTSIDE}/md)"},
    {"type": "html", "content": PLAIN + f'<a href="data:text/html,x" onclick="{RUN}">x</a><object data="{SVG}">'},
    {"type": "image", "source": SVG, "alt": PLAIN},
    {"type": "image", "source": f"javascript:{RUN}", "alt": SHORT},
    {"type": "textfield", "key": "one", "label": PLAIN, "description": PLAIN},
    {"type": "select", "key": "two", "label": SHORT, "values": [{"label": PLAIN, "value": "a"}]},
    {"type": "radio", "key": "three", "label": SHORT, "values": [{"label": PLAIN, "value": SHORT}]},
    {"type": "checkbox", "key": "four", "label": PLAIN},
    {"type": "group", "label": PLAIN, "components": [{"type": "number", "id": "five", "key": "five", "label": SHORT}]},
]  # fmt: skip
# What only a draft can have: outside addresses and kinds that are not run.
MORE = [
    {"type": "image", "source": f"{OUTSIDE}/image.png", "alt": SHORT},
    {"type": "iframe", "url": f"javascript:parent.{RUN}", "label": SHORT, "security": {"allowScripts": True}},
    {"type": "iframe", "url": f"{OUTSIDE}/frame", "label": SHORT},
    {"type": "button", "label": WORDS, "action": "submit"},
    {"type": "documentPreview", "dataSource": f"=[{{documentId: \"x\", endpoint: \"{OUTSIDE}\"}}]", "label": SHORT},
    {"type": f"<img src=x onerror={RUN}>", "label": SHORT},
]  # fmt: skip


def form(id: str, *components: dict[str, object]) -> str:
    numbered = [{"id": f"Field_{n}", **one} for n, one in enumerate(components)]
    return json.dumps({"type": "default", "id": id, "schemaVersion": 19, "components": numbered})


def decision() -> str:
    words, text = quoteattr(WORDS), escape(WORDS)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<!-- {escape(WORDS)} -->
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name={words} namespace="t">
<decision id="hostile_level" name={words}><description>{text}</description><variable name="level"/>
<decisionTable hitPolicy="FIRST">
<input id="in" label={words}><inputExpression typeRef="string"><text>who</text></inputExpression></input>
<output id="out" label={words} name="level" typeRef="string"/>
<rule id="r"><description>{text}</description>
<inputEntry id="i"><text>{escape(json.dumps(WORDS))}</text></inputEntry>
<outputEntry id="o"><text>{escape(json.dumps(WORDS))}</text></outputEntry></rule>
</decisionTable></decision></definitions>"""


STORIES = f"""
process: hostile
given: {{at: 2026-11-02T09:00+08:00}}
organisation:
  departments: {{hr: {{name: {json.dumps(SHORT)}}}}}
  people: {{wang: {{name: {json.dumps(SHORT)}, department: hr, position: {json.dumps(SHORT)}, groups: [employee, hr]}}}}
stories:
  - name: {json.dumps(WORDS)}
    steps:
      - start: wang
        variables: {{days: 1, who: {json.dumps(WORDS)}}}
"""

PUBLISHED = {
    "hostile.bpmn": model(),
    "hostile.dmn": decision(),
    "hostile.form": form("hostile", *COMPONENTS),
}
DRAFTS = {
    **PUBLISHED,
    **MODELS,
    "scenarios.yaml": STORIES,
    "scenarios-2.yaml": "stories: !!python/object/apply:os.system ['touch /tmp/jiaojie-was-hit']\n",
    "wild.form": form("wild", *COMPONENTS, *MORE),
    f"{SHORT.replace('<', '(').replace('>', ')').replace(chr(34), '')}.form": form("named", *COMPONENTS[:1]),
}
