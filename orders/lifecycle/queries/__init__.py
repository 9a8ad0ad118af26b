"""The statements of an order's life, by who needs them: the saga, readers, editors."""
