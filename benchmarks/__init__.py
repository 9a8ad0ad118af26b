"""Measurements that anyone can repeat: each module is a command that prints its figures, the machine and the commit."""
