"""What the designer is offered: every job type, in both languages, with what it reads and sets."""

import pytest

from tasks.handlers import registry
from tasks.handlers.element_templates import element_templates


@pytest.mark.requirement("F114")
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_job_type_is_offered(language):
    offered = element_templates(language)
    types = [template["properties"][0]["value"] for template in offered]
    assert types == registry.types()
    assert len({template["id"] for template in offered}) == len(offered)
    assert all(template["name"] and template["description"] for template in offered)


def test_notify_asks_for_recipients_template_and_channels():
    (notify,) = [template for template in element_templates("en") if template["id"] == "jiaojie.notify"]
    bindings = {prop["binding"].get("key") or prop["binding"].get("name"): prop for prop in notify["properties"]}
    assert bindings["to"]["feel"] == "required"
    assert {"name": "overdue", "value": "overdue"} in bindings["template"]["choices"]
    assert notify["description"].endswith("Reads: caseNumber. Sets: none.")


def test_variables_are_named_as_the_process_names_them():
    (transfer,) = [template for template in element_templates("zh-CN") if template["id"] == "jiaojie.crm.transfer"]
    assert transfer["description"].endswith("读取变量：caseNumber, employee, recipient, crm。写入变量：crm。")
