"""From what a person has in hand (a request id, a pasted response, log lines) to the cause and the fix."""
