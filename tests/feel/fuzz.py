"""Coverage-guided fuzzing of FEEL: `python -m tests.feel.fuzz [-runs=N] [-max_total_time=SECONDS]`.

libFuzzer steers what is tried by the branches of the package that it reaches, from the expressions of the tests as
seeds and FEEL's own words as a dictionary. What breaks is written to a file in the working folder, and the exit code
is not 0. Options are libFuzzer's.
"""

import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["feel"]):
    import feel
    from feel.builtins import BUILT_INS

from tests.feel.hostile import EXPRESSIONS
from tests.feel.test_feel_built_ins import CASES
from tests.feel.test_feel_properties import VOCABULARY

CHEAP = feel.Limits(steps=20_000, seconds=0.1, string=20_000, items=5_000)
CONTEXT = {"a": 1, "b": "x", "c": {"d": [1, 2.5, None]}, "l": [{"a": 1}, {"a": 2}], "t": True}
WORDS = VOCABULARY.split()


def one(data: bytes) -> None:
    """Any text is an expression with a value, or is refused with a place in it."""
    source = data.decode("utf-8", "replace")
    for compile_ in (feel.compile, feel.compile_unary):
        try:
            expression = compile_(source)
        except feel.FeelSyntaxError as error:
            _placed(error, source)
            continue
        assert isinstance(expression.names, frozenset)
        with suppress(feel.FeelLimitExceeded, feel.FeelAssertionFailed):
            feel.to_json(expression.evaluate(CONTEXT, limits=CHEAP), 100_000)


def _placed(error: feel.FeelSyntaxError, source: str) -> None:
    assert 0 <= error.position <= len(source)
    assert error.line >= 1 <= error.column
    assert "^" in str(error) or not source


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        seeds = Path(folder, "seeds")
        seeds.mkdir()
        sources = [expression for expression, _ in CASES] + [e for e in EXPRESSIONS.values() if len(e) < 400]
        for index, source in enumerate(sources):
            (seeds / str(index)).write_text(source, "utf-8")
        words = Path(folder, "words")
        names = [word.replace("\\", "\\\\").replace('"', '\\"') for word in (*WORDS, *BUILT_INS)]
        words.write_text("".join(f'"{word}"\n' for word in names), "utf-8")
        options = ["-timeout=5", "-rss_limit_mb=1024", "-max_len=400", f"-dict={words}", *sys.argv[1:]]
        atheris.Setup([sys.argv[0], *options, str(seeds)], one)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
