"""Orders as somebody writes them in a mail, with the fields that an order system wants out of them."""

from __future__ import annotations

from random import Random

from guardbee.evals.sample import Row

VERSION = 1

_FIRST = ("Amara", "Benno", "Chiara", "Dmitri", "Elif", "Farah", "Goran", "Hana", "Ines", "Jonas", "Keiko", "Lucía")
_LAST = ("Abebe", "Brandt", "Castelli", "Dumont", "Eriksen", "Farkas", "Gallo", "Horvat", "Ivers", "Jansen", "Kovac")
_CITIES = ("Aarhus", "Bilbao", "Cork", "Dresden", "Espoo", "Faro", "Ghent", "Hull", "Iasi", "Jena", "Kotor", "Lyon")
_ITEMS = (
    "desk lamps", "garden chairs", "steel shelves", "paper rolls", "toner cartridges", "coffee filters", "bar stools",
    "cable drums", "safety vests", "label printers", "storage boxes", "wall clocks", "water bottles", "rubber mats",
)  # fmt: skip
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
# Each has every field once, in another order, and a number or name beside them that is none of the fields.
_TEXTS = (
    (
        "Hello, please send {quantity} {item} to our branch in {city} by {date}. We agreed on {price} euros. "
        "Our customer number is still {other}. Regards, {name}"
    ),
    (
        "{name} from {city} called: {quantity} {item}, {price} euros in total, for {date}. Last time it was "
        "only {other}."
    ),
    (
        "Order {other} was a mistake, cancel it. What we need are {quantity} {item}, here in {city}, by {date}; "
        "{price} euros as quoted. {name}"
    ),
    (
        "Hi team, can you confirm the delivery on {date}? It is about the {quantity} {item} for {city}, {price} euros, "
        "invoice to room {other}. Thanks, {name}"
    ),
    (
        "As discussed with your colleague on extension {other}: for {price} euros we take {quantity} {item}, to "
        "{city} on {date}. Yours, {name}"
    ),
)


def orders(draw: Random) -> Row:
    """Return ``text`` and ``record``: name, item, quantity, price (euros), city and date, all as the text has them."""
    quantity, other = draw.sample(range(2, 400), 2)
    record = {
        "name": f"{draw.choice(_FIRST)} {draw.choice(_LAST)}",
        "item": draw.choice(_ITEMS),
        "quantity": quantity,
        "price": draw.randrange(400, 9000) + draw.choice((0, 0.5, 0.9)),
        "city": draw.choice(_CITIES),
        "date": f"{draw.randrange(1, 29)} {draw.choice(_MONTHS)} {draw.randrange(2027, 2031)}",
    }
    price = f"{record['price']:.2f}".removesuffix(".00")
    return {"text": draw.choice(_TEXTS).format(**record | {"price": price, "other": other}), "record": record}
