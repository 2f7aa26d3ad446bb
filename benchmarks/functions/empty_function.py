"""Does nothing: what Python, the runtime and the emulator cost."""


def handler(_event: object, _context: object) -> dict[str, bool]:
    """Denies."""
    return {"isAuthorized": False}
