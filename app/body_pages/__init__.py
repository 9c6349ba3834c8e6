"""The page of a body (一委一品牌): what it is known for, and what it did in a duty year."""
