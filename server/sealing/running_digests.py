"""Digests of what several signatures of one file cover, in one pass over the file for each kind."""

from cryptography.hazmat.primitives import hashes


class RunningDigests:
    """A later signature covers all that an earlier one does, so its digest goes on from there."""

    def __init__(self, data: bytes) -> None:
        self._data = memoryview(data)
        self._running: dict[str, tuple[int, hashes.Hash]] = {}

    def of_range(self, algorithm: hashes.HashAlgorithm, start: int, resume: int, end: int) -> bytes:
        """Over everything before `start` and from `resume` to `end`."""
        digest = self._up_to(algorithm, start)
        digest.update(self._data[resume:end])
        return digest.finalize()

    def of_file(self, algorithm: hashes.HashAlgorithm) -> bytes:
        """Over all of it."""
        return self._up_to(algorithm, len(self._data)).finalize()

    def _up_to(self, algorithm: hashes.HashAlgorithm, end: int) -> hashes.Hash:
        at, running = self._running.get(algorithm.name, (0, hashes.Hash(algorithm)))
        if end < at:
            at, running = 0, hashes.Hash(algorithm)
        running.update(self._data[at:end])
        self._running[algorithm.name] = end, running
        return running.copy()
