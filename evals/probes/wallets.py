"""Addresses of wallets: Bitcoin's by their check digits, Ethereum's by their form."""

from __future__ import annotations

import hashlib

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BASE58_BYTES = 25
_CHECK_BYTES = 4
_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_BECH32_CHECKS = frozenset({1, 0x2BC830A3})
"""Of bech32 (BIP 173) and bech32m (BIP 350)."""
_FAMOUS = frozenset(
    {
        "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",  # of the first block
        "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",  # of BIP 173
    }
)
_DISTINCT = 8
"""Different digits of an Ethereum address; fewer are filler, as in the zero address."""


def is_bitcoin(text: str) -> bool:
    """Whether the check digits are right (base58check or bech32) and it is no document's example."""
    if text in _FAMOUS:
        return False
    return _is_bech32(text) if text.lower().startswith("bc1") else _is_base58check(text)


def is_ethereum(text: str) -> bool:
    """Whether it is no filler. EIP-55's check, which is Keccak and is optional, is not made."""
    return len(set(text[2:].lower())) >= _DISTINCT


def _is_base58check(text: str) -> bool:
    value = 0
    for char in text:
        value = value * 58 + _BASE58.index(char)
    if value.bit_length() > _BASE58_BYTES * 8:
        return False
    raw = value.to_bytes(_BASE58_BYTES, "big")
    body, check = raw[:-_CHECK_BYTES], raw[-_CHECK_BYTES:]
    return hashlib.sha256(hashlib.sha256(body).digest()).digest()[:_CHECK_BYTES] == check


def _is_bech32(text: str) -> bool:
    """Whether the polynomial of prefix and data has one of the two remainders."""
    if text not in {text.lower(), text.upper()}:
        return False
    prefix, _, data = text.lower().partition("1")
    values = [ord(char) >> 5 for char in prefix] + [0] + [ord(char) & 31 for char in prefix]
    values += [_BECH32.index(char) for char in data]
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for bit, factor in enumerate(_GENERATOR):
            check ^= factor if top >> bit & 1 else 0
    return check in _BECH32_CHECKS
