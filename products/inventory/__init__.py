"""How many there are: stock, what is held for orders, and every movement with its cause."""
