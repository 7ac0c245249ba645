// The page script: what the program asks of a page, and what the page tells the program.
// It runs in an isolated world: the book's own scripts never run, and could not reach this if they did.
"use strict";

// Timers of a page never fire where the book's own scripts are switched off, not even in this world; frames do.
class Pause {
  constructor() {
    this.round = 0;
  }

  after(milliseconds, callback) {
    this.round += 1;
    const round = this.round;
    const due = performance.now() + milliseconds;
    const look = () => {
      if (round !== this.round) return;
      if (performance.now() >= due) callback();
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  }

  cancel() {
    this.round += 1;
  }
}

class ReaderPage {
  constructor(tell) {
    this.tell = tell;
    this.flow = new Flow();
    this.marks = new Marks(this.flow.text);
    this.wheelRest = 0;
    this.selectionPause = new Pause();
    this.scrollPause = new Pause();
    this.resizePause = new Pause();
    this.lightPause = new Pause();
    this.listen();
  }

  // --- asked by the program -------------------------------------------------------------------------------------

  begin(settings) {
    this.flow.anchor = settings.offset || 0;
    this.flow.configure(settings.layout);
    this.marks.setNotes(settings.notes || []);
    this.marks.paintHits(settings.hits || []);
    if (settings.atEnd) this.flow.showPage(this.flow.pages - 1);
    if (settings.light) this.light(settings.light);
    this.afterPaint(() => this.report("painted"));
    document.fonts.ready.then(() => this.settle());
    return this.state();
  }

  // Fonts and pictures that came late change the layout; the words being read stay.
  settle() {
    if (this.settled) return;
    this.settled = true;
    const pictures = Array.from(document.images).filter((image) => !image.complete);
    const again = () => {
      this.flow.layOut();
      this.report("moved");
    };
    again();
    let waiting = pictures.length;
    for (const image of pictures) {
      const done = () => {
        waiting -= 1;
        if (waiting === 0) again();
      };
      image.addEventListener("load", done, { once: true });
      image.addEventListener("error", done, { once: true });
    }
  }

  configure(layout) {
    this.flow.configure(layout);
    this.afterPaint(() => this.report("moved"));
    return this.state();
  }

  // Another theme is another set of variables; the style sheet stays.
  setTheme(variables, layout) {
    const root = document.documentElement.style;
    for (const [name, value] of Object.entries(variables)) root.setProperty(name, value);
    if (layout) Object.assign(this.flow.settings, layout);
    this.flow.layOut();
    this.afterPaint(() => this.report("themed"));
    return this.state();
  }

  turn(direction) {
    const moved = this.flow.turn(direction);
    if (moved) this.afterPaint(() => this.report("moved"));
    return { moved, ...this.state() };
  }

  show(offset, light) {
    this.flow.show(offset);
    if (light) this.light(light);
    this.afterPaint(() => this.report("moved"));
    return this.state();
  }

  // Light words up for a while; long enough to find them, not so long that they are in the way.
  light([start, end]) {
    this.marks.light(start, end);
    this.lightPause.after(4000, () => this.marks.light(0, 0));
  }

  showPage(page) {
    this.flow.showPage(page);
    this.afterPaint(() => this.report("moved"));
    return this.state();
  }

  setNotes(notes) {
    this.marks.setNotes(notes);
    this.reportMargin();
  }

  paintHits(hits) {
    this.marks.paintHits(hits);
    return null;
  }

  state() {
    return this.flow.position();
  }

  canonical() {
    return { text: this.flow.text.text, length: this.flow.text.length };
  }

  selectRange(start, end) {
    const range = this.flow.text.range(start, end);
    const selection = getSelection();
    selection.removeAllRanges();
    if (range !== null) selection.addRange(range);
    return this.selection();
  }

  // Grow or move the selection from the keyboard; the first press starts at the first word on the screen.
  extendSelection(direction, granularity) {
    const selection = getSelection();
    if (selection.rangeCount === 0 || selection.isCollapsed) {
      const at = this.flow.text.point(this.flow.visible().start);
      if (at === null) return null;
      selection.collapse(at.node, at.offset);
      if (direction === "backward") selection.modify("move", "forward", "word");
    }
    selection.modify("extend", direction, granularity);
    return this.selection();
  }

  clearSelection() {
    getSelection().removeAllRanges();
    return null;
  }

  selection() {
    const selection = getSelection();
    if (selection.rangeCount === 0 || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    const start = this.flow.text.offset(range.startContainer, range.startOffset);
    const end = this.flow.text.offset(range.endContainer, range.endOffset);
    if (end <= start) return null;
    const rect = range.getBoundingClientRect();
    return { start, end, rect: [rect.left, rect.top, rect.width, rect.height] };
  }

  marginNotes() {
    return this.marks.notes.map((note) => ({ id: note.id, rects: this.marks.rects(note.start, note.end) }));
  }

  // --- told to the program --------------------------------------------------------------------------------------

  report(kind) {
    this.tell({ type: kind, ...this.state() });
    this.reportMargin();
  }

  reportMargin() {
    if (this.marks.notes.length) this.tell({ type: "margin", notes: this.marginNotes() });
  }

  afterPaint(callback) {
    requestAnimationFrame(() => requestAnimationFrame(callback));
  }

  listen() {
    document.addEventListener("click", (event) => this.onClick(event), true);
    document.addEventListener("auxclick", (event) => event.preventDefault(), true);
    document.addEventListener("dragstart", (event) => event.preventDefault(), true);
    document.addEventListener("submit", (event) => event.preventDefault(), true);
    document.addEventListener("selectionchange", () => this.onSelection());
    document.addEventListener("mouseup", () => this.tell({ type: "selected", selection: this.selection() }));
    document.addEventListener("mousemove", () => this.tell({ type: "mouse" }), { passive: true });
    window.addEventListener("wheel", (event) => this.onWheel(event), { passive: false });
    window.addEventListener("scroll", () => this.onScroll(), { passive: true });
    window.addEventListener("resize", () => this.onResize());
  }

  onClick(event) {
    const target = event.target instanceof Element ? event.target : null;
    const link = target === null ? null : target.closest("a[href], a[*|href]");
    if (link !== null) {
      event.preventDefault();
      event.stopPropagation();
      const address = link.getAttribute("href") || link.getAttributeNS("http://www.w3.org/1999/xlink", "href") || "";
      const kind = link.getAttributeNS("http://www.idpf.org/2007/ops", "type") || link.getAttribute("role") || "";
      const rect = link.getBoundingClientRect();
      const offset = this.flow.text.offset(link, 0);
      this.tell({ type: "link", href: address, kind, offset, rect: [rect.left, rect.top, rect.width, rect.height] });
      return;
    }
    if (getSelection().isCollapsed) {
      const note = this.marks.noteAt(event.clientX, event.clientY);
      const across = event.clientX / Math.max(1, window.innerWidth);
      this.tell({ type: "click", note: note === null ? null : note.id, x: event.clientX, y: event.clientY, across });
    }
  }

  onSelection() {
    this.selectionPause.after(60, () => this.tell({ type: "selection", selection: this.selection() }));
  }

  onWheel(event) {
    if (event.ctrlKey) {
      event.preventDefault();
      this.tell({ type: "zoom", direction: event.deltaY < 0 ? 1 : -1 });
      return;
    }
    if (!this.flow.isPaged && !this.flow.isFixed) {
      const before = this.flow.travelled;
      const atEnd = before + this.flow.step >= this.flow.extent() - 1;
      if (event.deltaY > 0 && atEnd) this.tell({ type: "edge", direction: 1 });
      else if (event.deltaY < 0 && before <= 0) this.tell({ type: "edge", direction: -1 });
      return;
    }
    event.preventDefault();
    this.wheelRest += event.deltaY || event.deltaX;
    if (Math.abs(this.wheelRest) >= 60) {
      const direction = this.wheelRest > 0 ? 1 : -1;
      this.wheelRest = 0;
      this.tell({ type: "wheel", direction });
    }
  }

  onScroll() {
    if (this.flow.isPaged) return;
    this.scrollPause.after(80, () => {
      this.flow.anchor = this.flow.visible().start;
      this.report("moved");
    });
  }

  onResize() {
    this.resizePause.after(30, () => {
      this.flow.layOut();
      this.report("moved");
    });
  }
}
