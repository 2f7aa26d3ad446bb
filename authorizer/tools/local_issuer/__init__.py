"""Stand-ins for the issuers that functions trust: they sign tokens, publish keys and fail on demand, on this machine."""
