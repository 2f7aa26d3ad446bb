"""Speed, as ratios of candidates that are measured side by side in one run. No number here is a promise."""
