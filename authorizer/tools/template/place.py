"""Where in a document something is said, and what is wrong there."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A resource and the way into it: `Api.Properties.Auth.Authorizers.Orders`.

    `resource` is a logical id, or nothing in an OpenAPI document that stands alone.
    """

    resource: str
    path: tuple[str, ...] = ()

    def __truediv__(self, name: object) -> Place:
        return Place(self.resource, (*self.path, str(name)))

    def __str__(self) -> str:
        return ".".join(filter(None, (self.resource, *self.path)))


@dataclass(frozen=True, slots=True)
class Problem:
    """What could not be read, or what API Gateway would not do as it is written. Codes are stable, messages are not."""

    code: str
    place: Place
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"
