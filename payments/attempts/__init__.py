"""Payables and the attempts to pay them: opened, asked about, captured, closed."""
