"""What only `plan` reads: what study files may say, what they refer to, and what comes of it."""
