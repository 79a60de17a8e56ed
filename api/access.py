"""Who may use what: one table for every route of the product, walked role by role by a test.

A route without a line here does not start. `EVERYBODY` needs no login, `ANYONE` any login; otherwise one of the groups.
What a person may see of a single object is decided where the object is read: others' objects are not found.
"""

EVERYBODY = "everybody"
ANYONE = "anyone"
HR = frozenset({"hr", "hr-head"})
STAFF = frozenset({"hr", "hr-head", "admin"})
OPERATORS = frozenset({"admin"})
DESIGNERS = frozenset({"admin", "designer"})
MAKERS = DESIGNERS | {"client", "hr", "hr-head"}  # who looks at what is deployed
PROGRAMS = ("/v2", "/api", "/oauth", "/cluster")  # where programs call; everything else is pages, for browsers

Who = str | frozenset[str]

ACCESS: dict[str, Who] = {}


def may(name: str, who: Who) -> str:
    """Enter a route's line and give its name back, for the route's `name=`."""
    ACCESS[name] = who
    return name
