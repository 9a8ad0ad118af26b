"""What providers tell us unasked: verified, taken as a hint, kept once."""
