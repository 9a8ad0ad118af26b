"""News for orders: written with the fact they tell, sent right after, sent again until they were taken."""
