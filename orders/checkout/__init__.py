"""From a cart to an order: placing it, and hearing of its payment."""
