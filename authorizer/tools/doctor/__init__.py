"""From "why do I get 401, 403 or 500?" to the cause and the fix: templates, deployed APIs, responses and logs."""
