"""The statements about timers that start a process, and about moving them."""

_START_TIMER = 'key, process_id, element, definition_key, due_at, "left", period'

READ_START_TIMER = f"select {_START_TIMER} from start_timer where key = %s"

LOCK_START_TIMER = f"{READ_START_TIMER} for update"

MOVE_START_TIMER = "update start_timer set due_at = %s, lease_until = null where key = %s"
