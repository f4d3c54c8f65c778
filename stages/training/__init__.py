"""Training: the trainer, its loss and batches, checkpoints and the adapter that comes out."""
