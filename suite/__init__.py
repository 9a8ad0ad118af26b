"""The whole shop on one machine: PostgreSQL, every service, demo data, one command.

Owns: the processes, their order, their environment, the data folder. Never: a rule of the shop; no service knows this package.
"""
