"""Stands between terminal and printer, passes everything on, and notes when the first row of each print went by."""

import socket
import threading
import time

RASTER = b"\x1dv0"


class Wiretap:
    """A TCP relay on loopback to `target` (HOST:PORT). `first_rows` are monotonic times, one a print."""

    def __init__(self, target: str) -> None:
        host, port = target.split(":")
        self._target = (host, int(port))
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._listening.getsockname()[1]}"
        self.first_rows: list[float] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            terminal, _ = self._listening.accept()
            printer = socket.create_connection(self._target)
            threading.Thread(target=self._pass, args=(terminal, printer, True), daemon=True).start()
            threading.Thread(target=self._pass, args=(printer, terminal, False), daemon=True).start()

    def _pass(self, source: socket.socket, sink: socket.socket, watched: bool) -> None:
        between = True  # between two prints: the cut ends one
        while data := source.recv(65536):
            now = time.monotonic()
            if watched and between and RASTER in data:
                self.first_rows.append(now)
                between = False
            if watched and b"\x1dV" in data:
                between = True
            sink.sendall(data)
        sink.close()
