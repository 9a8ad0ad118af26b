"""The cart service (port 8001): what a shopper intends to buy.

Owns: carts, their lines (which variant, how many pieces) and note; who may open which cart.
Never: prices, names or stock as facts (asked of products whenever a cart is shown), orders, accounts.
"""
