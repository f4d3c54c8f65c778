"""Assay's pipeline: one script per DVC stage, and the modules that they share."""
