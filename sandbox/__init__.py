"""A payment provider shaped like Stripe, for development and tests.

Owns: the outside truth about money (sessions, intents, charges, refunds) in its own SQLite file.
Never: runs in production, stores a card number, or calls a service other than by a signed webhook.

How a request flows: `api.endpoint` (key, form, idempotency, error format) → an area's `service`
(decides and writes) → `events` (what happened, delivered later). Misbehaviour on request has three places
to sit: the outcome of a card (`cards`), the answer of a call (`api.endpoint`), a delivery (`events.deliveries`).
"""
