"""The enrolment scenario of the `eventsourcing` documentation ("speedrun"), rebuilt on the library's public API.

One client, one request after another: ten courses and ten students are registered, then every student joins every
course, which is one commit of two aggregates that have both been loaded before. That is 120 operations and 220 events.
"""

from __future__ import annotations

import time
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event

from appending.jobs import Job, Outcome
from appending.load import Ready

EACH = 10
OPERATIONS = 2 * EACH + EACH * EACH
EVENTS = 2 * EACH + 2 * EACH * EACH


class EnrolmentRefused(Exception):
    """The course is full, the student has enough to do, or the two are joined already."""


class Course(Aggregate):
    """Takes as many students as it has places."""

    @event("Registered")
    def __init__(self, name: str, places: int) -> None:
        self.name = name
        self.places = places
        self.students: list[UUID] = []

    def accept(self, student_id: UUID) -> None:
        if student_id in self.students or len(self.students) >= self.places:
            raise EnrolmentRefused(f"{self.name} does not take {student_id}")
        self._accept(student_id)

    @event("StudentAccepted")
    def _accept(self, student_id: UUID) -> None:
        self.students.append(student_id)


class Student(Aggregate):
    """Joins a limited number of courses."""

    @event("Registered")
    def __init__(self, name: str, max_courses: int) -> None:
        self.name = name
        self.max_courses = max_courses
        self.courses: list[UUID] = []

    def join(self, course_id: UUID) -> None:
        if course_id in self.courses or len(self.courses) >= self.max_courses:
            raise EnrolmentRefused(f"{self.name} does not join {course_id}")
        self._join(course_id)

    @event("CourseJoined")
    def _join(self, course_id: UUID) -> None:
        self.courses.append(course_id)


class Enrolment(Application[UUID]):
    """Courses, students, and who is where."""

    def register_course(self, name: str, places: int) -> UUID:
        course = Course(name, places)
        self.save(course)
        return course.id

    def register_student(self, name: str, max_courses: int) -> UUID:
        student = Student(name, max_courses)
        self.save(student)
        return student.id

    def join_course(self, student_id: UUID, course_id: UUID) -> None:
        course: Course = self.repository.get(course_id)
        student: Student = self.repository.get(student_id)
        course.accept(student_id)
        student.join(course_id)
        self.save(course, student)

    def students_of(self, course_id: UUID) -> list[UUID]:
        course: Course = self.repository.get(course_id)
        return course.students

    def courses_of(self, student_id: UUID) -> list[UUID]:
        student: Student = self.repository.get(student_id)
        return student.courses


def run(job: Job, ready: Ready) -> Outcome:
    """Whole iterations until the window ends; `operations` a second, and the check of what came of them."""
    application = Enrolment(env=dict(job.settings))
    iterate(application)
    window = ready()
    while time.monotonic() < window.begin:
        time.sleep(0.001)
    made: list[tuple[list[UUID], list[UUID]]] = []
    began = time.monotonic()
    while time.monotonic() < window.end:
        made.append(iterate(application))
    seconds = time.monotonic() - began
    check(application, made)
    application.close()
    return Outcome([], figures={"per_second": len(made) * OPERATIONS / seconds})


def iterate(application: Enrolment) -> tuple[list[UUID], list[UUID]]:
    courses = [application.register_course(f"course {number}", places=EACH) for number in range(EACH)]
    students = [application.register_student(f"student {number}", max_courses=EACH) for number in range(EACH)]
    for student in students:
        for course in courses:
            application.join_course(student, course)
    return courses, students


def check(application: Enrolment, made: list[tuple[list[UUID], list[UUID]]]) -> None:
    """Everybody is everywhere, in order; one more is refused; no event is missing. Raises AssertionError if not so."""
    for courses, students in made:
        assert all(application.students_of(course) == students for course in courses), "a course lacks a student"
        assert all(application.courses_of(student) == courses for student in students), "a student lacks a course"
    late = application.register_student("late", max_courses=1)
    try:
        application.join_course(late, made[0][0][0])
    except EnrolmentRefused:
        pass
    else:
        raise AssertionError("a full course took another student")
    recorded = application.recorder.max_notification_id()
    expected = (len(made) + 1) * EVENTS + 1
    assert recorded == expected, f"{recorded} events stand where {expected} were recorded"
