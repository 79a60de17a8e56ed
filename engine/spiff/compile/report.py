"""What is wrong with a file, gathered over the whole of it."""

from engine.model import Problem
from kernel.text import Text


class Refused(Exception):
    """An element cannot be built; it is reported, and compiling goes on with the next one."""

    def __init__(self, element: str, rule: str, sentence: Text) -> None:
        self.element = element
        self.rule = rule
        self.sentence = sentence
        super().__init__(str(sentence))


class Report:
    """The problems of one file, each told once."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self._told: set[tuple[str, str, str]] = set()

    def add(self, element: str, rule: str, sentence: Text, *, error: bool = True) -> None:
        """Note a problem. One that is not an `error` is told, but the file is accepted."""
        key = (element, rule, str(sentence))
        if key not in self._told:
            self._told.add(key)
            self.problems.append(Problem(file=self.file, element=element, rule=rule, sentence=sentence, error=error))

    def refuse(self, refused: Refused) -> None:
        self.add(refused.element, refused.rule, refused.sentence)

    @property
    def errors(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.error]
