"""The command line and the demo runner. Not in the layer: may import everything, and nothing imports it."""
