"""What the files of a base must be before any stage loads them."""
