"""Machinery any service stands on: settings, database, jobs, errors, HTTP client, auth, money.

Owns: nothing of the shop. Never: a shop word. The test of admission to this package is whether a
ticketing site could use the file unchanged.
"""
