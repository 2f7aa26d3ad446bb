"""What API Gateway does with the answers of authorizers: policies evaluated, results cached."""
