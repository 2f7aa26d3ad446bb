"""`python -m authorizer.tools` is the command `authorizer`."""

from authorizer.tools.cli import app

if __name__ == "__main__":
    app()
