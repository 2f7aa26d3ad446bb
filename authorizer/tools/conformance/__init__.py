"""What API Gateway does with authorizers, as a table of requests and answers that any gateway can be held against."""
