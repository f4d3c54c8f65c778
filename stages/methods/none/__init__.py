"""The untouched base: nothing is made, and it is what other arms are measured against."""
