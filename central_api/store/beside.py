"""What an office does beside those who act: in a thread of its own, until it is told to end."""

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable


class Beside(ABC):
    """Work for a thread called `name`, which may also be `run` where the caller has nothing else to do.

    A bug in it is a crash: it is kept in `crashed`, and `on_crash` is called, so that whoever serves can end.
    """

    def __init__(self, name: str) -> None:
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run_beside, name=name)
        self.crashed: BaseException | None = None
        self.on_crash: Callable[[], object] = lambda: None

    @abstractmethod
    def run(self) -> None:
        """Work until `_stop` is set."""

    def start(self) -> None:
        """Begin, in the thread."""
        self._thread.start()

    def stop(self) -> None:
        """Finish what is at hand, and end. From any thread, or from a signal's handler where `run` was called."""
        self._stop.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _run_beside(self) -> None:
        try:
            self.run()
        except BaseException as error:
            self.crashed = error
            self.on_crash()
            raise
