"""Double entry: every movement of money as a transaction whose entries sum to zero. Nothing is ever changed."""
