"""Links in words that are edited: where the one at the cursor begins and ends, setting one, taking it away."""

from __future__ import annotations

from PySide6.QtGui import QPalette, QTextBlock, QTextCharFormat, QTextCursor, QTextFragment


def chosen_link(cursor: QTextCursor) -> tuple[QTextCursor, str]:
    """Return the words that a link is or would be set on, and where they lead to now, or nothing.

    What is chosen counts; without a choice the link around the cursor, or else the word.
    """
    around = QTextCursor(cursor)
    if cursor.hasSelection():
        first = QTextCursor(cursor.document())
        first.setPosition(cursor.selectionStart() + 1)
        return around, first.charFormat().anchorHref()
    for fragment in _fragments(cursor.block()):
        begin, end = fragment.position(), fragment.position() + fragment.length()
        href = fragment.charFormat().anchorHref()
        if href and begin <= cursor.position() <= end:
            around.setPosition(begin)
            around.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
            return _whole(around, href), href
    around.select(QTextCursor.SelectionType.WordUnderCursor)
    return around, ""


def set_link(cursor: QTextCursor, address: str, palette: QPalette) -> None:
    """Let the chosen words lead to an address; without words, put the address there as its own."""
    form = QTextCharFormat()
    form.setAnchor(True)
    form.setAnchorHref(address)
    form.setForeground(palette.link())
    form.setFontUnderline(True)
    if cursor.hasSelection():
        cursor.mergeCharFormat(form)
    else:
        cursor.insertText(address.removeprefix("mailto:"), form)


def take_link(cursor: QTextCursor) -> None:
    """Let the chosen words lead nowhere; what else they are they stay."""
    document, end = cursor.document(), cursor.selectionEnd()
    block = document.findBlock(cursor.selectionStart())
    spans = []
    while block.isValid() and block.position() <= end:
        spans += [(one.position(), one.length(), one.charFormat()) for one in _fragments(block)]
        block = block.next()
    for position, length, form in spans:
        begin, until = max(position, cursor.selectionStart()), min(position + length, end)
        if begin < until and form.isAnchor():
            one = QTextCursor(document)
            one.setPosition(begin)
            one.setPosition(until, QTextCursor.MoveMode.KeepAnchor)
            one.setCharFormat(without_link(form))


def without_link(form: QTextCharFormat) -> QTextCharFormat:
    """Return a form of letters that leads nowhere."""
    plain = QTextCharFormat(form)
    for gone in (
        QTextCharFormat.Property.IsAnchor, QTextCharFormat.Property.AnchorHref,
        QTextCharFormat.Property.ForegroundBrush, QTextCharFormat.Property.TextUnderlineStyle,
        QTextCharFormat.Property.FontUnderline,
    ):  # fmt: skip
        plain.clearProperty(gone)
    return plain


def _whole(around: QTextCursor, href: str) -> QTextCursor:
    """Return the whole of a link, of which some letters may be emphasised."""
    begin, end = around.selectionStart(), around.selectionEnd()
    linked = [one for one in _fragments(around.block()) if one.charFormat().anchorHref() == href]
    for one in linked:
        if one.position() == end:
            end += one.length()
    for one in reversed(linked):
        if one.position() + one.length() == begin:
            begin = one.position()
    around.setPosition(begin)
    around.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
    return around


def _fragments(block: QTextBlock) -> list[QTextFragment]:
    found = []
    place = block.begin()
    while not place.atEnd():
        found.append(place.fragment())
        place += 1
    return found
