"""Accounts: who signs in, their addresses, sessions of browsers, and the tokens people carry to services.

Owns: the only copy of people's e-mail addresses with password hashes. Never: what they buy.
"""
