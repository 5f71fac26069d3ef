"""The stylesheet keeps its promises: contrast in both themes, old browsers, size, nothing from outside."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import gangshen

STATIC = Path(gangshen.__file__).parent / "web" / "static"
TEMPLATES = Path(gangshen.__file__).parent / "web" / "templates"
LIGHT, DARK = ((STATIC / name).read_text(encoding="utf-8") for name in ("gangshen.css", "dark.css"))
SHEETS = sorted(STATIC.glob("*.css"))

TEXT = [  # (text, ground): at least 4.5:1
    *[
        (ink, ground)
        for ink in ("ink", "ink-2", "ink-3", "link")
        for ground in ("bg", "surface", "surface-2", "surface-3")
    ],
    *[(ink, "link-bg") for ink in ("ink", "ink-2", "ink-3", "link")],
    *[
        (state, ground)
        for state in ("ok", "near", "bad", "unk", "soft")
        for ground in ("surface", "surface-2", "link-bg")
    ],
    *[(state, f"{state}-bg") for state in ("ok", "near", "bad", "unk", "soft")],
    ("ink", "near-bg"),
    ("on-link", "link"),
    ("on-link", "link-2"),
    ("on-toast", "toast"),
    ("toast-link", "toast"),
    *[("q-lo", ramp) for ramp in ("q1", "q2", "q3")],
    *[("q-hi", ramp) for ramp in ("q4", "q5")],
]
SHAPES = [  # (shape or edge, ground): at least 3:1
    *[
        (fill, "surface")
        for fill in ("ok-fill", "near-fill", "bad-fill", "unk", "soft-fill", "line-3", "link", "c1", "c2")
    ],
    ("line-3", "bg"),
    ("near-fill", "near-bg"),
]


def tokens(css: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in re.findall(r"--([a-z0-9-]+):\s*(#[0-9a-f]{6})\b", css):
        found.setdefault(name, value)
    return found


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_measured_right() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_reaches_aa(theme: str) -> None:
    colours = tokens(LIGHT) | (tokens(DARK) if theme == "dark" else {})
    weak = {pair: round(contrast(*(colours[name] for name in pair)), 2) for pair in TEXT}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_shapes_and_edges_reach_three_to_one(theme: str) -> None:
    colours = tokens(LIGHT) | (tokens(DARK) if theme == "dark" else {})
    weak = {pair: round(contrast(*(colours[name] for name in pair)), 2) for pair in SHAPES}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 3} == {}


def test_the_dark_theme_replaces_every_colour_and_only_tokens() -> None:
    assert set(tokens(DARK)) == set(tokens(LIGHT))
    assert re.sub(r"/\*.*?\*/", "", DARK, flags=re.S).count("{") == 1


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_a_sheet_asks_nothing_of_the_network_and_little_of_the_browser(sheet: Path) -> None:
    css = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.S)
    assert "@import" not in css
    assert set(re.findall(r"url\(([^)]*)\)", css)) <= {"#hatch"}
    for late in (
        ":has(",
        ":is(",
        ":where(",
        "color-mix",
        "@container",
        "@layer",
        "inset:",
        "letter-spacing",
        "!important;}",
    ):
        assert late not in css, late
    assert css.count("{") == css.count("}")


def test_colours_stand_in_tokens_alone() -> None:
    rules = LIGHT[LIGHT.index("/* 2 base */") :]
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[;\s,)])", rules) == []


def test_every_token_used_is_defined() -> None:
    defined = set(re.findall(r"(--[a-z0-9-]+):", LIGHT))
    used = {name for sheet in SHEETS for name in re.findall(r"var\((--[a-z0-9-]+)", sheet.read_text(encoding="utf-8"))}
    assert used <= defined


def test_templates_carry_no_style_and_no_script_of_their_own() -> None:
    for template in TEMPLATES.rglob("*.html"):
        html = template.read_text(encoding="utf-8")
        assert not re.search(r"\sstyle=|<style|\son[a-z]+=|hx-on|javascript:", html), template.name
        assert not re.search(r"<script(?![^>]*\ssrc=)", html), template.name


def test_icons_used_are_drawn() -> None:
    drawn = set(re.findall(r'id="i-([a-z]+)"', (STATIC / "sprite.svg").read_text(encoding="utf-8")))
    used = {name for one in TEMPLATES.rglob("*.html") for name in re.findall(r'{% icon "([a-z]+)" %}', one.read_text())}
    assert used <= drawn


def test_files_stay_readable() -> None:
    long = {sheet.name: count for sheet in SHEETS if (count := sheet.read_text(encoding="utf-8").count("\n")) > 500}
    assert long == {}


def test_every_class_of_a_template_is_drawn() -> None:
    drawn = {name for sheet in SHEETS for name in re.findall(r"\.([a-zA-Z][\w-]*)", sheet.read_text(encoding="utf-8"))}
    strange: dict[str, set[str]] = {}
    for template in sorted(Path(gangshen.__file__).parent.rglob("templates/**/*.html")):
        html = re.sub(r"\{\{.*?\}\}|\{%.*?%\}", " ", template.read_text(encoding="utf-8"))
        used = {
            name for names in re.findall(r'class="([^"]*)"', html) for name in names.split() if not name.endswith("-")
        }
        if used - drawn:
            strange[template.name] = used - drawn
    assert strange == {}
