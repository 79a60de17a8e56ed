"""What a keyword opens: if, for, some, every, function (DMN 1.5, grammar rules 44 to 47 and 54)."""

from collections.abc import Callable

from feel.parser.types import TypeParser
from feel.syntax import For, FunctionLiteral, If, Iterator, Literal, Node, Quantified
from feel.values.types import Type


class Constructs(TypeParser):
    def construct(self) -> Node | None:
        """The construct that a keyword opens here, or null where none does."""
        openings: dict[str, Callable[[int], Node]] = {
            "if": self._if,
            "for": self._for,
            "some": self._some,
            "every": self._every,
            "function": self._function_literal,
        }
        token = self.token
        if token.kind != "name" or token.text not in openings:
            return None
        self.index += 1
        names = self.names
        node = openings[token.text](token.start)
        self.names = names
        return node

    def _if(self, at: int) -> Node:
        condition = self.expression()
        self.expect("then")
        then = self.expression()
        self.expect("else")
        return If(condition, then, self.expression(), at)

    def _iterators(self) -> tuple[Iterator, ...]:
        found: list[Iterator] = []
        while not found or self.accept(","):
            name = self.declared_name("in")
            self.expect("in")
            low = self.expression()
            high = self.expression() if self.accept("..") else None
            found.append(Iterator(name, low, high))
        return tuple(found)

    def _for(self, at: int) -> Node:
        iterators = self._iterators()
        self.expect("return")
        return For(iterators, self.expression(), at)

    def _some(self, at: int) -> Node:
        return self._quantified(at, universal=False)

    def _every(self, at: int) -> Node:
        return self._quantified(at, universal=True)

    def _quantified(self, at: int, *, universal: bool) -> Node:
        iterators = self._iterators()
        self.expect("satisfies")
        return Quantified(universal, iterators, self.expression(), at)

    def _function_literal(self, at: int) -> Node:
        self.expect("(")
        parameters: list[tuple[str, Type | None]] = []
        if not self.accept(")"):
            while not parameters or self.accept(","):
                name = self.declared_name(":", ",", ")")
                parameters.append((name, self.type() if self.accept(":") else None))
            self.expect(")")
        result = self.type() if self.accept(":") else None
        if self.at_word("external"):
            return self._external(at)
        return FunctionLiteral(tuple(parameters), self.expression(), result, at)

    def _external(self, at: int) -> Node:
        """Functions of other languages are read and never called: their value is null."""
        self.index += 1
        self.expression()
        return Literal(None, at)
