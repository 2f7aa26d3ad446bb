"""`authorizer explain`: all that is wrong with a token or an event, found by the stages that the Lambda runs."""
