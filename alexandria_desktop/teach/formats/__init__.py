"""The files of other programs: each format reads into, or writes from, a CourseDocument, and reports what was lost."""
