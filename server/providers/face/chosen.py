"""Several face services as one: each check goes to the first that can make it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

from server.providers.face import (
    REFERENCE,
    Face,
    FacePerson,
    FaceResult,
    FaceStarted,
    FaceUnavailable,
    Outcome,
)


class ChosenFace:
    """See Face. A reference begins with the name of the service that knows it.

    ValueError for a double among them, which would hide from what refuses doubles.
    """

    development_only: ClassVar[bool] = False

    def __init__(self, services: Mapping[str, Face]) -> None:
        if any(one.development_only for one in services.values()):
            raise ValueError("a development double among the face services")
        self._services = services

    def supports(self, person: FacePerson) -> bool:
        """Whether one of them can."""
        return any(one.supports(person) for one in self._services.values())

    def start(self, person: FacePerson, purpose: str, back_url: str) -> FaceStarted:
        """See Face.start. ValueError for a person whom none of them supports."""
        for name, service in self._services.items():
            if service.supports(person):
                started = service.start(person, purpose, back_url)
                reference = f"{name}:{started.reference}"
                if len(reference) > REFERENCE:
                    raise FaceUnavailable
                return replace(started, reference=reference)
        raise ValueError("ask supports() first")

    def result(self, reference: str, person: FacePerson) -> FaceResult:
        """See Face.result."""
        name, _, own = reference.partition(":")
        service = self._services.get(name)
        if service is None:
            return FaceResult(Outcome.FAILED, "", None)
        return service.result(own, person)
