"""What people call the elements of a file: pages say it in the place of an id."""

from processes import catalog, labels


def test_an_element_is_called_by_its_name() -> None:
    file = next(catalog.home().rglob("offboarding.bpmn"))
    names = labels.names(file.read_bytes())
    assert names["register_case"] == "登记案件推算期限"
    assert names["offboarding"] == "离职交接"


def test_one_without_a_name_has_none_and_breaks_become_spaces() -> None:
    assert labels.names('<a><b id="one" name=" 提交\n申请 "/><b id="two" name=" "/><b id="three"/></a>'.encode()) == {
        "one": "提交 申请"
    }


def test_what_is_no_xml_names_nothing() -> None:
    assert labels.names(b"{}") == {}
    assert labels.names(b"") == {}
