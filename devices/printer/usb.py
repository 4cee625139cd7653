"""A printer on USB: the printer class (07h), or a vendor's own interface with the same two bulk endpoints.

pyusb over libusb, as python-escpos has it; its own class is not used, because it takes fixed endpoints, resets the
printer on opening, and reads without a deadline of ours.
"""

import contextlib
from collections.abc import Iterator
from typing import Any, Final

import usb.core
import usb.util

from devices.printer.line import LineGone, Wait

SLICE: Final = 0.1
"""Seconds that one call may sit in libusb: between two calls the driver says that it lives."""

RECEIVE_BYTES: Final = 512
"""A multiple of each packet size that bulk endpoints have: less would be an overflow."""

_util: Any = usb.util
_core: Any = usb.core

_PRINTER_CLASS: Final = 7
_BULK: Final = 2


class UsbLine:
    """A claimed interface of a printer. What it took, the printer took: nothing waits on this side."""

    byte_seconds = 0.0
    proves_presence = True

    def __init__(self, device: Any, interface: int, out: int, into: int | None, wait: Wait) -> None:
        self._device = device
        self._interface = interface
        self._out = out
        self._in = into
        self._wait = wait

    def send(self, data: memoryview, seconds: float) -> int:
        self._wait(-1, False, 0)
        try:
            return int(self._device.write(self._out, bytes(data), _milliseconds(seconds)))
        except usb.core.USBTimeoutError:
            return 0
        except usb.core.USBError as gone:
            raise LineGone from gone

    def receive(self, seconds: float) -> bytes:
        if self._in is None:
            self._wait(-1, False, seconds)
            return b""
        self._wait(-1, False, 0)
        try:
            return bytes(self._device.read(self._in, RECEIVE_BYTES, _milliseconds(seconds)))
        except usb.core.USBTimeoutError:
            return b""
        except usb.core.USBError as gone:
            raise LineGone from gone

    def not_yet_taken(self) -> int:
        return 0

    def abandon(self) -> None:
        with contextlib.suppress(usb.core.USBError):
            _util.release_interface(self._device, self._interface)
        _util.dispose_resources(self._device)


def open_usb(vendor: int, product: int, serial: str | None, wait: Wait, backend: Any = None) -> UsbLine | None:
    """The printer with these numbers, claimed by us alone; None when it is not there, or not ours to open.

    backend: pyusb's, libusb by default. Raises ValueError when libusb is not installed.
    """
    try:
        for device in _devices(vendor, product, backend):
            if serial is None or _serial_number(device) == serial:
                return _claimed(device, wait)
    except usb.core.NoBackendError:
        raise ValueError("libusb is not installed: USB printers need the package libusb-1.0-0") from None
    except usb.core.USBError:
        return None  # gone while it was opened, held by another program, or without permission
    return None


def _devices(vendor: int, product: int, backend: Any) -> Iterator[Any]:
    return iter(_core.find(find_all=True, idVendor=vendor, idProduct=product, backend=backend))


def _serial_number(device: Any) -> str | None:
    try:
        return device.serial_number
    except (usb.core.USBError, ValueError):  # ValueError: the device has no strings, or may not be asked
        return None


def _claimed(device: Any, wait: Wait) -> UsbLine | None:
    try:
        configuration = device.get_active_configuration()
    except usb.core.USBError:
        device.set_configuration()
        configuration = device.get_active_configuration()
    interfaces = sorted(configuration, key=lambda one: one.bInterfaceClass != _PRINTER_CLASS)
    for interface in interfaces:
        endpoints = [one for one in interface if _util.endpoint_type(one.bmAttributes) == _BULK]
        out = [one.bEndpointAddress for one in endpoints if not one.bEndpointAddress & _util.ENDPOINT_IN]
        into = [one.bEndpointAddress for one in endpoints if one.bEndpointAddress & _util.ENDPOINT_IN]
        if not out:
            continue
        number = interface.bInterfaceNumber
        with contextlib.suppress(NotImplementedError):  # a system without kernel drivers to detach
            if device.is_kernel_driver_active(number):
                device.detach_kernel_driver(number)  # usblp
        _util.claim_interface(device, number)
        if interface.bAlternateSetting:
            device.set_interface_altsetting(number, interface.bAlternateSetting)
        return UsbLine(device, number, out[0], into[0] if into else None, wait)
    return None


def _milliseconds(seconds: float) -> int:
    """At least 1: to libusb, 0 is for ever."""
    return max(1, round(min(seconds, SLICE) * 1000))
