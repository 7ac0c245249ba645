// Highlights, search hits and the found sentence, painted by the CSS Custom Highlight API: the page's tree stays as it is.
"use strict";

class Marks {
  constructor(text) {
    this.text = text;
    this.notes = [];
  }

  setNotes(notes) {
    this.notes = notes;
    const byInk = new Map();
    for (const note of notes) {
      const range = this.text.range(note.start, note.end);
      if (range === null) continue;
      const name = `ink-${note.ink}`;
      if (!byInk.has(name)) byInk.set(name, []);
      byInk.get(name).push(range);
    }
    for (let ink = 1; ink <= 6; ink += 1) this.paint(`ink-${ink}`, byInk.get(`ink-${ink}`) || [], 1);
  }

  paintHits(hits) {
    const ranges = hits.map(([start, end]) => this.text.range(start, end)).filter((range) => range !== null);
    this.paint("search", ranges, 2);
  }

  // A word is lit strongly, a whole sentence softly: so much colour would be a shout.
  light(start, end) {
    const range = end > start ? this.text.range(start, end) : null;
    const name = end - start > 60 ? "speech" : "found";
    for (const one of ["found", "speech"]) this.paint(one, range !== null && one === name ? [range] : [], 3);
  }

  paint(name, ranges, priority) {
    if (ranges.length === 0) {
      CSS.highlights.delete(name);
      return;
    }
    const highlight = new Highlight(...ranges);
    highlight.priority = priority;
    CSS.highlights.set(name, highlight);
  }

  // The note whose words lie at a point of the window; the shortest where several do.
  noteAt(x, y) {
    const caret = document.caretRangeFromPoint(x, y);
    if (caret === null) return null;
    const offset = this.text.offset(caret.startContainer, caret.startOffset);
    const under = this.notes.filter((note) => note.start <= offset && offset <= note.end && this.covers(note, x, y));
    under.sort((one, other) => one.end - one.start - (other.end - other.start));
    return under.length ? under[0] : null;
  }

  covers(note, x, y) {
    const range = this.text.range(note.start, note.end);
    if (range === null) return false;
    for (const rect of range.getClientRects()) {
      if (x >= rect.left - 1 && x <= rect.right + 1 && y >= rect.top - 1 && y <= rect.bottom + 1) return true;
    }
    return false;
  }

  rects(start, end) {
    const range = this.text.range(start, end);
    if (range === null) return [];
    return Array.from(range.getClientRects(), (rect) => [rect.left, rect.top, rect.width, rect.height]);
  }
}
