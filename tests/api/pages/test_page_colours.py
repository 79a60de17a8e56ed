"""Text can be read: contrast of the shipped colours, light and dark (WCAG 2.2, 1.4.3: 4.5 to 1)."""

import re
from pathlib import Path

import pytest

STYLES = Path(__file__).parents[3] / "web" / "src" / "styles"
ON = {
    "text": ("bg", "surface", "surface-2"),
    "text-2": ("bg", "surface", "surface-2"),
    "text-3": ("surface", "bg", "surface-2", "primary-soft"),
}
ON |= {"primary": ("surface", "primary-soft"), "primary-ink": ("primary",)}
ON |= {tone: (f"{tone}-soft", "surface") for tone in ("ok", "warn", "bad")}


def themes() -> dict[str, dict[str, str]]:
    text = (STYLES / "tokens.css").read_text(encoding="utf-8")
    blocks = re.findall(r"(:root[^{]*)\{([^}]*)\}", text)
    found = {
        selector.strip(): dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{3,6});", block)) for selector, block in blocks
    }
    light = found[":root"]
    return {"light": light, "dark": {**light, **found[":root[data-theme='dark']"]}}


def luminance(colour: str) -> float:
    """Relative luminance of `#rgb` or `#rrggbb`, by WCAG's definition."""
    digits = colour[1:] if len(colour) == 7 else "".join(c * 2 for c in colour[1:])
    channels = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.requirement("F129")
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("ink", sorted(ON))
def test_text_stands_out_from_what_it_stands_on(theme: str, ink: str) -> None:
    colours = themes()[theme]
    for ground in ON[ink]:
        assert contrast(colours[ink], colours[ground]) >= 4.5, (theme, ink, ground)


def test_the_inks_of_signatures_stand_out_from_their_paper() -> None:
    text = (STYLES.parent / "form" / "widgets.css").read_text(encoding="utf-8")
    inks = re.findall(r"\.signature[^{]*\{[^}]*[ ;{]color: (#[0-9a-f]{6})", text)
    assert len(inks) >= 5
    assert min(contrast("#ffffff", ink) for ink in inks) >= 4.5


def test_both_dark_themes_are_the_same() -> None:
    text = (STYLES / "tokens.css").read_text(encoding="utf-8")
    dark, auto = re.findall(r":root\[data-theme='(?:dark|auto)'\] \{([^}]*)\}", text)
    assert dark.split() == auto.split()


def test_initials_stand_out_from_every_avatar() -> None:
    text = (STYLES / "base.css").read_text(encoding="utf-8")
    grounds = re.findall(r"\.av(?:\.c\d)? \{[^}]*background: (#[0-9a-f]{6})", text)
    assert len(grounds) == 8
    assert min(contrast("#ffffff", ground) for ground in grounds) >= 4.5
