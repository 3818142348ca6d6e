"""Personal data and secrets in a text, found by pattern and kept only if a validator of their kind agrees.

Standard library alone: no names, addresses or context words, English number forms. Reserved values (example.org,
555-01xx, private and documentation addresses, the famous sample SSNs and card 4242...) are nobody's and are not
reported. presidio (extra ``pii``) finds more kinds, at 392 MB and with more false alarms.
"""

from __future__ import annotations

import ipaddress
import math
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from guardbee.evals.probes.wallets import is_bitcoin, is_ethereum


@dataclass(frozen=True)
class Pii:
    """One finding: what kind, and where in the text (characters, end excluded). The value itself is not kept."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True)
class Recognizer:
    """What finds personal data in a text; ``name`` has its version."""

    name: str
    find: Callable[[str], list[Pii]]


OpenRecognizer = Callable[[str], Recognizer]
"""Returns the recognizer of a name other than ``own``.

Raises:
    ConfigurationError: if there is none of that name, or its package is not installed.
"""


def find_pii(text: str) -> list[Pii]:
    """Return all findings in order; where two kinds claim the same characters, the first of ``KINDS`` has them."""
    found: list[Pii] = []
    for kind, (pattern, valid) in KINDS.items():
        for match in pattern.finditer(text):
            overlaps = any(match.start() < other.end and other.start < match.end() for other in found)
            if not overlaps and valid(match.group()):
                found.append(Pii(kind, match.start(), match.end()))
    return sorted(found, key=lambda finding: finding.start)


def is_email(text: str) -> bool:
    """Whether it is an address under a domain that can belong to somebody (RFC 2606 reserves the others)."""
    local, _, domain = text.lower().rpartition("@")
    labels = domain.split(".")
    if labels[-1] in {"example", "invalid", "test", "localhost", "local"} or labels[-2] == "example":
        return False
    return bool(local) and ".." not in text and not local.startswith(".") and not local.endswith(".")


def is_card(text: str) -> bool:
    """Whether it has a card scheme's range and length and a correct Luhn digit, and is no scheme's test number."""
    digits = _digits(text)
    if len(set(digits)) < 4 or digits.startswith(_SAMPLE_CARDS):  # noqa: PLR2004 - 4000 0000 ... is filler
        return False
    return any(re.fullmatch(scheme, digits) for scheme in _SCHEMES) and _luhn(digits)


def is_iban(text: str) -> bool:
    """Whether country, length and the check digits (ISO 13616, mod 97) are right."""
    compact = re.sub(r"\s", "", text).upper()
    if _IBAN_LENGTHS.get(compact[:2]) != len(compact):
        return False
    return int("".join(str(int(char, 36)) for char in compact[4:] + compact[:4])) % 97 == 1


def is_ssn(text: str) -> bool:
    """Whether the Social Security Administration could have given out this number, and it is no famous sample."""
    area, group, serial = text[:3], text[4:6], text[7:]
    if area in {"000", "666"} or area >= "900" or group == "00" or serial == "0000":
        return False
    return text not in {"078-05-1120", "123-45-6789", "219-09-9999"}


def is_phone(text: str) -> bool:
    """Whether it is a number of the North American plan, or one in international form (E.164) of another country."""
    digits = _digits(text)
    if text.startswith("+") and not digits.startswith("1"):
        return 9 <= len(digits) <= 15 and len(set(digits)) > 3  # noqa: PLR2004 - E.164's lengths; 000 000 is filler
    national = digits[-10:]
    fictional = national[3:8] == "55501"
    return re.fullmatch(r"1?[2-9](?!11)\d{2}[2-9](?!11)\d{6}", digits) is not None and not fictional


def is_address(text: str) -> bool:
    """Whether it is an IP address that is routed on the public network."""
    try:
        return ipaddress.ip_address(text).is_global
    except ValueError:
        return False


def is_mac(text: str) -> bool:
    """Whether it is the address of one device: no group's, none of RFC 7042's for documentation, no filler."""
    octets = bytes.fromhex(re.sub(r"[:-]", "", text))
    documented = octets[:5] == bytes.fromhex("00005E0053")
    return not octets[0] & 1 and not documented and len(set(octets)) > 2  # noqa: PLR2004 - 00:00:00:00:00:01 is filler


def is_secret(text: str) -> bool:
    """Whether what follows a credential's prefix is random enough (3 bits a character) to be one."""
    body = re.split(r"[_-]|AKIA|AIza", text)[-1]
    counts = Counter(body).values()
    entropy = -sum(count / len(body) * math.log2(count / len(body)) for count in counts)
    return entropy >= 3.0 and "EXAMPLE" not in text  # noqa: PLR2004 - bits; AWS's own sample key says EXAMPLE


def is_private_key(text: str) -> bool:
    """Return ``True``: nothing else begins like this."""
    return bool(text)


def _digits(text: str) -> str:
    return "".join(char for char in text if char.isdigit())


def _luhn(digits: str) -> bool:
    doubled = (int(d) * (2 if i % 2 else 1) for i, d in enumerate(reversed(digits)))
    return sum(sum(divmod(value, 10)) for value in doubled) % 10 == 0


_SAMPLE_CARDS = ("424242", "411111", "555555", "378282", "601111")
_SCHEMES = (
    r"4\d{12}(?:\d{3})?(?:\d{3})?",
    r"(?:5[1-5]\d{2}|222[1-9]|22[3-9]\d|2[3-6]\d{2}|27[01]\d|2720)\d{12}",
    r"3[47]\d{13}",
    r"6(?:011|5\d{2}|4[4-9]\d)\d{12}",
    r"35(?:2[89]|[3-8]\d)\d{12}",
    r"3(?:0[0-5]|[68]\d)\d{11}",
)
_IBAN_TABLE = """
    AT20 BE16 BG22 CH21 CY28 CZ24 DE22 DK18 EE20 ES24 FI18 FR27 GB22 GR27 HR21 HU28 IE22
    IS26 IT27 LI21 LT20 LU20 LV21 MC27 MT31 NL18 NO15 PL28 PT25 RO24 SE24 SI19 SK24 TR26
"""
_IBAN_LENGTHS = {entry[:2]: int(entry[2:]) for entry in _IBAN_TABLE.split()}
KINDS: dict[str, tuple[re.Pattern[str], Callable[[str], bool]]] = {
    "private_key": (re.compile(r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----"), is_private_key),
    "secret": (
        re.compile(
            r"\b(?:AKIA[0-9A-Z]{16}|AIza[0-9A-Za-z_-]{35}|gh[pousr]_[0-9A-Za-z]{36}|github_pat_\w{50,}"
            r"|xox[abprs]-[0-9A-Za-z-]{20,}|sk-(?:proj-|ant-)?[0-9A-Za-z_-]{20,}|hf_[0-9A-Za-z]{30,})\b"
        ),
        is_secret,
    ),
    "email": (re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}(?![\w@])"), is_email),
    "bitcoin": (
        re.compile(
            r"\b(?:[13][1-9A-HJ-NP-Za-km-z]{25,34}|(?:bc1[02-9ac-hj-np-z]{11,87}|BC1[02-9AC-HJ-NP-Z]{11,87}))\b"
        ),
        is_bitcoin,
    ),
    "ethereum": (re.compile(r"\b0x[0-9A-Fa-f]{40}\b"), is_ethereum),
    "mac_address": (
        re.compile(r"(?<![\w.:-])[0-9A-Fa-f]{2}(?:(?::[0-9A-Fa-f]{2}){5}|(?:-[0-9A-Fa-f]{2}){5})(?![\w:-])"),
        is_mac,
    ),
    "iban": (re.compile(r"\b[A-Z]{2}\d{2}(?: ?[0-9A-Z]{4}){2,7}(?: ?[0-9A-Z]{1,3})?\b"), is_iban),
    "card": (re.compile(r"(?<![\d.-])\d(?:[ -]?\d){12,18}(?![\d-]|\.\d)"), is_card),
    "ssn": (re.compile(r"(?<![\d-])\d{3}-\d{2}-\d{4}(?![\d-])"), is_ssn),
    "phone": (
        re.compile(
            r"(?<![\w.+-])(?:\+\d{1,3}(?:[ .-]?\(?\d{2,4}\)?){2,5}"
            r"|(?:1[ .-])?(?:\(\d{3}\) ?|\d{3}[ .-])\d{3}[ .-]\d{4})(?![\w-]|\.\d)"
        ),
        is_phone,
    ),
    "ip_address": (
        re.compile(r"(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}|(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4})(?![\w:]|\.\d)"),
        is_address,
    ),
}
"""Pattern and validator of each kind, the most specific first."""

OWN = Recognizer("pii-validators/2", find_pii)
