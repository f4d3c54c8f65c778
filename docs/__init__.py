"""Pictures for the first page, made from the project: `make pictures`."""
