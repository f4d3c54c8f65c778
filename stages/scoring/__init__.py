"""Rows and answers brought together, scored by metrics or by a model apart."""
