"""What is sold: products, their variants and prices, categories, pictures."""
