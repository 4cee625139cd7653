"""A USB printer without a USB bus: pyusb's own backend interface, with the virtual printer behind the two endpoints.

libusb itself is the only part that does not run here: what it would carry to the printer goes over TCP.
"""

import array
import errno
import socket
from types import SimpleNamespace
from typing import Any

import usb.backend
import usb.core

VENDOR, PRODUCT, SERIAL_NUMBER = 0x04B8, 0x0E15, "J7NG01"
OUT, IN = 0x01, 0x82


class UsbPrinter(usb.backend.IBackend):
    """One printer on the bus, or none while `plugged` is False. bidirectional: whether it has a bulk IN endpoint."""

    def __init__(self, host: str, port: int, *, bidirectional: bool = True, kernel_driver: bool = True) -> None:
        self.address = (host, port)
        self.plugged = True
        self.busy = False
        self.bidirectional = bidirectional
        self.kernel_driver = kernel_driver
        self.product = PRODUCT
        self.claimed = 0
        self._wire: socket.socket | None = None

    def pull(self) -> None:
        self.plugged = False
        self._close()

    def _close(self) -> None:
        if self._wire is not None:
            self._wire.close()
            self._wire = None

    def _there(self) -> None:
        if not self.plugged:
            raise usb.core.USBError("No such device", -4, errno.ENODEV)

    def enumerate_devices(self) -> Any:
        return iter([self] if self.plugged else [])

    def get_device_descriptor(self, dev: Any) -> Any:
        return SimpleNamespace(
            bLength=18,
            bDescriptorType=1,
            bcdUSB=0x200,
            bDeviceClass=0,
            bDeviceSubClass=0,
            bDeviceProtocol=0,
            bMaxPacketSize0=64,
            idVendor=VENDOR,
            idProduct=self.product,
            bcdDevice=0x100,
            iManufacturer=0,
            iProduct=0,
            iSerialNumber=3,
            bNumConfigurations=1,
            address=5,
            bus=1,
            port_number=1,
            port_numbers=(1,),
            speed=3,
        )

    def get_configuration_descriptor(self, dev: Any, config: int) -> Any:
        if config:
            raise IndexError
        return SimpleNamespace(
            bLength=9,
            bDescriptorType=2,
            wTotalLength=32,
            bNumInterfaces=1,
            bConfigurationValue=1,
            iConfiguration=0,
            bmAttributes=0xC0,
            bMaxPower=1,
            extra_descriptors=[],
        )

    def get_interface_descriptor(self, dev: Any, intf: int, alt: int, config: int) -> Any:
        if intf or alt:
            raise IndexError
        return SimpleNamespace(
            bLength=9,
            bDescriptorType=4,
            bInterfaceNumber=0,
            bAlternateSetting=0,
            bNumEndpoints=1 + self.bidirectional,
            bInterfaceClass=7,
            bInterfaceSubClass=1,
            bInterfaceProtocol=2,
            iInterface=0,
            extra_descriptors=[],
        )

    def get_endpoint_descriptor(self, dev: Any, ep: int, intf: int, alt: int, config: int) -> Any:
        address = (OUT, IN)[ep]
        return SimpleNamespace(
            bLength=7,
            bDescriptorType=5,
            bEndpointAddress=address,
            bmAttributes=2,
            wMaxPacketSize=64,
            bInterval=0,
            bRefresh=0,
            bSynchAddress=0,
            extra_descriptors=[],
        )

    def open_device(self, dev: Any) -> Any:
        self._there()
        return self

    def close_device(self, dev_handle: Any) -> None:
        self._close()

    def get_configuration(self, dev_handle: Any) -> int:
        return 1

    def is_kernel_driver_active(self, dev_handle: Any, intf: int) -> bool:
        return self.kernel_driver

    def detach_kernel_driver(self, dev_handle: Any, intf: int) -> None:
        self.kernel_driver = False

    def claim_interface(self, dev_handle: Any, intf: int) -> None:
        self._there()
        if self.busy or self.kernel_driver:
            raise usb.core.USBError("Resource busy", -6, errno.EBUSY)
        self.claimed += 1
        self._wire = socket.socket()
        self._wire.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)  # a bus holds nothing
        self._wire.connect(self.address)
        self._wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def release_interface(self, dev_handle: Any, intf: int) -> None:
        self._there()
        self.claimed -= 1

    def bulk_write(self, dev_handle: Any, ep: int, intf: int, data: Any, timeout: int) -> int:
        assert (ep, timeout > 0) == (OUT, True), "a call without a deadline"
        return self._transfer(timeout, lambda wire: wire.send(bytes(data)))

    def bulk_read(self, dev_handle: Any, ep: int, intf: int, buff: array.array, timeout: int) -> int:
        assert (ep, timeout > 0, len(buff) % 64) == (IN, True, 0), "a call without a deadline, or an overflow"

        def read(wire: socket.socket) -> int:
            data = wire.recv(len(buff))
            if not data:
                raise ConnectionResetError
            buff[: len(data)] = array.array("B", data)
            return len(data)

        return self._transfer(timeout, read)

    def ctrl_transfer(  # noqa: PLR0917 - pyusb says so
        self, dev_handle: Any, kind: int, request: int, value: int, index: int, data: Any, timeout: int
    ) -> int:
        """GET_DESCRIPTOR of a string: the languages, or the serial number."""
        assert request == 6
        assert timeout > 0
        body = b"\x09\x04" if value & 0xFF == 0 else SERIAL_NUMBER.encode("utf-16-le")
        answer = bytes((len(body) + 2, 3)) + body
        data[: len(answer)] = array.array("B", answer)
        return len(answer)

    def _transfer(self, timeout: int, what: Any) -> int:
        self._there()
        if self._wire is None:
            raise usb.core.USBError("Input/output error", -1, errno.EIO)
        self._wire.settimeout(timeout / 1000)
        try:
            return what(self._wire)
        except TimeoutError:
            raise usb.core.USBTimeoutError("Operation timed out", -7, errno.ETIMEDOUT) from None
        except OSError as gone:
            self.pull()
            raise usb.core.USBError("No such device", -4, errno.ENODEV) from gone
