"""The demo catalogue: goods, words and pictures that make an empty shop look like one.

`catalogue/*.json` (one file per department), `options.json` (choices shared by products, in the order they are
shown) and `pictures/` are the source; edit them by hand. `python -m products.demo` puts them into an empty
catalogue. Owns the demo's data. Never runs inside the service.
"""
