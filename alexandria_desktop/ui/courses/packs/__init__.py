"""Course packs and files of answers in the window."""
