"""The folder on the import path of function processes: see `sitecustomize.py`. Nothing in it imports anything of ours."""
