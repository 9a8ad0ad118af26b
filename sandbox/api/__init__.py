"""How Stripe's API speaks: form bodies, its error format, idempotency keys, lists. No word about money."""
