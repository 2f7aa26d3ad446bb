"""JOSE, small and strict: compact tokens, keys, signatures, claims. Knows nothing of AWS."""
