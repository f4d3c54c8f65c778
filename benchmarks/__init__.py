"""Speed against peers, as ratios of sides that take turns in one run. Not part of the pipeline."""
