"""Who may publish process files, and whether one alone may: the settings `publishers` and `publish_approval`."""

from kernel.actor import Actor
from kernel.errors import Forbidden
from kernel.text import say
from tasks.house import House


def publishers(house: House) -> frozenset[str]:
    """The groups that may publish."""
    return frozenset(name.strip() for name in house.settings.publishers.split(",") if name.strip())


def may_publish(house: House, actor: Actor) -> bool:
    """Whether someone may publish and approve. A part of the product may: whoever gives it orders has the machine."""
    return actor.kind == "system" or actor.has(*publishers(house))


def check_publisher(house: House, actor: Actor) -> None:
    """Raises Forbidden for someone who may not publish."""
    if not may_publish(house, actor):
        groups = ", ".join(sorted(publishers(house)))
        raise Forbidden(say("Publishing is for {groups}. Propose the files, and ask one of them.", groups=groups))


def check_straight(house: House, actor: Actor) -> None:
    """Raises Forbidden for someone who may not publish, and where nothing is published without an approval."""
    check_publisher(house, actor)
    if house.settings.publish_approval:
        raise Forbidden(
            say(
                "Nothing is published here without the approval of a second person. Hand the files in by jiaojie "
                "deploy, in the studio or under Operations, Proposals, and have them approved there."
            )
        )
