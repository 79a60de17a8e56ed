from typing import Any
MISSED = object()
def fast_path(node: Any) -> Any:
    return None
