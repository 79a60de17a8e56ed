"""The articles that the shipped courses may name: each was looked up for what it is named for."""

import re

from hr.agreements.numerals import number

ARTICLES: dict[str, frozenset[int]] = {
    "《劳动合同法》": frozenset({8, 9, 22, 23, 24, 25, 37, 50, 90}),
    "《劳动合同法实施条例》": frozenset({24}),
    "《工资支付暂行规定》": frozenset({9, 15}),
    "《就业服务与就业管理规定》": frozenset({13}),
    "《反不正当竞争法》": frozenset({10}),  # as revised in 2025; it was article 9 before
    "《个人信息保护法》": frozenset({4, 6, 10, 13, 14, 17, 19, 21, 23, 26, 28, 29, 34, 45, 46, 47, 51, 57}),
    "《数据安全法》": frozenset({27, 29}),
    "《民法典》": frozenset({501}),
    "《刑法》": frozenset({219, 253}),
    "《专利法》": frozenset({6, 22}),
    "《电子签名法》": frozenset({13}),
    "《生成式人工智能服务管理暂行办法》": frozenset({7}),
    "《企业内部控制基本规范》": frozenset({29, 30}),
    "《会计档案管理办法》": frozenset({13}),
    "法释〔2020〕7号": frozenset({1, 2, 4, 5, 6, 14}),
    "法释〔2020〕26号": frozenset({36, 38, 39, 40}),
    "法释〔2025〕12号": frozenset({13, 14, 15}),
}
_REFERENCE = re.compile(
    r"(《[^》]+》|法释〔\d{4}〕\d+号)((?:第[一二三四五六七八九十百零]+条(?:之[一二三])?(?:第[一二三]款)?、?)+)"
)
_ARTICLE = re.compile(r"第([一二三四五六七八九十百零]+)条")


def references(text: str) -> list[tuple[str, int]]:
    """Every source with article that a text names."""
    found = []
    for source, articles in _REFERENCE.findall(text):
        found += [(source, int(number(article) or 0)) for article in _ARTICLE.findall(articles)]
    return found


def unknown(text: str) -> list[tuple[str, int]]:
    return [(source, article) for source, article in references(text) if article not in ARTICLES.get(source, ())]


def is_reference(law: str) -> bool:
    """The text is nothing but sources with articles, one after another."""
    return all(_REFERENCE.fullmatch(part) for part in law.split("；"))
