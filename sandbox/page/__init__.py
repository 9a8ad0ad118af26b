"""The hosted payment page: what a shopper sees, on any device, without a line of JavaScript.

A typed card number is compared with the test cards and forgotten; only brand and last four digits are kept.
"""
