"""The functions of a template, run on this machine as Lambda runs them: one process per execution environment."""
