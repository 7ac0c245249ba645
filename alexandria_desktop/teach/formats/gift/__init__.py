"""GIFT: questions as plain text, as Moodle and many others read them."""
