"""The services that cart asks."""
