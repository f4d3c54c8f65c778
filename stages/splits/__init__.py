"""Splits: near-duplicate groups, their assignment to train, dev and test, frozen manifests."""
