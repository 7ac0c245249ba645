"""What can keep a backup from being made or restored."""

from __future__ import annotations


class BackupError(Exception):
    """A backup cannot be made or restored; a stable code and one sentence for people."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
