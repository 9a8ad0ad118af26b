"""Finding things: the list of products with filters, sorting, full text, typos and facets."""
