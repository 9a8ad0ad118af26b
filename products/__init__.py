"""Products: what the shop sells, for how much, and how many of it there are.

Owns: catalogue, options, variants, prices, pictures, search, stock, reservations, stock movements.
Never: carts, orders, anybody's name or address; it calls no other service.
"""
