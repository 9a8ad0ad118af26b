"""Money back: reserved from what was captured before the provider is asked, so that no two can exceed it."""
