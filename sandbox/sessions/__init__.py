"""Checkout Sessions: an order to pay on the hosted page, until it is complete or its time is over.

The PaymentIntent is made when a shopper first presses *Pay*, as Stripe does since 2022: until then
`payment_intent` is null, from then on (a decline too) it is that one intent for the session's whole life.
"""
