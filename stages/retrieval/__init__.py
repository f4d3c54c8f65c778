"""What is looked up for a prompt beside the row itself: similar examples, terms of a glossary."""
