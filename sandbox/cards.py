"""The test cards: what each does when somebody pays with it. Numbers and names are Stripe's own test cards."""

from dataclasses import dataclass
from typing import Literal

Answer = Literal["approved", "asks", "declined"]


@dataclass(frozen=True, slots=True)
class Card:
    """One test card. `answer` is what its bank says; `asks` means 3-D Secure first, then approval."""

    name: str
    number: str
    brand: str
    methods: tuple[str, ...]
    """Payment method ids that mean this card in the API."""
    answer: Answer = "approved"
    code: str = ""
    decline_code: str = ""
    message: str = ""
    offered: bool = True
    """Whether the payment page shows it among the usual test cards."""

    @property
    def last4(self) -> str:
        return self.number[-4:]


CARDS = (
    Card("visa", "4242424242424242", "visa", ("pm_card_visa",)),
    Card(
        "authentication",
        "4000002500003155",
        "visa",
        (
            "pm_card_authenticationRequired",
            "pm_card_authenticationRequiredOnSetup",
            "pm_card_threeDSecure2Required",
            "pm_card_threeDSecureRequired",
        ),
        "asks",
    ),
    Card(
        "declined",
        "4000000000000002",
        "visa",
        ("pm_card_visa_chargeDeclined", "pm_card_chargeDeclined"),
        "declined",
        "card_declined",
        "generic_decline",
        "Your card was declined.",
    ),
    Card(
        "insufficient_funds",
        "4000000000009995",
        "visa",
        ("pm_card_visa_chargeDeclinedInsufficientFunds", "pm_card_chargeDeclinedInsufficientFunds"),
        "declined",
        "card_declined",
        "insufficient_funds",
        "Your card has insufficient funds.",
    ),
    Card(
        "expired",
        "4000000000000069",
        "visa",
        ("pm_card_chargeDeclinedExpiredCard",),
        "declined",
        "expired_card",
        "expired_card",
        "Your card has expired.",
    ),
    Card(
        "lost",
        "4000000000009987",
        "visa",
        ("pm_card_visa_chargeDeclinedLostCard",),
        "declined",
        "card_declined",
        "lost_card",
        "Your card was declined.",
    ),
    Card(
        "incorrect_cvc",
        "4000000000000127",
        "visa",
        ("pm_card_chargeDeclinedIncorrectCvc",),
        "declined",
        "incorrect_cvc",
        "incorrect_cvc",
        "Your card's security code is incorrect.",
        offered=False,
    ),
    Card(
        "processing_error",
        "4000000000000119",
        "visa",
        ("pm_card_chargeDeclinedProcessingError",),
        "declined",
        "processing_error",
        "processing_error",
        "An error occurred while processing your card. Try again in a little bit.",
        offered=False,
    ),
    Card("mastercard", "5555555555554444", "mastercard", ("pm_card_mastercard",), offered=False),
    Card("amex", "378282246310005", "amex", ("pm_card_amex",), offered=False),
)

BY_NAME = {card.name: card for card in CARDS}
BY_NUMBER = {card.number: card for card in CARDS} | {
    "4000002760003184": BY_NAME["authentication"],
    "4000000000003220": BY_NAME["authentication"],
}
BY_METHOD = {method: card for card in CARDS for method in card.methods}
