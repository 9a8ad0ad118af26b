"""Payment providers. What they share is `protocol`; nothing of a provider's library leaves its own module."""
