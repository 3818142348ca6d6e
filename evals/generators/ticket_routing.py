"""Messages to a company's support, for one of five departments or for none of them."""

from __future__ import annotations

from random import Random

from guardbee.evals.sample import Row

VERSION = 1

NONE = "none"
# What each department gets, in words that do not name it. What is under NONE no support desk answers.
ISSUES = {
    "billing": (
        "You charged my card twice for order {order}.",
        "The amount on the invoice for {month} is higher than what we agreed on.",
        "My discount code was not taken off the total of order {order}.",
        "Please send the receipt for {month} again, with our tax number on it.",
        "I was promised my money back three weeks ago and nothing has arrived on my account.",
        "Can I pay order {order} in instalments?",
        "Why is there a fee of 4 euros on my statement for {month}?",
        "The credit note for {month} lacks our company name.",
        "The price in the basket was lower than what you took from my card.",
    ),
    "delivery": (
        "Order {order} should have been here on {day} and the tracking page has not moved since.",
        "The driver left my parcel with a neighbour whom I do not know.",
        "Can order {order} go to my office instead? I am not at home on {day}.",
        "The courier says that nobody opened the door, but I was at home all {day}.",
        "How long does it take until a package from you reaches Norway?",
        "Half of the boxes of order {order} came on {day}, where are the others?",
        "Has order {order} left your warehouse yet?",
        "Please have it brought after 6 pm on {day}, the gate is locked before.",
        "The tracking page says {day}, the mail says a week later. Which is right?",
    ),
    "returns": (
        "The jacket of order {order} is too small, I would like to send it back for a larger one.",
        "How do I print the label to give order {order} back?",
        "The vase arrived in pieces and I want a new one for it.",
        "I do not like the colour of the chair. What do I have to do so that you take it back?",
        "The wrong lamp was in the parcel. Where do I send it?",
        "Until which date can I hand back what I bought on {day}?",
        "I ordered two tables by mistake and need only one. How do I give back the other?",
        "The kettle leaks. I would like to swap it for another one.",
        "You sent me size 42 instead of 44. Can I exchange the shoes?",
    ),
    "technical": (
        "Since the update on {day} the app closes as soon as I open it.",
        "The speaker does not connect to my phone, although Bluetooth is on.",
        "Your website shows an empty page when I click on the basket.",
        "The thermostat blinks red and shows error {code}.",
        "How do I install the new firmware on the camera?",
        "The printer is in the network, but every job ends with error {code}.",
        "The vacuum robot stops in the middle of the room and beeps three times.",
        "The video in the app has sound, but the picture stays black.",
        "After a restart the router forgets its settings and shows {code}.",
    ),
    "account": (
        "I forgot my password and the mail to set a new one never comes.",
        "Please delete my profile and everything that you have stored about me.",
        "I have a new e-mail address and cannot change it in the settings.",
        "My name has changed since I married. How do I correct it in my profile?",
        "Somebody signed in as me from another country on {day}.",
        "The code for the two-step sign-in goes to a phone that I no longer have.",
        "Please merge my two profiles into one.",
        "I want to be called by another user name.",
        "Why was I logged out on all my devices on {day}?",
    ),
    NONE: (
        "Who won the match on {day}?",
        "Can you recommend a good film for the weekend?",
        "I would like to sell you solar panels for the roof of your warehouse.",
        "What is the capital of Australia?",
        "My daughter needs help with her homework about volcanoes.",
        "I wrote a poem about the rain in {month}. Do you want to hear it?",
        "Will it snow in the mountains on {day}?",
        "How many eggs do I need for a sponge cake?",
        "Do you know a good dentist in our town?",
        "Please translate this menu into Spanish for me.",
    ),
}
_GREETINGS = ("Hello, ", "Hi team. ", "Good morning. ", "", "Dear all, ", "Hey! ")
# True of every department, and words of other departments that decide nothing.
_BEFORE = (
    "I have been a customer for years.",
    "I paid in time, as always.",
    "Your driver was friendly last time.",
    "I wrote to you in {month} already, from the app.",
    "Your password rules are strict, but fine.",
    "I have never sent anything back so far.",
)
_AFTER = ("Thanks, {name}", "Please answer soon. {name}", "Best, {name}", "Waiting for your reply, {name}")
_NAMES = ("Ada", "Bruno", "Chen", "Dora", "Elias", "Fatma", "Georg", "Hilde", "Ilja", "Jun")
_MONTHS = ("January", "March", "April", "June", "August", "October", "November")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")


def ticket_routing(draw: Random) -> Row:
    """Return ``text``, ``department`` (``none`` where no department answers that) and ``issue`` (which sentence it is).

    All six are equally likely. Half of the messages begin with a sentence that has words of some department in it and
    decides nothing.
    """
    department = draw.choice(sorted(ISSUES))
    index = draw.randrange(len(ISSUES[department]))
    before = f"{draw.choice(_BEFORE)} " if draw.choice((True, False)) else ""
    text = f"{draw.choice(_GREETINGS)}{before}{ISSUES[department][index]} {draw.choice(_AFTER)}"
    words = {
        "order": draw.randrange(10_000, 100_000),
        "code": f"E{draw.randrange(10, 100)}",
        "month": draw.choice(_MONTHS),
        "day": draw.choice(_DAYS),
        "name": draw.choice(_NAMES),
    }
    return {"text": text.format(**words), "department": department, "issue": f"{department}-{index}"}
