"""A language model as judge: what it is asked, how it is asked, and what its answers are worth.

prompts and requirements make a question, client asks it, reading takes the verdict out of the
answer, cache keeps the answer, cost counts it, asking does that for many at once, figures makes
verdicts into a row's scores.
"""
