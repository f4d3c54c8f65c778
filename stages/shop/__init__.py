"""A seeded shop in Brazilian Portuguese: its database, four tasks about it, and SQL over it.

Everything follows from a database setting, {"seed": int, "customers": int}, and the wordings here:
the same setting gives the same bytes on every machine with the same SQLite. A customer belongs to
one part (train, evaluation or test), and so does every wording: parts share neither.
"""
