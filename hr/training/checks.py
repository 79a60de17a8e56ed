"""What stands against publishing a course: nobody shall be sent into one that cannot be learned, passed or proven."""

from collections.abc import Generator, Iterator, Mapping
from datetime import date

from hr.training import bank, captions, lawful, markdown
from hr.training.course import SHIPPED, CourseText, Lesson
from hr.training.findings import Finding
from hr.training.tables import CourseMedia
from kernel.text import Text, say

__all__ = ["Finding", "findings", "named_media"]

LEAST_SIGNS = 80  # letters of a text: less is a note, no lesson
LEAST_VIDEO = 5.0  # seconds
MOST_LINES, LONGEST_LINE, LONGEST_TITLE = 4, 24, 34  # what a slide has room for
TOLERANCE = 2.0  # seconds that captions may outlast their video


def findings(course: CourseText, media: Mapping[str, CourseMedia], on: date | None = None) -> list[Finding]:
    """Everything that stands against publishing, in the order of the course.

    `media` are those that the course names (`named_media`), by their hash. `on` is the day from which the course is to
    be used: questions that hold only later are not counted.
    """
    return [*_course(course), *_lessons(course, media), *bank.findings(course, on)]


def named_media(course: CourseText) -> set[str]:
    """The hashes of the videos, packages and pictures that a course names."""
    found = {hash_ for lesson in course.lessons for hash_ in (lesson.video, lesson.scorm) if hash_}
    pictures = {hash_ for lesson in course.lessons for hash_ in _pictures(lesson)}
    return {hash_ for hash_ in found if not hash_.startswith(SHIPPED)} | pictures


def _pictures(lesson: Lesson) -> list[str]:
    return markdown.shown_pictures(lesson.body) + markdown.shown_pictures(lesson.transcript)


def _course(course: CourseText) -> Iterator[Finding]:
    place = say("the head of the course")
    if not course.summary:
        yield Finding(place, say("The summary is missing: one or two sentences that say what one can do afterwards."))
    if not course.lessons:
        yield Finding(place, say("The course has no lessons. Write one."))
    if course.minutes < 5:
        said = say("{minutes} minutes are too few for an exam. Give it five or more.", minutes=course.minutes)
        yield Finding(place, said)


def _lessons(course: CourseText, media: Mapping[str, CourseMedia]) -> Iterator[Finding]:
    seen: set[str] = set()
    for lesson in course.lessons:
        place = say("lesson {title}", title=lesson.title or lesson.key)
        if lesson.key in seen:
            said = say("Another lesson has the key {key} already. Give each its own.", key=lesson.key)
            yield Finding(place, said)
        seen.add(lesson.key)
        for said in _lesson(lesson, media):
            yield Finding(place, said)
        yield from (
            Finding(say("{place}, {part}", place=place, part=found.place), found.sentence)
            for question in lesson.questions
            for found in bank.of_question(question, None)
        )
        yield from (Finding(place, found.sentence) for found in lawful.of_lesson(lesson))


def _lesson(lesson: Lesson, media: Mapping[str, CourseMedia]) -> Iterator[Text]:
    if lesson.kind == "text":
        yield from _text(lesson)
    elif lesson.kind == "case":
        yield from _case(lesson)
    elif lesson.kind == "video":
        yield from _video(lesson, media)
    else:
        yield from _package(lesson, media)
    for picture in _pictures(lesson):
        found = media.get(picture)
        if found is None or found.kind != "picture":
            yield say("The picture {hash} is not here. Add it to the media, or take it out.", hash=picture[:12])


def _text(lesson: Lesson) -> Iterator[Text]:
    signs = sum(sign.isalnum() for sign in lesson.body)
    if signs < LEAST_SIGNS:
        yield say(
            "The text has {count} characters: a lesson has {least} or more. Write what one has to know.",
            count=signs,
            least=LEAST_SIGNS,
        )


def _case(lesson: Lesson) -> Iterator[Text]:
    yield from _text(lesson)
    if not lesson.questions:
        yield say("The case study asks nothing. Add a question that is answered while learning.")


def _video(lesson: Lesson, media: Mapping[str, CourseMedia]) -> Iterator[Text]:
    seconds = yield from _length(lesson, media)
    for slide in lesson.slides:
        long = len(slide.title) > LONGEST_TITLE or any(len(line) > LONGEST_LINE for line in slide.lines)
        if long or len(slide.lines) > MOST_LINES:
            yield say(
                "The slide {title} is too full: it has room for {lines} lines of {signs} characters. Split it.",
                title=slide.title,
                lines=MOST_LINES,
                signs=LONGEST_LINE,
            )
    if not lesson.transcript:
        yield say("The video has no transcript: who cannot hear or play it reads what is said. Write it.")
    if not lesson.captions:
        yield say("The video has no captions. Add them as WebVTT.")
        return
    try:
        cues = captions.read(lesson.captions)
    except captions.NoCaptions as fault:
        yield fault.sentence
        return
    if seconds and cues[-1].end > seconds + TOLERANCE:
        yield say(
            "The captions go on until second {end}, the video ends at {seconds}. They belong to another film.",
            end=round(cues[-1].end),
            seconds=round(seconds),
        )


def _length(lesson: Lesson, media: Mapping[str, CourseMedia]) -> Generator[Text, None, float]:
    """Yields what is wrong with the film itself; returns its seconds, 0 while unknown."""
    if not lesson.video:
        yield say("The lesson has no video. Add one to the media, or describe its slides.")
        return 0.0
    if lesson.video.startswith(SHIPPED):
        if not lesson.slides:
            yield say("The video is to be made of slides, and there are none. Describe them, or add a video.")
        return float(sum(slide.seconds for slide in lesson.slides))
    found = media.get(lesson.video)
    if found is None or found.kind != "video":
        yield say("The video {hash} is not here. Add it to the media.", hash=lesson.video[:12])
        return 0.0
    if (found.seconds or 0.0) < LEAST_VIDEO:
        yield say("The video lasts {seconds} s: too short to be a lesson.", seconds=round(found.seconds or 0.0, 1))
    return found.seconds or 0.0


def _package(lesson: Lesson, media: Mapping[str, CourseMedia]) -> Iterator[Text]:
    found = media.get(lesson.scorm or "")
    if found is None or found.kind != "scorm":
        yield say("The lesson has no SCORM package. Add one to the media and choose it.")
