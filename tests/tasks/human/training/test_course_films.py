"""Films of slides are made before anybody waits for them: one a round of the upkeep, then a look from time to time."""

from datetime import timedelta

from hr.training import films, reader, texts
from kernel.actor import system
from tasks.human.training.films import EVERY, Films
from tests.hr.training import sound
from tests.tasks.human.training.conftest import School


def go_on() -> bool:
    return False


def test_the_upkeep_makes_the_films_of_published_courses(school: School) -> None:
    house, chore, lesson = school.house, Films(), sound.film()
    assert chore(house, go_on) == 0

    with school.database.transaction() as unit:
        source = reader.write(sound.course())
        texts.save(unit, "where-to-store", source, actor=system("test"), clock=house.clock)
        texts.publish(unit, "where-to-store", 1, actor=system("test"), clock=house.clock)
    assert chore(house, go_on) == 0
    school.clock.advance(EVERY + timedelta(seconds=1))
    assert chore(house, lambda: True) == 0
    assert chore(house, go_on) == 1
    assert chore(house, go_on) == 0

    with school.database.transaction() as unit:
        made = films.of(unit, lesson)
        assert films.unmade(unit) == []
    assert made is not None
    assert house.world.media.path(made.hash).stat().st_size == made.size
