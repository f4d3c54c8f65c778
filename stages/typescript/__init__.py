"""TypeScript as data and as answers: packages that ship it, its syntax, and its compiler."""
