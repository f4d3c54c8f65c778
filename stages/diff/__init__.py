"""What changed between two revisions' results, and how a pull request is told."""
