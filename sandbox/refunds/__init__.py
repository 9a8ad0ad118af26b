"""Refunds: money that goes back, never more than was captured."""
