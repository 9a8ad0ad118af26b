"""The gateway on port 8000: the pages of the shop, accounts, and the public door to the four services.

Owns: accounts, addresses, sessions, the sign-in throttle, and the tokens people carry to the services.
Never: a product, a price, a cart line, an order or money; those are asked for, shown, and forgotten.
"""
