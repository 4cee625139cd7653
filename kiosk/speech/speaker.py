"""Says one sentence after the other on a thread of its own, and falls silent at once."""

import threading
from collections import deque
from collections.abc import Callable, Iterable

from .said import Said
from .voices import Speaking, Voice, play


class Speaker:
    """`voices` in the order in which they are asked, `volume` gives 0 to 100 (0 is silence) whenever it is needed.

    `heard` takes each sentence when it begins: tests listen there. Nothing that was said is kept.
    """

    def __init__(
        self, voices: tuple[Voice, ...], volume: Callable[[], int], heard: Callable[[Said], None] = lambda _: None
    ) -> None:
        self._voices = voices
        self._volume = volume
        self._heard = heard
        self._waiting: deque[Said | bytes] = deque()
        self._process: Speaking | None = None
        self._changed = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="speech", daemon=True)
        self._thread.start()

    @property
    def speaking(self) -> bool:
        """Whether something is being said, or waits to be."""
        with self._changed:
            return self._process is not None or bool(self._waiting)

    def say(self, said: Iterable[Said | bytes]) -> None:
        """Say these after what is being said now; bytes are a WAV file, a sound without words."""
        with self._changed:
            self._waiting.extend(said)
            self._changed.notify()

    def hush(self) -> None:
        """Be silent from now on: what waits is forgotten, and the voice that speaks is killed."""
        with self._changed:
            self._waiting.clear()
            if self._process is not None:
                self._process.kill()

    def close(self) -> None:
        """Be silent for good."""
        self.hush()
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._thread.join()

    def _run(self) -> None:
        while (process := self._next()) is not None:
            process.wait()
            with self._changed:
                self._process = None

    def _next(self) -> Speaking | None:
        """Wait for the next sentence and begin it; None when this speaker is closed."""
        with self._changed:
            while True:
                self._changed.wait_for(lambda: self._closed or self._waiting)
                if self._closed:
                    return None
                # Begun under the lock: a hush cannot fall between the queue and the voice.
                self._process = self._begin(self._waiting.popleft(), self._volume())
                if self._process is not None:
                    return self._process

    def _begin(self, said: Said | bytes, volume: int) -> Speaking | None:
        if not volume:
            return None
        if isinstance(said, bytes):
            return play(said)
        self._heard(said)
        return next((process for voice in self._voices if (process := voice.begin(said, volume)) is not None), None)
