// The canonical text of the page, by the rule of alexandria_desktop/text/canonical.py (version 1).
// Change both together. Inside this file offsets are UTF-16 units; what leaves it counts code points.
"use strict";

const Canonical = (() => {
  const SKIPPED = new Set([
    "script", "style", "template", "rt", "rp", "head", "title", "desc", "metadata", "annotation", "annotation-xml",
  ]);
  const BLOCKS = new Set([
    "address", "article", "aside", "blockquote", "body", "br", "caption", "center", "dd", "details", "dialog", "dir",
    "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6",
    "header", "hgroup", "hr", "legend", "li", "main", "menu", "nav", "ol", "option", "p", "pre", "section", "summary",
    "table", "tbody", "td", "text", "tfoot", "th", "thead", "tr", "ul",
  ]);
  const DROPPED = "\\u00ad\\u200b\\u2060\\ufeff";
  const SPACES =
    " \\t\\n\\r\\f\\u000b\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
  const BOUNDARY = "\u001e";
  const RUN = new RegExp(
    `[${SPACES}${DROPPED}${BOUNDARY}]{2,}|[${SPACES.slice(1)}${DROPPED}${BOUNDARY}]`, "g");
  const SPACE = new RegExp(`[${SPACES}]`);

  // The last index whose value is at or before `value`, or -1.
  function floorIndex(sorted, value) {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle] <= value) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  function gather(body) {
    const pieces = [];
    const nodes = [];
    const starts = [];
    let length = 0;
    const push = (piece) => {
      pieces.push(piece);
      length += piece.length;
    };
    const visit = (element) => {
      if (SKIPPED.has(element.localName) || element.hasAttribute("hidden")) return;
      const isBlock = BLOCKS.has(element.localName);
      if (isBlock) push(BOUNDARY);
      for (let child = element.firstChild; child !== null; child = child.nextSibling) {
        if (child.nodeType === Node.TEXT_NODE || child.nodeType === Node.CDATA_SECTION_NODE) {
          nodes.push(child);
          starts.push(length);
          push(child.data);
        } else if (child.nodeType === Node.ELEMENT_NODE) {
          visit(child);
        }
      }
      if (isBlock) push(BOUNDARY);
    };
    visit(body);
    return { raw: pieces.join(""), nodes, starts };
  }

  function collapse(raw) {
    const parts = [];
    const cutsRaw = [];
    const cutsText = [];
    let position = 0;
    let length = 0;
    for (const match of raw.matchAll(RUN)) {
      const run = match[0];
      const start = match.index;
      const stop = start + run.length;
      if (start > position) {
        parts.push(raw.slice(position, start));
        length += start - position;
      }
      let replacement = "";
      if (run.includes(BOUNDARY)) replacement = "\n";
      else if (SPACE.test(run)) replacement = " ";
      if (replacement && length && stop < raw.length) {
        parts.push(replacement);
        length += 1;
      }
      position = stop;
      cutsRaw.push(position);
      cutsText.push(length);
    }
    if (position < raw.length) parts.push(raw.slice(position));
    return { text: parts.join(""), cutsRaw, cutsText };
  }

  // Positions of the second halves of surrogate pairs, to count code points.
  function surrogates(text) {
    const positions = [];
    for (const match of text.matchAll(/[\udc00-\udfff]/g)) positions.push(match.index);
    return positions;
  }

  class CanonicalText {
    constructor(body) {
      const { raw, nodes, starts } = gather(body);
      this.nodes = nodes;
      this.starts = starts;
      this.indexOf = new Map(nodes.map((node, index) => [node, index]));
      Object.assign(this, collapse(raw));
      this.pairs = surrogates(this.text);
    }

    get length() {
      return this.toCodePoints(this.text.length);
    }

    toCodePoints(units) {
      return units - (floorIndex(this.pairs, units - 1) + 1);
    }

    toUnits(codePoints) {
      let units = codePoints;
      for (;;) {
        const next = codePoints + floorIndex(this.pairs, units) + 1;
        if (next === units) return units;
        units = next;
      }
    }

    toRaw(offset) {
      const index = floorIndex(this.cutsText, offset);
      return index < 0 ? offset : this.cutsRaw[index] + (offset - this.cutsText[index]);
    }

    fromRaw(raw) {
      const index = floorIndex(this.cutsRaw, raw);
      const offset = index < 0 ? raw : this.cutsText[index] + (raw - this.cutsRaw[index]);
      const next = index + 1 < this.cutsText.length ? this.cutsText[index + 1] : this.text.length;
      return Math.max(0, Math.min(offset, next));
    }

    // {node, offset} of a code-point offset; as the end of a range it stays behind the last character.
    point(codePoints, isEnd = false) {
      if (this.nodes.length === 0) return null;
      const offset = this.toUnits(codePoints);
      const raw = isEnd && offset > 0 ? this.toRaw(offset - 1) + 1 : this.toRaw(offset);
      let index = floorIndex(this.starts, isEnd ? raw - 1 : raw);
      index = Math.max(0, index);
      const node = this.nodes[index];
      return { node, offset: Math.min(raw - this.starts[index], node.data.length) };
    }

    range(start, end) {
      const from = this.point(start);
      const to = this.point(Math.max(start, end), end > start);
      if (from === null || to === null) return null;
      const range = document.createRange();
      range.setStart(from.node, from.offset);
      range.setEnd(to.node, to.offset);
      return range;
    }

    // The code-point offset of a DOM place; one inside skipped or element content moves to the next text.
    offset(container, position) {
      let raw = null;
      const known = this.indexOf.get(container);
      if (known !== undefined) {
        raw = this.starts[known] + position;
      } else {
        const probe = document.createRange();
        probe.setStart(container, position);
        let low = 0;
        let high = this.nodes.length;
        while (low < high) {
          const middle = (low + high) >> 1;
          if (probe.comparePoint(this.nodes[middle], 0) < 0) low = middle + 1;
          else high = middle;
        }
        if (low === this.nodes.length) return this.length;
        raw = this.starts[low];
      }
      return this.toCodePoints(this.fromRaw(raw));
    }

    slice(start, end) {
      return this.text.slice(this.toUnits(start), this.toUnits(end));
    }
  }

  return { CanonicalText };
})();
