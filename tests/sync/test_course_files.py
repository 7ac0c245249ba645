"""Pictures of a course by way of a real server: to those who take it, without being asked for, and to nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from uuid import UUID

import pytest

from alexandria_desktop.library.library import Library
from alexandria_desktop.store.course_rows import Audience, Status
from alexandria_desktop.teach.blocks import ImageBlock
from sync.assessing.media import Media
from sync.protocol.errors import Refused
from tests.support.courses import PICTURE
from tests.support.server import ServerDatabase
from tests.sync.desks import sign_in
from tests.sync.laptops import Account, make_account

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("drawer")]


class Studio:
    """A teacher with a picture in a draft, and others on the same server."""

    def __init__(self, root: Path, database: ServerDatabase, address: str, stack: ExitStack) -> None:
        self.root, self.database, self.address, self._stack = root, database, address, stack
        self.account: Account = make_account(address)
        self.teacher = self.join("teacher", self.account)
        make = self.teacher.authoring
        self.course = make.make_course("Mosses")
        lesson = make.add_lesson(self.course, "In the wood")
        (root / "moss.png").write_bytes(PICTURE)
        self.media: Media = make.add_picture(self.course, root / "moss.png", alt="Moss")
        make.add_block(lesson, ImageBlock(id="i", media=self.media))

    def join(self, name: str, account: Account | None = None) -> Library:
        library = self._stack.enter_context(Library.open(self.root / name, vectors="numpy"))
        sign_in(library, account or make_account(self.address))
        return library

    def publish(self) -> None:
        self.teacher.authoring.set_status(self.course, Status.PUBLISHED, audience=Audience.INVITED)

    def enrol(self, library: Library) -> None:
        user: UUID = library._core.identity.user_id
        with self.database.as_superuser() as connection:
            query = "insert into course_enrollments (user_id, course_id, role) values (%s, %s, 'student')"
            connection.execute(query, (user, self.course))

    def on_disk(self, name: str) -> bool:
        return any(file.is_file() and PICTURE in file.read_bytes() for file in (self.root / name).rglob("*"))

    def is_handed_in(self) -> bool:
        with self.database.as_superuser() as connection:
            query = "select from gateway.blob_claims where sha256 = %s and user_id = %s"
            return connection.execute(query, (self.media.sha256, self.account.user_id)).fetchone() is not None


@pytest.fixture
def studio(tmp_path: Path, server_database: ServerDatabase, address: str) -> Iterator[Studio]:
    with ExitStack() as stack:
        yield Studio(tmp_path, server_database, address, stack)


def in_step(library: Library) -> None:
    library.syncing.sync()
    library.carry_files()


def test_a_picture_comes_to_who_takes_the_course_and_to_no_stranger(studio: Studio) -> None:
    studio.publish()
    in_step(studio.teacher)
    student, stranger = studio.join("student"), studio.join("stranger")
    studio.enrol(student)
    for library in (student, stranger):
        in_step(library)
    path = student.learning.file_of(studio.media)
    assert path is not None
    assert path.read_bytes() == PICTURE
    assert not studio.on_disk("stranger")
    with stranger.syncing.files() as client:
        assert studio.media.sha256 not in client.known([studio.media.sha256]).readable
        with pytest.raises(Refused):
            client.fetch(studio.media.sha256, studio.root / "taken")


def test_the_pictures_of_a_draft_stay_where_they_are(studio: Studio) -> None:
    in_step(studio.teacher)
    assert not studio.is_handed_in()
    studio.publish()
    in_step(studio.teacher)
    assert studio.is_handed_in()


def test_a_picture_that_is_handed_in_after_the_student_looked_comes_with_a_later_round(studio: Studio) -> None:
    studio.publish()
    studio.teacher.syncing.sync()
    student = studio.join("student")
    studio.enrol(student)
    in_step(student)
    assert student.learning.file_of(studio.media) is None
    studio.teacher.carry_files()
    in_step(student)
    assert student.learning.file_of(studio.media) is not None


def test_a_teachers_other_computer_gets_the_pictures_too(studio: Studio) -> None:
    studio.publish()
    in_step(studio.teacher)
    other = studio.join("other", studio.account)
    in_step(other)
    assert other.learning.file_of(studio.media) is not None


def test_who_leaves_before_the_pictures_came_gets_none(studio: Studio) -> None:
    studio.publish()
    in_step(studio.teacher)
    student = studio.join("student")
    studio.enrol(student)
    student.syncing.sync()
    with studio.database.as_superuser() as connection:
        connection.execute("update course_enrollments set status = 'removed' where course_id = %s", (studio.course,))
    in_step(student)
    assert not studio.on_disk("student")
