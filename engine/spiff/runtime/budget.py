"""What a turn and an instance may spend, so that a model which goes round or multiplies ends in one incident."""

from collections import deque
from typing import Any

from engine.spiff.expression import Spent
from engine.spiff.runtime.token import READY, RUN, Token
from kernel.text import say

STEPS_A_TURN = 10_000
TOKENS_A_TURN = 20_000
TOKENS_AT_ONCE = 10_000  # that live in one instance


class Budget:
    """The part of an instance that counts tokens. Ids are given out one by one, so the last one is the count.

    Asked where one step makes many tokens: several ways out, iterations, activities of an ad-hoc sub-process. All else
    makes one for one, and is bounded by the steps. Whoever would make too many stands still, and the first of them
    tells; all the others go on, so that what there is can be worked off.
    """

    tasks: dict[Any, Any]
    subprocesses: dict[int, Any]
    ready: deque[Token]

    last_id: int
    most_id: int  # that this turn may come to
    gone = 0  # tokens that are known to have ended; counted anew only where it matters
    spent: Spent | None = None  # in this turn
    halted = False  # an incident about a budget is open
    held: tuple[Token, ...] = ()  # that stand still

    def reserve(self, count: int) -> None:
        """A step is about to make so many tokens. Raises Spent where there would be too many."""
        wanted = self.last_id + count
        if wanted > self.most_id:
            raise Spent(
                "TOKEN_LIMIT",
                say(
                    "More than {limit} tokens were made in one turn. Look for a way back that splits each time, or for"
                    " multi-instance activities within each other. Correct the model or the list, then retry: it goes"
                    " on for as many more.",
                    limit=TOKENS_A_TURN,
                ),
            )
        if wanted - self.gone > TOKENS_AT_ONCE:
            self.gone = self.last_id - self._living()
            if wanted - self.gone > TOKENS_AT_ONCE:
                raise Spent(
                    "TOKEN_LIMIT",
                    say(
                        "The instance would have more than {limit} tokens at once. Complete some of its open work, or"
                        " make the list shorter, then retry.",
                        limit=TOKENS_AT_ONCE,
                    ),
                )

    def _living(self) -> int:
        return sum(len(scope.tasks) - 1 for scope in (self, *self.subprocesses.values()))

    def may_multiply(self) -> None:
        """Raises Spent where a budget was spent in this turn already, so that a long list is not even read."""
        if self.spent is not None:
            raise Spent(self.spent.kind, self.spent.sentence)

    def spend(self, fault: Spent) -> bool:
        """A budget is spent. True for the first to come upon it in this turn: it tells."""
        if self.spent is not None:
            return False
        self.spent = fault
        return True

    def run_out(self, token: Token) -> bool:
        """The turn has spent its steps: this token tells, those behind it stand still."""
        fault = Spent(
            "STEP_LIMIT",
            say(
                "More than {limit} elements ran in one turn. The model may go round without waiting: let it wait on its"
                " way back, or make its condition come true. A retry goes on for as many more.",
                limit=STEPS_A_TURN,
            ),
        )
        token.park(token.internal_data.pop("z", RUN), fault)
        self.stand_still()
        return True

    def stand_still(self) -> None:
        """Leave the tokens on their way where they are."""
        self.held = (*self.held, *self.ready)
        self.ready.clear()

    def release(self) -> None:
        """The incident about the budget is over: the tokens that stood still go on."""
        for token in self.held:
            token._set_state(READY)
        self.ready += self.held
        self.held = ()

    def retry_last(self, token: Token, step: int) -> None:
        """Try a step again when all that stood still has run: it may make room."""
        token.internal_data["z"] = step
        token._state = READY
        self.ready.append(token)
