"""`python -m tests.conformance SUITE DIR`: run a public conformance suite and print what fails.

The last line is `SUITE: N of M`. SUITE is a module beside this one, with a function `run(folder) -> exit code`;
dashes in its name are written as underscores there.
"""

import sys
from importlib import import_module
from pathlib import Path

HERE = Path(__file__).parent


def suites() -> list[str]:
    return sorted(file.stem.replace("_", "-") for file in HERE.glob("[a-z]*.py") if not file.stem.startswith("test_"))


def main(arguments: list[str]) -> int:
    if len(arguments) != 2 or arguments[0] not in suites():
        print(f"usage: python -m tests.conformance {{{','.join(suites())}}} DIR", file=sys.stderr)
        return 2
    suite, folder = arguments[0], Path(arguments[1])
    if not folder.is_dir():
        print(f"{folder} is not a folder.", file=sys.stderr)
        return 2
    return int(import_module(f"tests.conformance.{suite.replace('-', '_')}").run(folder))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
