"""The pages shoppers see, one module per group: gather from services, make a page model, render."""
