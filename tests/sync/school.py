"""A course on a real server: its teacher, students, and what one finds on a disk."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from uuid import UUID

from alexandria_desktop.library.library import Library
from alexandria_desktop.store.course_rows import Audience, Status
from alexandria_desktop.teach.document import CourseDocument
from sync.assessing.assessment import AssessmentDocument, Mode
from sync.assessing.questions.answers import Chosen, Written
from tests.support.server import ServerDatabase
from tests.sync.desks import sign_in
from tests.sync.laptops import Account, make_account
from tests.sync.recorder import Recorder


class School:
    """A teacher, students, and the server between them."""

    def __init__(
        self, root: Path, database: ServerDatabase, address: str, stack: ExitStack, course: CourseDocument
    ) -> None:
        self.root, self.database, self.address, self.stack = root, database, address, stack
        self._accounts: dict[UUID, Account] = {}
        self.teacher = self.join("teacher")
        self.course = self.teacher.authoring.bring_in(course)
        self.teacher.authoring.set_status(self.course, Status.PUBLISHED, audience=Audience.INVITED)
        self.teacher.syncing.sync()

    def join(self, name: str, *, like: Library | None = None, by: Recorder | None = None) -> Library:
        """Open a new laptop, of a new person or of whom another is; ``by`` is a line that keeps what it tells."""
        account = make_account(self.address) if like is None else self._accounts[like._core.identity.user_id]
        library = self.stack.enter_context(Library.open(self.root / name, vectors="numpy"))
        sign_in(library, account if by is None else replace(account, address=by.address))
        self._accounts[library._core.identity.user_id] = account
        return library

    def enrol(self, library: Library, *, role: str = "student") -> None:
        user = library._core.identity.user_id
        with self.database.as_superuser() as connection:
            query = "insert into course_enrollments (user_id, course_id, role) values (%s, %s, %s)"
            connection.execute(query, (user, self.course, role))
        library.syncing.sync()

    def exam(self, library: Library) -> AssessmentDocument:
        return next(one for one in library.courses.document(self.course).assessments if one.mode is Mode.GRADED)

    def take(self, library: Library, *, tree: str, word: str, why: str = "") -> UUID:
        sitting = library.attempts.begin(self.exam(library))
        sitting.answer("tree", Chosen((tree,)))
        sitting.answer("word", Written(word))
        if why:
            sitting.answer("why", Written(why))
        return sitting.hand_in().id


def on_disk(root: Path, word: str) -> list[str]:
    found = [file for file in root.rglob("*") if file.is_file() and word.encode() in file.read_bytes()]
    return [str(file.relative_to(root)) for file in found]
