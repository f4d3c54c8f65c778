"""Checks that stop the pipeline before it wastes time or claims something false."""
