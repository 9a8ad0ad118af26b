"""PaymentIntents and their charges: one amount that somebody may pay, and each try to pay it."""
