"""Identifiers with Stripe's prefixes. They cannot be guessed: a payment page is opened by its id alone."""

import secrets


def new_id(prefix: str) -> str:
    """`prefix` and 128 random bits, for example `pi_3f…`."""
    return f"{prefix}_{secrets.token_hex(16)}"
