"""The typefaces are here, with their licence, and only they can be asked for."""

from __future__ import annotations

import re

import pytest

from alexandria_desktop.base.resources import resource
from alexandria_desktop.theme import scripts
from alexandria_desktop.theme.families import FAMILIES, Role
from alexandria_desktop.theme.fonts import (
    PAGE_FAMILY,
    WINDOW_FAMILY,
    faces_of,
    family_stack,
    font_face_css,
    font_files,
    font_path,
)

_OPTIONAL = {"cjk"}
required = pytest.mark.parametrize("key", sorted(set(FAMILIES) - _OPTIONAL))


@required
def test_each_family_is_installed_whole(key: str) -> None:
    assert len(faces_of(key)) == len(FAMILIES[key].files)


@required
def test_each_package_carries_the_open_font_licence(key: str) -> None:
    folder = faces_of(key)[0].path.parent.parent
    assert "SIL Open Font License" in (folder / "LICENSE").read_text(encoding="utf-8")


def test_each_family_is_named_with_its_licence() -> None:
    text = resource("fonts/README.md").read_text(encoding="utf-8")
    assert all(family.name.removesuffix(" JP") in text for family in FAMILIES.values())


def test_the_page_face_has_italics_and_bold() -> None:
    faces = faces_of(PAGE_FAMILY)
    assert {face.style for face in faces} == {"normal", "italic"}
    for face in faces:
        least, greatest = map(int, face.weight.split())
        assert least <= 400
        assert greatest >= 700


def test_the_window_face_has_three_weights() -> None:
    assert {"400", "500", "600"} <= {face.weight for face in faces_of(WINDOW_FAMILY)}


def test_names_that_pages_ask_for_are_plain_and_unique() -> None:
    names = [face.file for face in font_files()]
    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"[a-z0-9-]+\.(ttf|otf|ttc)", name) for name in names)


def test_a_page_gets_a_font_by_its_name_and_nothing_else() -> None:
    path = font_path("literata-italic.ttf")
    assert path is not None
    assert path.is_file()
    for name in ("../LICENSE", "Literata[opsz,wght].ttf", "", "literata.ttf/..", "/etc/passwd"):
        assert font_path(name) is None


def test_every_face_has_its_rule() -> None:
    css = font_face_css("alexandria-book://fonts/")
    assert css.count("@font-face") == len(font_files())
    assert "fonts//" not in css


def test_a_family_falls_back_to_the_scripts_it_lacks_and_then_to_the_system() -> None:
    stack = family_stack("literata")
    assert stack.startswith('"Alexandria Literata", "Alexandria Noto Sans Arabic"')
    assert stack.endswith(", serif")
    assert family_stack("system:Georgia").startswith('"Georgia", ')
    assert family_stack("no such key").startswith('"Alexandria Literata"')


def test_readers_can_choose_a_serif_a_sans_and_a_legible_face() -> None:
    roles = {family.role for family in FAMILIES.values()}
    assert {Role.SERIF, Role.SANS, Role.LEGIBLE, Role.MONO} <= roles


def test_arabic_hebrew_and_thai_are_shown_by_our_own_fonts() -> None:
    shown = {item.script.name: item.shown_by for item in scripts.coverage()}
    assert {shown[name] for name in ("Arabic", "Hebrew", "Thai")} == {"own"}
    assert scripts.shows("ar-EG")
    assert scripts.shows("en")


def test_a_script_without_a_font_is_named_in_one_sentence() -> None:
    missing = [item.script.name for item in scripts.coverage() if item.is_tofu]
    assert all(name in scripts.missing_sentence() for name in missing)
    assert bool(missing) == bool(scripts.missing_sentence())
