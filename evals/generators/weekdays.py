"""Questions about the day of the week some days before or after a date."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from guardbee.evals.sample import Row

VERSION = 1

# Not from strftime: its names depend on the machine's language.
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def weekdays(draw: Random) -> Row:
    """Return ``question``, ``answer`` (an English weekday), and what it is computed from: ``start`` (ISO), ``days``.

    The day asked for is 2 to 20 days away and never a whole number of weeks, of 2026 to 2035.
    """
    start = date(2026, 1, 1) + timedelta(days=draw.randrange(3652))
    days = draw.choice([number for number in range(-20, 21) if abs(number) > 1 and number % 7])
    day = f"{WEEKDAYS[start.weekday()]}, {start.day} {MONTHS[start.month - 1]} {start.year}"
    ask = f"Which day of the week {'is it in' if days > 0 else 'was it'} {abs(days)} days{'' if days > 0 else ' ago'}?"
    answer = WEEKDAYS[(start + timedelta(days=days)).weekday()]
    return {"question": f"Today is {day}. {ask}", "answer": answer, "start": start.isoformat(), "days": days}
