"""`python -m tests.conformance SUITE DIR [--OPTION …]`: run a public conformance suite and print what fails.

The last line is `SUITE: N of M`. SUITE is a module beside this one, with a function `run(folder) -> exit code`;
dashes in its name are written as underscores there. An option is a flag of that function, such as `--every-node` of
betsy, which saves and loads the state after every node.
"""

import sys
from importlib import import_module
from inspect import signature
from pathlib import Path

from kernel.errors import NotFound

HERE = Path(__file__).parent


def suites() -> list[str]:
    return sorted(file.stem.replace("_", "-") for file in HERE.glob("[a-z]*.py") if not file.stem.startswith("test_"))


def main(arguments: list[str]) -> int:
    plain = [argument for argument in arguments if not argument.startswith("--")]
    if len(plain) != 2 or plain[0] not in suites():
        print(f"usage: python -m tests.conformance {{{','.join(suites())}}} DIR [--OPTION …]", file=sys.stderr)
        return 2
    suite, folder = plain[0], Path(plain[1])
    if not folder.is_dir():
        print(f"{folder} is not a folder.", file=sys.stderr)
        return 2
    run = import_module(f"tests.conformance.{suite.replace('-', '_')}").run
    flags = {argument[2:].replace("-", "_") for argument in arguments if argument.startswith("--")}
    if unknown := sorted(flags - signature(run).parameters.keys()):
        print(f"{suite} has no option {', '.join(unknown)}.", file=sys.stderr)
        return 2
    try:
        return int(run(folder, **dict.fromkeys(flags, True)))
    except NotFound as nothing:
        print(nothing, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
