"""The public keys of what has none of its own: element instances, and what somebody did to an instance.

An element instance is a token of an instance; what was done to one is a row of its journal. Both numbers go into one:
`instance_key * 10_000_000 + number`. Token 0 is the process itself.
"""

PER_INSTANCE = 10_000_000
LARGEST = 2**63 - 1


def make(instance_key: int, number: int) -> int:
    """The key of a token or of a row of the journal. Raises OverflowError beyond what a key can hold."""
    key = instance_key * PER_INSTANCE + number
    if not 0 <= number < PER_INSTANCE or key > LARGEST:
        raise OverflowError(f"{instance_key} and {number} make no key")
    return key


def split(key: int) -> tuple[int, int]:
    """The instance and the number. Anything at all can be split: whether it is there is told by who looks."""
    return divmod(key, PER_INSTANCE)


def scope(instance_key: int, token: int) -> int:
    """The key of the scope that a variable lies in: that of the instance itself where it is the process's."""
    return make(instance_key, token) if token else instance_key


def column(instance: str, number: str) -> str:
    """The same as `make`, in SQL."""
    return f"({instance} * {PER_INSTANCE} + {number})"


def scope_column(instance: str, token: str) -> str:
    """The same as `scope`, in SQL."""
    return f"(case when {token} = 0 then {instance} else {column(instance, token)} end)"
