"""Every statement that the cart service sends, one function per decision.

`on` is a Database (then the statement is a transaction of its own) or the connection of an open transaction.
Each change takes the lock on the cart's row and raises its version. Whose cart it is, and at which version,
stands in the WHERE: a change of somebody else's cart, or of a version that is not the expected one, changes
nothing and says so. `expected_version` None accepts any.
"""

from cart.queries.handing_over import (
    bring_over,
    close_merged,
    ensure_customer_cart,
    guest_cart_id,
    lock_carts,
    merge_receipt,
    record_merge,
    record_ordered,
    record_receipt,
    same_order,
    subtract,
    touch_open_cart,
    where_it_went,
)
from cart.queries.rows import Executor
from cart.queries.shopping import (
    add_line,
    create_cart,
    empty_cart,
    find_cart,
    open_cart,
    remove_line,
    set_note,
    set_quantity,
)
from cart.queries.sweeping import forget_guest_carts, forget_merges

__all__ = [
    "Executor",
    "add_line",
    "bring_over",
    "close_merged",
    "create_cart",
    "empty_cart",
    "ensure_customer_cart",
    "find_cart",
    "forget_guest_carts",
    "forget_merges",
    "guest_cart_id",
    "lock_carts",
    "merge_receipt",
    "open_cart",
    "record_merge",
    "record_ordered",
    "record_receipt",
    "remove_line",
    "same_order",
    "set_note",
    "set_quantity",
    "subtract",
    "touch_open_cart",
    "where_it_went",
]
