"""Perseus: the exercises of Khan Academy, as JSON, read where they have a kind here."""
