"""`authorizer explain --template`: what one token meets on each route of an API, API Gateway's own authorizers included."""
