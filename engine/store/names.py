"""The statement that gives an instance the number that people know it by."""

from engine.store.parts import HISTORY
from kernel.db import Statement

ASSIGN_BUSINESS_ID = Statement(f"""with i as (update instance set version = version + 1, journal_seq = %(seq)s,
      journal_head = %(head)s, business_id = %(noted)s::json->>'business_id'
    where key = %(instance)s and version = %(version)s returning key){HISTORY}
select i.key, '{{}}'::bigint[] from i""")
