"""What happened: events that are listed, and sent to the webhook until it has taken them."""
