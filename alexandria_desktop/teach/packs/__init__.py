"""Course packs: a course, the books that may be given with it and a signature, in one file for a stick or a mail."""
