// Lay the document out as pages (CSS columns) or as one scroll, and say which words are on the screen.
"use strict";

const PICTURE = `
  body { text-align: center !important; }
  body * { margin-block: 0 !important; padding-block: 0 !important; text-indent: 0 !important; }
  img, svg { height: var(--page-height) !important; width: auto; margin-inline: auto; }
`;

class Flow {
  constructor() {
    this.settings = { flow: "paged", columns: 0, inline: 64, block: 56, measure: 660, fixed: false };
    this.text = new Canonical.CanonicalText(document.body);
    this.anchor = 0;
    this.sheet = this.makeSheet();
    this.tail = null;
  }

  makeSheet() {
    const style = document.createElementNS("http://www.w3.org/1999/xhtml", "style");
    style.id = "alexandria-flow";
    document.head.append(style);
    return style;
  }

  get scroller() {
    return document.scrollingElement || document.documentElement;
  }

  // A page of a comic, a plate: no words, one picture, which gets the whole page.
  get isPicture() {
    return this.text.length === 0 && document.body.querySelector("img, svg") !== null;
  }

  // A page with a size of its own; a book may claim that and give none.
  get isFixed() {
    return this.settings.fixed && document.querySelector("meta[name=viewport]") !== null;
  }

  get isPaged() {
    return this.settings.flow === "paged" && !this.isFixed;
  }

  configure(settings) {
    Object.assign(this.settings, settings);
    this.layOut();
  }

  layOut() {
    const style = getComputedStyle(document.body);
    this.vertical = style.writingMode.startsWith("vertical");
    this.rightToLeft = !this.vertical && style.direction === "rtl";
    this.width = document.documentElement.clientWidth || window.innerWidth;
    this.height = window.innerHeight;
    document.documentElement.dataset.flow = this.isPaged ? "paged" : "scrolled";
    this.markJustified();
    if (this.isFixed) this.fitFixedPage();
    else if (this.isPaged) this.layOutPages();
    else this.layOutScroll();
    this.show(this.anchor);
  }

  // The theme can only turn off a justification that it can name.
  markJustified() {
    if (this.justifiedMarked) return;
    this.justifiedMarked = true;
    for (const element of document.body.querySelectorAll("p, div, blockquote, li, dd, section")) {
      if (getComputedStyle(element).textAlign === "justify") element.setAttribute("data-justified", "");
    }
  }

  // How many columns fit, and the margin that leaves each about the wished measure.
  columnsFor(extent) {
    const { columns, measure, inline } = this.settings;
    if (this.isPicture) return { count: 1, margin: inline / 2 };
    if (this.vertical) return { count: 1, margin: inline };
    const fitting = extent >= 2 * Math.min(measure, 520) + 4 * inline ? 2 : 1;
    const count = columns === 0 ? fitting : columns;
    const column = Math.min(measure, extent / count - 2 * inline);
    return { count, margin: Math.max(inline / 2, (extent / count - column) / 2) };
  }

  layOutPages() {
    const extent = this.vertical ? this.height : this.width;
    const across = this.vertical ? this.width : this.height;
    const { count, margin } = this.columnsFor(extent);
    const column = Math.max(80, Math.floor(extent / count - 2 * margin));
    const gap = extent / count - column;
    this.step = extent;
    const [inlineSize, blockSize] = this.vertical ? ["height", "width"] : ["width", "height"];
    const [inlineStart, inlineEnd, blockStart, blockEnd] = this.vertical
      ? ["top", "bottom", "left", "right"]
      : ["left", "right", "top", "bottom"];
    const block = this.settings.block;
    document.documentElement.style.setProperty("--page-height", `${across - 2 * block}px`);
    this.sheet.textContent = `
      html { overflow: hidden !important; height: 100% !important; margin: 0 !important; padding: 0 !important; }
      body {
        position: static !important; float: none !important; margin: 0 !important; border: 0 !important;
        max-width: none !important; max-height: none !important; min-width: 0 !important; min-height: 0 !important;
        box-sizing: border-box !important; overflow: visible !important; column-fill: auto !important;
        ${inlineSize}: ${extent}px !important; ${blockSize}: ${across}px !important;
        padding-${inlineStart}: ${gap / 2}px !important; padding-${inlineEnd}: ${gap / 2}px !important;
        padding-${blockStart}: ${block}px !important; padding-${blockEnd}: ${block}px !important;
        columns: ${column}px ${count} !important; column-gap: ${gap}px !important; column-rule: none !important;
      }
      img, svg, video { max-width: 100% !important; max-height: ${across - 2 * block}px !important;
        object-fit: contain; break-inside: avoid; }
      ${this.isPicture ? PICTURE : ""}
    `;
    this.placeTail();
  }

  // The last page scrolls in only if something lies at its far end; the tail is outside body, so no text counts it.
  placeTail() {
    if (this.tail !== null) this.tail.remove();
    const extent = this.vertical ? this.scroller.scrollHeight : this.scroller.scrollWidth;
    this.pages = Math.max(1, Math.ceil((extent - 2) / this.step));
    const tail = document.createElementNS("http://www.w3.org/1999/xhtml", "div");
    tail.setAttribute("hidden", "hidden");
    const far = this.pages * this.step - 1;
    const place = this.vertical ? `top:${far}px;left:0` : this.rightToLeft ? `right:${far}px;top:0` : `left:${far}px;top:0`;
    tail.style.cssText = `display:block !important;position:absolute;${place};width:1px;height:1px;`;
    document.documentElement.append(tail);
    this.tail = tail;
  }

  layOutScroll() {
    if (this.tail !== null) this.tail.remove();
    const { count, margin } = this.columnsFor(this.vertical ? this.height : this.width);
    const side = count === 1 ? margin : this.settings.inline;
    const block = this.settings.block;
    const padding = this.vertical ? `${side}px ${block}px` : `${block}px ${side}px`;
    this.sheet.textContent = `
      html { overflow: auto !important; margin: 0 !important; padding: 0 !important; }
      body { position: static !important; float: none !important; margin: 0 auto !important; border: 0 !important;
        max-width: none !important; box-sizing: border-box !important; padding: ${padding} !important;
        ${this.vertical ? `height: ${this.height}px !important;` : "width: auto !important;"} columns: auto !important; }
      img, svg, video { max-width: 100% !important; }
    `;
    this.step = this.vertical ? this.width : this.height;
    this.pages = Math.max(1, Math.ceil(this.extent() / this.step));
  }

  fitFixedPage() {
    const meta = document.querySelector("meta[name=viewport]");
    const size = meta ? Object.fromEntries((meta.getAttribute("content") || "").split(/[,;\s]+/)
      .map((pair) => pair.split("="))) : {};
    const picture = document.querySelector("body > svg[viewBox], body > img");
    const width = parseFloat(size.width) || (picture && picture.getBoundingClientRect().width) || this.width;
    const height = parseFloat(size.height) || (picture && picture.getBoundingClientRect().height) || this.height;
    const scale = Math.min(this.width / width, this.height / height);
    this.sheet.textContent = `
      html { overflow: hidden !important; height: 100%; }
      body { margin: 0 !important; width: ${width}px !important; height: ${height}px !important; overflow: hidden;
        position: absolute !important; transform-origin: 0 0;
        transform: translate(${(this.width - width * scale) / 2}px, ${(this.height - height * scale) / 2}px) scale(${scale}); }
    `;
    this.step = this.height;
    this.pages = 1;
  }

  extent() {
    const scrollsAcross = this.isPaged ? !this.vertical : this.vertical;
    return scrollsAcross ? this.scroller.scrollWidth : this.scroller.scrollHeight;
  }

  // Where the window stands along the way of reading, in pixels from the beginning of the document.
  get travelled() {
    const scrollsAcross = this.isPaged ? !this.vertical : this.vertical;
    return Math.abs(scrollsAcross ? this.scroller.scrollLeft : this.scroller.scrollTop);
  }

  travelTo(distance) {
    const scrollsAcross = this.isPaged ? !this.vertical : this.vertical;
    const backwards = this.rightToLeft || (this.vertical && !this.isPaged);
    if (scrollsAcross) this.scroller.scrollTo(backwards ? -distance : distance, 0);
    else this.scroller.scrollTo(0, distance);
  }

  get page() {
    return Math.round(this.travelled / this.step);
  }

  // Distance of the character at a canonical offset from the beginning of the document.
  distanceOf(offset) {
    const length = this.text.length;
    for (let at = Math.min(offset, Math.max(0, length - 1)); at < length && at < offset + 24; at += 1) {
      const range = this.text.range(at, at + 1);
      const rect = range === null ? null : range.getClientRects()[0];
      if (rect && (rect.width > 0 || rect.height > 0)) return this.distanceOfRect(rect);
    }
    return 0;
  }

  distanceOfRect(rect) {
    if (this.isPaged) {
      if (this.vertical) return rect.top + this.travelled;
      return this.rightToLeft ? this.width - rect.right + this.travelled : rect.left + this.travelled;
    }
    if (this.vertical) return this.width - rect.right + this.travelled;
    return rect.top + this.travelled;
  }

  pageOf(offset) {
    return Math.max(0, Math.min(this.pages - 1, Math.floor((this.distanceOf(offset) + 1) / this.step)));
  }

  // The smallest offset at or beyond a distance; text lies along the way in order, so halving finds it.
  offsetAt(distance) {
    let low = 0;
    let high = this.text.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.distanceOf(middle) < distance) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  // Bring the words at a canonical offset on the screen.
  show(offset) {
    this.anchor = offset;
    if (this.isFixed) return;
    if (this.isPaged) this.travelTo(offset <= 0 ? 0 : this.pageOf(offset) * this.step);
    else this.travelTo(offset <= 0 ? 0 : Math.max(0, this.distanceOf(offset) - this.settings.block));
  }

  showPage(page) {
    const target = Math.max(0, Math.min(this.pages - 1, page));
    this.travelTo(target * this.step);
    this.anchor = this.visible().start;
  }

  // Turn by a page; false where the document ends and the next one begins.
  turn(direction) {
    if (this.isFixed) return false;
    if (this.isPaged) {
      const next = this.page + direction;
      if (next < 0 || next >= this.pages) return false;
      this.travelTo(next * this.step);
    } else {
      const before = this.travelled;
      this.travelTo(Math.max(0, before + direction * (this.step - 48)));
      if (Math.abs(this.travelled - before) < 2) return false;
    }
    this.anchor = this.visible().start;
    return true;
  }

  // Canonical offsets of the first word on the screen and of the first beyond it.
  visible() {
    if (this.text.length === 0) return { start: 0, end: 0 };
    if (this.isFixed) return { start: 0, end: this.text.length };
    const start = this.isPaged ? this.page * this.step : this.travelled;
    const first = this.offsetAt(start > 0 ? start - (this.isPaged ? 1 : 0) : -Infinity);
    return { start: first, end: Math.max(first, this.offsetAt(start + this.step - 1)) };
  }

  position() {
    const { start, end } = this.visible();
    return { start, end, page: this.isFixed ? 0 : this.page, pages: this.pages, length: this.text.length };
  }
}
