"""What things cost for somebody somewhere: shipping, taxes, coupons, quotes."""
