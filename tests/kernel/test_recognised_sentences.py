"""A refusal that was kept in English is shown in the reader's language."""

import pytest

from kernel.text import recognised


@pytest.mark.parametrize(
    ("kept", "shown"),
    [
        ("The case OFF-1 is closed; nothing is added to it.", "案件 OFF-1 已结案，不能再添加内容。"),
        (
            "The certificate of 张三 cannot be prepared: a valid identity number, the contract term missing in the "
            "employee file. Add it there, then prepare the certificate again.",
            "无法生成 张三 的离职证明：员工档案中缺少有效的身份证号码、劳动合同期限。请补充后重新生成。",
        ),
        ("KeyError: 'x'", "KeyError: 'x'"),
        ("a {brace} of their own", "a {brace} of their own"),
        ("", ""),
    ],
)
def test_it_is_known_again_with_its_values(kept: str, shown: str) -> None:
    found = recognised(kept)
    assert str(found) == kept
    assert found.within("zh-CN") == shown


def test_a_long_sentence_of_anybody_is_looked_at_in_one_walk() -> None:
    """What a job's worker says comes here too; words that fit almost every message must not hold a page up."""
    sentence = "The " + "is in of has and to by for at, a: the ' " * 3000 + "?"
    assert str(recognised(sentence)) == sentence
