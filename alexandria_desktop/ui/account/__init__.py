"""The account: keeping in step in the background, how that stands, and what wants the reader's eye."""
