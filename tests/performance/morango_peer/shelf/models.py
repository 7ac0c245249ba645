"""A note with the fields that ours has."""

from __future__ import annotations

from django.db import models
from morango.models import SyncableModel


class Note(SyncableModel):
    """One note on a passage; all notes of a data set lie in one partition."""

    morango_profile = "shelf"
    morango_model_name = "note"

    dataset = models.CharField(max_length=32)
    book = models.CharField(max_length=36, default="")
    text = models.TextField(default="")
    kind = models.CharField(max_length=50, default="highlight")
    location = models.TextField(default="{}")
    edition = models.CharField(max_length=64, null=True, blank=True)
    color = models.CharField(max_length=20, default="")
    attributes = models.TextField(default="{}")
    is_public = models.BooleanField(default=False)
    created = models.CharField(max_length=40, default="")
    updated = models.CharField(max_length=40, default="")

    class Meta:
        """Where the table is."""

        app_label = "shelf"

    def calculate_source_id(self) -> None:
        """Let morango choose a random id."""

    def calculate_partition(self) -> str:
        """Put everything of a data set together."""
        return f"{self.dataset}:notes"
