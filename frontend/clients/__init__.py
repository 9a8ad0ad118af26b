"""One small client per service: the endpoints the pages use, and of each answer only the fields they show."""
