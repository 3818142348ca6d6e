"""How figures and foreign text are shown, in every report alike. Absence is a dash, never a number."""

from __future__ import annotations

import unicodedata

ABSENT = "\N{EN DASH}"
_CENT = 0.01


def share(value: float | None) -> str:
    """Return a score from 0 to 1 with three decimals: differences of a percent matter."""
    return ABSENT if value is None else f"{value:.3f}"


def signed(value: float | None) -> str:
    """Return a difference of scores with its sign, a true minus, and three decimals."""
    return ABSENT if value is None else f"{value:+.3f}".replace("-", "\N{MINUS SIGN}")


def percent(value: float | None) -> str:
    """Return a share as a percentage with one decimal."""
    return ABSENT if value is None else f"{100 * value:.1f} %"


def count(value: float | None) -> str:
    """Return a number without decimals, thousands parted by a narrow space."""
    return ABSENT if value is None else f"{value:,.0f}".replace(",", "\u202f")


def decimal(value: float | None) -> str:
    """Return a number with one decimal under 100, none above."""
    if value is None:
        return ABSENT
    return f"{value:.1f}" if abs(value) < 100 else count(value)  # noqa: PLR2004 - said above


def usd(value: float | None) -> str:
    """Return US dollars: cents from a cent upwards, else two significant digits and never in powers of ten."""
    if value is None:
        return ABSENT
    if value == 0 or abs(value) >= _CENT:
        return f"${value:,.2f}"
    digits = f"{value:.1e}"
    return f"${value:.{int(digits.partition('e-')[2]) + 1}f}"


def visible(text: str) -> str:
    """Return text in which nothing is invisible or acts on a screen.

    Names and reasons may come from a hostile candidate: control characters (escape sequences of a terminal among
    them) and bidirectional overrides become U+FFFD. Escaping for HTML or Markdown is the renderer's own.
    """
    return "".join("\ufffd" if _acts(character) else character for character in text)


def _acts(character: str) -> bool:
    return character not in "\n\t" and unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp")
