"""Mail about orders."""
