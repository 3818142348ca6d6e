"""Messages with invented personal data in them, made of Presidio's templates: every span and its type are known.

A template is a text with ``{{slot}}``; those with a slot that is not known here are never drawn. Values are drawn from
short lists and digits, cards and IBANs with right check digits; nobody's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from random import Random

from guardbee.evals.errors import DataError
from guardbee.evals.sample import Row

VERSION = 1

_SLOT = re.compile(r"\{\{(\w+)\}\}")
_FIRST = ("Alma", "Bodil", "Cyrus", "Dalia", "Emre", "Freya", "Gideon", "Hedda", "Isko", "Junia", "Kaya", "Leif")
_LAST = ("Abbott", "Bergstrom", "Calloway", "Delgado", "Engel", "Fontaine", "Grimaldi", "Holmgren", "Ibarra", "Jovic")
_FIRMS = ("Alder & Finch", "Blue Harbour Ltd", "Corvid Systems", "Dunmore Foods", "Elmstone Group", "Fenwick Labs")
_HOSTS = ("corvid-systems.example", "dunmore.example", "mail.example", "finch.example")


def personal_data(draw: Random, source: Sequence[Row]) -> Row:
    """Return ``text``, its ``entities`` (``{text, type}``, in order) and ``template``; ``source`` has one in ``text``.

    Raises:
        DataError: if no template of the source can be filled.
    """
    usable = [str(row["text"]) for row in source if _usable(str(row["text"]))]
    if not usable:
        raise DataError(f"none of the {len(source)} templates has known slots alone: {', '.join(_SLOTS)}")
    template = draw.choice(usable)
    entities: list[dict[str, str]] = []

    def fill(found: re.Match[str]) -> str:
        kind, make = _SLOTS[found.group(1)]
        entities.append({"text": make(draw), "type": kind})
        return entities[-1]["text"]

    text = _SLOT.sub(fill, template).replace("\\n", "\n")
    return {"text": text, "entities": entities, "template": template}


def _usable(template: str) -> bool:
    """Tell whether every slot is known and nothing is broken: some have one brace, some lost a character."""
    rest = _SLOT.sub("", template)
    return all(slot in _SLOTS for slot in _SLOT.findall(template)) and not {"{", "}", "\ufffd"} & set(rest)


def _digits(draw: Random, n: int) -> str:
    return "".join(str(draw.randrange(10)) for _ in range(n))


def _name(draw: Random) -> str:
    return f"{draw.choice(_FIRST)} {draw.choice(_LAST)}"


def _card(draw: Random) -> str:
    digits = "4" + _digits(draw, 14)
    doubled = (int(digit) * (1 + (index % 2 == 0)) for index, digit in enumerate(digits))
    check = -sum(value - 9 * (value > 9) for value in doubled) % 10  # noqa: PLR2004 - Luhn's rule, ISO/IEC 7812
    return f"{digits}{check}"


def _iban(draw: Random) -> str:
    account = _digits(draw, 18)
    check = 98 - int(f"{account}131400") % 97  # ISO 13616: D is 13, E is 14
    return f"DE{check:02d}{account}"


def _phone(draw: Random) -> str:
    return f"+1 555 {_digits(draw, 3)} {_digits(draw, 4)}"


def _email(draw: Random) -> str:
    return f"{draw.choice(_FIRST).lower()}.{draw.choice(_LAST).lower()}@{draw.choice(_HOSTS)}"


def _address(draw: Random) -> str:
    return ".".join(str(draw.randrange(1, 255)) for _ in range(4))


def _first(draw: Random) -> str:
    return draw.choice(_FIRST)


_SLOTS: Mapping[str, tuple[str, Callable[[Random], str]]] = {
    "credit_card_number": ("card", _card),
    "email": ("email", _email),
    "iban": ("iban", _iban),
    "ip_address": ("ip", _address),
    "phone_number": ("phone", _phone),
    "organization": ("organization", lambda draw: draw.choice(_FIRMS)),
    **dict.fromkeys(("person", "name"), ("person", _name)),
    **dict.fromkeys(("first_name", "name_male", "name_female", "first_name_male"), ("person", _first)),
    "url": ("url", lambda draw: f"https://{draw.choice(_HOSTS)}/{draw.choice(_LAST).lower()}"),
}
