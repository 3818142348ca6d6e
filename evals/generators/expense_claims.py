"""Expense claims under a policy whose numbers change from row to row, so that the policy has to be read."""

from __future__ import annotations

from random import Random

from guardbee.evals.sample import Row

VERSION = 1

LABELS = ("approve", "ask", "reject")

_KINDS = {
    "meals": ("Dinner with a client", "Lunch during the workshop", "Breakfast at the station"),
    "taxis": ("Taxi to the airport", "Taxi from the hotel to the fair", "Taxi home after the late shift"),
    "hotels": ("Hotel, one night, for the trade fair", "Room for the night before the audit", "Hotel near the plant"),
    "books": ("Handbook for the certification course", "Book on contract law", "Two textbooks for the team"),
}
_NEVER = {
    "gifts": ("Birthday present for a colleague", "Gift basket for a supplier"),
    "fines": ("Parking ticket outside the office", "Fine for speeding on the way to a customer"),
    "drinks": ("Wine for the team evening", "Beer after the match"),
}
_NAMES = ("Aylin", "Bo", "Carla", "Deniz", "Emeka", "Freya", "Gustav", "Hoa", "Ivo", "Jana", "Kofi", "Lena")


def expense_claims(draw: Random) -> Row:
    """Return ``policy``, ``claim`` and ``label``: approve, ask (for the receipt that lacks) or reject; equally likely.

    The numbers and facts that decide are given as well: ``limit`` and ``threshold`` of the policy, ``covered``,
    ``amount`` and ``receipt`` of the claim. What is not covered or over its limit is rejected, receipt or not.
    """
    label = draw.choice(LABELS)
    limits = {kind: 5 * draw.randrange(12, 60) for kind in _KINDS}
    threshold = 5 * draw.randrange(3, 9)
    never = draw.choice(sorted(_NEVER))
    kind = draw.choice(sorted(_KINDS))
    covered = label != "reject" or draw.choice((True, True, False))  # over the limit is harder to see: oftener
    if label == "reject" and covered:
        amount, receipt = draw.randrange(limits[kind] + 1, 2 * limits[kind]), draw.choice((True, False))
    elif label == "reject":
        amount, receipt = draw.randrange(5, limits[kind]), draw.choice((True, False))
    elif label == "ask":
        amount, receipt = draw.randrange(threshold + 1, limits[kind] + 1), False
    else:
        receipt = draw.choice((True, True, False))  # without one the amount must be small
        amount = draw.randrange(5, (limits[kind] if receipt else threshold) + 1)
    what = draw.choice(_KINDS[kind] if covered else _NEVER[never])
    rules = ", ".join(f"{name} up to {limits[name]} euros" for name in draw.sample(sorted(_KINDS), len(_KINDS)))
    return {
        "policy": f"Covered are {rules}. Never covered are {never}. Above {threshold} euros a receipt is needed.",
        "claim": f"{draw.choice(_NAMES)}: {what}, {amount} euros, {'receipt attached' if receipt else 'no receipt'}.",
        "label": label,
        "limit": limits[kind],
        "threshold": threshold,
        "covered": covered,
        "amount": amount,
        "receipt": receipt,
    }
