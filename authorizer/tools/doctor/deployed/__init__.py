"""Deployed APIs, as AWS tells them, in the words of a template: so that every check of templates works on them too."""
