"""Payments: what orders are owed, and every attempt, operation and refund by which it is paid.

Owns: payables, payments (one attempt each), their operations, refunds, the double-entry ledger, the inbox of the
provider's webhooks, and the conversation with the payment provider.
Never: an order's status, a price, a card number.

How money becomes a fact: whoever hears of it (webhook, return, poller, orders itself) asks the provider and
records its answer in one statement: state, operations, ledger and the news for orders together.
"""
