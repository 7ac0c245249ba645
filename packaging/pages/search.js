// Looks for words in the index that stands in index.js; nothing leaves the page.
(function () {
  "use strict";
  const form = document.querySelector(".search");
  const field = document.getElementById("search");
  const results = document.getElementById("results");
  const told = document.querySelector(".told");
  const up = document.body.dataset.up;
  const most = 8;

  function plain(words) {
    return words.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  }

  const parts = window.ALEXANDRIA_GUIDE.map(function (part) {
    return { part: part, heading: plain(part.heading + " " + part.page), words: plain(part.words) };
  });

  function worth(known, asked) {
    let sum = 0;
    for (const word of asked) {
      const start = new RegExp("(^|[^\\p{L}\\p{N}])" + word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"), "u");
      if (start.test(known.heading)) sum += 8;
      else if (start.test(known.words)) sum += 1;
      else return 0;
    }
    return sum;
  }

  function excerpt(words, asked) {
    const at = Math.max(0, plain(words).indexOf(asked[0]) - 40);
    const cut = words.slice(at, at + 130);
    return (at ? "…" : "") + cut + (at + 130 < words.length ? "…" : "");
  }

  function line(known, asked) {
    const link = document.createElement("a");
    link.href = up + known.part.path + (known.part.anchor ? "#" + known.part.anchor : "");
    const title = document.createElement("b");
    title.textContent = known.part.heading;
    link.append(title);
    if (known.part.page !== known.part.heading) link.append(" · " + known.part.page);
    const words = document.createElement("small");
    words.textContent = excerpt(known.part.words, asked);
    link.append(words);
    return link;
  }

  function search() {
    const asked = plain(field.value).split(/\s+/).filter(Boolean);
    results.replaceChildren();
    results.hidden = asked.length === 0;
    if (!asked.length) {
      told.textContent = "";
      return;
    }
    const found = parts
      .map(function (known) { return { known: known, worth: worth(known, asked) }; })
      .filter(function (one) { return one.worth > 0; })
      .sort(function (a, b) { return b.worth - a.worth; });
    for (const one of found.slice(0, most)) results.append(line(one.known, asked));
    told.textContent = found.length ? found.length + " found" : "Nothing was found";
    if (!found.length) {
      const nothing = document.createElement("p");
      nothing.textContent = "Nothing was found.";
      results.append(nothing);
    }
  }

  function step(by) {
    const links = Array.from(results.querySelectorAll("a"));
    const next = links.indexOf(document.activeElement) + by;
    if (next < 0) field.focus();
    else if (next < links.length) links[next].focus();
  }

  const current = document.querySelector(".contents [aria-current]");
  if (current && window.innerWidth > 820) current.scrollIntoView({ block: "nearest" });
  form.hidden = false;
  field.addEventListener("input", search);
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    const first = results.querySelector("a");
    if (first) first.click();
  });
  form.addEventListener("keydown", function (event) {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      step(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Escape") {
      field.value = "";
      search();
      field.focus();
    }
  });
  document.addEventListener("keydown", function (event) {
    if (event.key === "/" && document.activeElement !== field && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      field.focus();
    }
  });
  document.addEventListener("click", function (event) {
    if (!form.contains(event.target)) results.hidden = true;
  });
})();
