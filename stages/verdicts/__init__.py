"""What the data can carry: paired comparisons, hypotheses, decisions, promotion."""
