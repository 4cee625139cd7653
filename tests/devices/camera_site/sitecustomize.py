"""Lies first on the path of a driver's process in the camera's tests: its requests come to the tests' own kernel."""

import fcntl
import os
import sys

if {"devices.driver", "scanner"} <= set(sys.orig_argv):
    from tests.devices.kernel import SOCKET, RemoteKernel

    fcntl.ioctl = RemoteKernel(os.environ[SOCKET])  # type: ignore[assignment]
