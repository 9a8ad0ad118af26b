"""Clients of the other services, with only the fields used here."""
