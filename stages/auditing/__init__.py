"""Audits of rendered data before training: masks, lengths, steps, how arms differ."""
