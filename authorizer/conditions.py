"""What a rule may ask for beside scopes and groups."""
