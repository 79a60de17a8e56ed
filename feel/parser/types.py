"""Types as they are written after `instance of` and in function headers (DMN 1.5, grammar rule 53)."""

from feel.parser.cursor import Cursor
from feel.values.types import ANY, ContextOf, FunctionOf, ListOf, RangeOf, Type, named

_SEVERAL_WORDS = (
    ("date", "and", "time"),
    ("date", "time"),
    ("years", "and", "months", "duration"),
    ("days", "and", "time", "duration"),
    ("day", "time", "duration"),
    ("year", "month", "duration"),
    ("day", "-", "time", "-", "duration"),
    ("year", "-", "month", "-", "duration"),
)


class TypeParser(Cursor):
    def type(self) -> Type:
        generic = {"list": self._list, "range": self._range, "context": self._context, "function": self._function}
        start = self.token
        if start.kind == "name" and start.text in generic and self.ahead().text == "<":
            self.index += 2
            return generic[start.text]()
        for words in _SEVERAL_WORDS:
            if tuple(token.text for token in self.tokens[self.index : self.index + len(words)]) == words:
                self.index += len(words)
                return named("".join(words) if "-" in words else " ".join(words))
        name = self.known_name()
        while self.accept("."):
            name += "." + self.known_name()
        return named(name)

    def _list(self) -> Type:
        item = self.type()
        self.expect(">")
        return ListOf(item)

    def _range(self) -> Type:
        item = self.type()
        self.expect(">")
        return RangeOf(item)

    def _context(self) -> Type:
        entries: dict[str, Type] = {}
        while not entries or self.accept(","):
            name = self.declared_name(":")
            self.expect(":")
            entries[name] = self.type()
        self.expect(">")
        return ContextOf(entries)

    def _function(self) -> Type:
        parameters: list[Type] = []
        if not self.accept(">"):
            parameters.append(self.type())
            while self.accept(","):
                parameters.append(self.type())
            self.expect(">")
        if not self.accept("->"):
            return FunctionOf(tuple(parameters), ANY)
        return FunctionOf(tuple(parameters), self.type())
