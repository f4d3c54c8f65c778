"""Errors of learners of English, made on purpose in sentences that are right.

Each type is a function from the words of a sentence (split at spaces) and a random source to a
`Change`, or None where it cannot apply. It only makes what is wrong English: another right
sentence would teach to change what is right. Where more than one correction is right, a change has
them all.
"""
