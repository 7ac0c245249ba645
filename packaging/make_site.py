"""Write the guide as a site of plain pages: no scripts needed, no request to anybody, readable from a folder."""

from __future__ import annotations

import argparse
import json
import os
import posixpath
import re
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from string import Template

from alexandria_desktop.base.resources import resource
from alexandria_desktop.library.manual import Link, Manual, ManualPage, read_manual, render, stretches
from alexandria_desktop.theme.customise import built_in
from alexandria_desktop.theme.window import window_tokens

ROOT = Path(__file__).resolve().parents[1]
PAGES = Path(__file__).resolve().parent / "pages"
LIGHT, DARK = "paper", "night"
KEYS = re.compile(r"(?<=by hand\. -->\n).*?(?=<!-- END OF KEYS -->)", re.DOTALL)
WORDS_OF_A_DESCRIPTION = 24


@dataclass(slots=True)
class Site:
    """The pages that are written: those of the manual, and those of the source that they link to."""

    manual: Manual
    beside: dict[str, ManualPage] = field(default_factory=dict)
    """Pages of the source by their path in it, found by following links."""

    def address(self, page: ManualPage) -> str:
        """Return where a page lies in the site."""
        file = _file_of(page)
        return f"{page.name}.html" if file is None else f"source/{file.removesuffix('.md').replace('/', '-')}.html"

    def body(self, page: ManualPage) -> str:
        """Return the markup of a page, with links and pictures as they are seen from it."""
        here = posixpath.dirname(self.address(page)) or "."

        def follow(link: Link) -> str | None:
            if link.page:
                target = f"{link.page}.html"
            elif link.file.endswith(".md") and (ROOT / link.file).is_file():
                target = self.address(self._known(link.file))
            else:
                return None
            return posixpath.relpath(target, here) + (f"#{link.anchor}" if link.anchor else "")

        def depict(name: str, words: str) -> str:
            return _picture(posixpath.relpath(f"pictures/{name}", here), name, words)

        return render(page, self.manual.names, follow=follow, depict=depict)

    def _known(self, file: str) -> ManualPage:
        if file not in self.beside:
            source = (ROOT / file).read_text(encoding="utf-8")
            title = source.splitlines()[0].lstrip("# ").strip()
            name = posixpath.relpath(file.removesuffix(".md"), "resources/help")
            self.beside[file] = ManualPage(name, title, source)
        return self.beside[file]


def main(arguments: Sequence[str]) -> int:
    """Write the table of keys and the site."""
    parser = argparse.ArgumentParser(prog="site", description="Write the guide as a site.")
    parser.add_argument("--out", type=Path, default=ROOT / "site", metavar="DIR", help="the folder, made anew (site)")
    parser.add_argument("--address", metavar="URL", help="where it will be served; with it a sitemap is written")
    options = parser.parse_args(arguments)
    write_keys()
    count = write_site(options.out, address=options.address)
    print(f"{count} pages in {options.out}; open {options.out / 'index.html'}.")
    return 0


def write_keys() -> None:
    """Write the table of keys into its page."""
    from alexandria_desktop.ui.help.keys import as_markdown

    page = resource("help/readers/keyboard.md")
    source = page.read_text(encoding="utf-8")
    written = KEYS.sub(lambda _: f"\n{as_markdown()}\n\n", source)
    if written != source:
        page.write_text(written, encoding="utf-8")


def write_site(out: Path, *, address: str | None = None) -> int:
    """Write the whole site into a folder, in the place of what was there, and return the number of pages."""
    if out.exists() and any(out.iterdir()) and not (out / "index.js").exists():
        raise SystemExit(f"{out} holds something else than a site; name another folder by --out.")
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    site = Site(read_manual())
    bodies = {page: site.body(page) for page in site.manual.pages}
    while missing := [page for page in site.beside.values() if page not in bodies]:
        bodies |= {page: site.body(page) for page in missing}  # a page of the source may lead to more of them
    template = Template((PAGES / "page.html").read_text(encoding="utf-8"))
    for page, body in bodies.items():
        file = out / site.address(page)
        file.parent.mkdir(exist_ok=True)
        file.write_text(template.substitute(_parts(site, page, body)), encoding="utf-8")
    _write_beside(out, site, bodies)
    if address:
        _write_sitemap(out, address.rstrip("/"), [site.address(page) for page in bodies])
    return len(bodies)


def _parts(site: Site, page: ManualPage, body: str) -> dict[str, str]:
    """Return what the template wants of a page."""
    up = "../" * site.address(page).count("/")
    words = next((one.words for one in stretches(body)), "")
    title = page.title if page is site.manual.home else f"{page.title} · {site.manual.title}"
    return {
        "title": escape(title),
        "description": escape(" ".join(words.split()[:WORDS_OF_A_DESCRIPTION])),
        "up": up,
        "contents": _contents(site, page, up),
        "body": _dressed(page, body),
        "ways": _ways(site, page, up),
        "outline": _outline(body),
    }


def _contents(site: Site, shown: ManualPage, up: str) -> str:
    def item(page: ManualPage, title: str = "") -> str:
        here = ' aria-current="page"' if page == shown else ""
        return f'<li><a href="{up}{site.address(page)}"{here}>{escape(title or page.title)}</a></li>'

    def group(title: str, pages: Sequence[ManualPage], *, is_open: bool) -> str:
        items = "".join(item(page) for page in pages)
        return f"<details{' open' if is_open else ''}><summary>{escape(title)}</summary><ul>{items}</ul></details>"

    beside = sorted(site.beside.values(), key=lambda page: page.title)
    groups = [(part.title, part.pages) for part in site.manual.parts] + [("From the source", tuple(beside))]
    first = shown is site.manual.home
    lists = [
        group(title, pages, is_open=shown in pages or (first and not at)) for at, (title, pages) in enumerate(groups)
    ]
    return f"<div><ul>{item(site.manual.home, 'Where to begin')}</ul>{''.join(lists)}</div>"


def _dressed(page: ManualPage, body: str) -> str:
    """Return a page's markup with a way to each heading, and tables that scroll by themselves where it is narrow."""
    body = re.sub(
        r'<h([23]) id="([^"]*)">(.*?)</h\1>',
        r'<h\1 id="\2">\3<a class="anchor" href="#\2" aria-label="Link to this part">#</a></h\1>',
        body,
    )
    kind = "wide codes" if page.name == "readers/trouble" else "wide"
    return body.replace("<table>", f'<div class="{kind}"><table>').replace("</table>", "</table></div>")


def _ways(site: Site, page: ManualPage, up: str) -> str:
    pages = site.manual.pages
    if page not in pages:
        return ""
    at = pages.index(page)
    ways = []
    for kind, words, other in (("before", "Before this", at - 1), ("next", "Next", at + 1)):
        if 0 <= other < len(pages):
            link = f'href="{up}{site.address(pages[other])}" rel="{"prev" if kind == "before" else "next"}"'
            ways.append(f'<a class="{kind}" {link}><small>{words}</small>{escape(pages[other].title)}</a>')
    return "\n".join(ways)


def _outline(body: str) -> str:
    found = [one for one in stretches(body) if f'<h2 id="{one.anchor}"' in body]
    if len(found) < 3:
        return ""
    lines = "".join(f'<li><a href="#{one.anchor}">{escape(one.title)}</a></li>' for one in found)
    return f'<nav class="outline" aria-label="On this page"><div><h2>On this page</h2><ul>{lines}</ul></div></nav>'


def _picture(address: str, name: str, words: str) -> str:
    """Return a picture with its dark sister, where it has one, and its size, so that nothing moves when it comes."""
    from PIL import Image

    file = resource(f"pictures/{name}")
    with Image.open(file) as image:
        width, height = image.size
    dark = f"{file.stem}-dark{file.suffix}"
    sister = posixpath.join(posixpath.dirname(address), dark)
    source = f'<source media="(prefers-color-scheme: dark)" srcset="{sister}">' if file.with_name(dark).exists() else ""
    return (
        f'<picture>{source}<img src="{address}" alt="{escape(words)}" width="{width}" height="{height}" loading="lazy">'
        "</picture>"
    )


def _write_beside(out: Path, site: Site, bodies: dict[ManualPage, str]) -> None:
    """Write what all pages share: the style with the program's colours, the index, the search, the pictures."""
    style = (PAGES / "style.css").read_text(encoding="utf-8")
    colors = f":root {{ {_colors(LIGHT)} }}\n@media (prefers-color-scheme: dark) {{ :root {{ {_colors(DARK)} }} }}\n"
    printed = f"@media print {{ :root {{ {_colors(LIGHT)} }} }}\n"
    (out / "style.css").write_text(colors + printed + style, encoding="utf-8")
    shutil.copy(PAGES / "search.js", out / "search.js")
    index = json.dumps(list(_index(site, bodies)), ensure_ascii=False, separators=(",", ":"))
    (out / "index.js").write_text(f"window.ALEXANDRIA_GUIDE = {index};\n", encoding="utf-8")
    wanted = sorted(set(re.findall(r'src(?:set)?="(?:\.\./)*pictures/([^"]+)"', " ".join(bodies.values()))))
    (out / "pictures").mkdir(exist_ok=True)
    for name in wanted:
        shutil.copy(resource(f"pictures/{name}"), out / "pictures" / name)


def _index(site: Site, bodies: dict[ManualPage, str]) -> Iterator[dict[str, str]]:
    for page, body in bodies.items():
        for one in stretches(body):
            is_head = one.title == page.title
            yield {
                "path": site.address(page), "page": page.title, "anchor": "" if is_head else one.anchor,
                "heading": one.title, "words": one.words,
            }  # fmt: skip


def _colors(theme: str) -> str:
    tokens = window_tokens(built_in(theme))
    base = tokens.base
    named = {
        "surface": base.surface, "raised": base.raised, "text": base.text, "muted": base.muted,
        "hairline": base.hairline, "control": base.faint, "accent": base.accent, "focus": base.focus,
        "field": base.raised, "hover": tokens.hover, "accent-soft": tokens.accent_soft, "code-ground": tokens.hover,
    }  # fmt: skip
    return " ".join(f"--{name}: {color};" for name, color in named.items())


def _write_sitemap(out: Path, address: str, pages: list[str]) -> None:
    lines = "".join(f"<url><loc>{escape(f'{address}/{page}')}</loc></url>\n" for page in pages)
    (out / "sitemap.xml").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{lines}</urlset>\n',
        encoding="utf-8",
    )


def _file_of(page: ManualPage) -> str | None:
    """Return the path of a page of the source; None for a page of the manual."""
    return posixpath.normpath(posixpath.join("resources/help", f"{page.name}.md")) if ".." in page.name else None


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    sys.exit(main(sys.argv[1:]))
