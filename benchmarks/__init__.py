"""What the performance claims are made of: ratios, measured side by side in one run."""
