"""The terms of every purchase, and the saga that carries an order from a click to paid.

Owns: quotes (promotions, coupons, shipping, tax), orders with their lines and timeline, the conversation that
makes stock, money and order agree, order mail.
Never: stock, card data, prices as truth, accounts. An order line is a snapshot; ids of other services are opaque.
"""
