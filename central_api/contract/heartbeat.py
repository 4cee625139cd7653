"""The heartbeat: how a terminal is, in at most 2,048 bytes, without a word about any visitor.

Absent means not known.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from . import cbor
from .errors import ContractError

MAX_HEARTBEAT_BYTES: Final = 2048
MAX_TEXT: Final = 64
MAX_DEVICES: Final = 12
_UINT32: Final = 2**32 - 1


class DeviceKind(IntEnum):
    """What a device is."""

    PRINTER = 1
    SCANNER = 2
    CARD_READER = 3
    KEYPAD = 4


class DeviceState(IntEnum):
    """How a device is. UNKNOWN is neither fine nor broken."""

    READY = 1
    PAPER_LOW = 2
    PAPER_OUT = 3
    COVER_OPEN = 4
    OFFLINE = 5
    UNKNOWN = 6
    ABSENT = 7


@dataclass(frozen=True, slots=True)
class DeviceReport:
    """One device, its state, and its model where it tells one."""

    kind: DeviceKind
    state: DeviceState
    model: str = ""


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """A report. Times are seconds since 1970, UTC, by the terminal's own clock.

    `trusted`: that clock was set by the office; `sequence` grows by one with each report; `machine` (8 bytes) names the
    machine, `run` (8 bytes) its present process; `unclean`: shutdowns; `uptime`: seconds; `paper_mm`: printed since the
    last refill; `head`: the first 16 bytes of the audit head at `head_position`; `synced`: the newest signed time;
    `queue`: reports that wait; `offset`: seconds, terminal minus office; `disk_free`: MB; `temperature`: tenths of a
    degree; `battery`: percent; `settings`: the number in use; `visits` since boot; `printed` and `not_printed`: prints
    confirmed and failed.
    """

    taken: int
    sequence: int
    machine: bytes
    run: bytes
    version: str
    trusted: bool = False
    boots: int | None = None
    unclean: int | None = None
    uptime: int | None = None
    devices: tuple[DeviceReport, ...] = ()
    paper_mm: int | None = None
    cursor: int | None = None
    head_position: int | None = None
    head: bytes | None = None
    synced: int | None = None
    queue: int | None = None
    offset: int | None = None
    disk_free: int | None = None
    temperature: int | None = None
    mains: bool | None = None
    battery: int | None = None
    settings: int | None = None
    visits: int | None = None
    printed: int | None = None
    not_printed: int | None = None


@dataclass(frozen=True, slots=True)
class HeartbeatAnswer:
    """What the office has: number of this terminal's settings and of the key list; whether the head is its own."""

    settings: int
    key_list: int
    head_agrees: bool


def encode_heartbeat(report: Heartbeat) -> bytes:
    """Write a report. Raises ContractError where it would exceed MAX_HEARTBEAT_BYTES."""
    body = cbor.encode(
        cbor.present(
            {
                1: report.taken,
                2: report.trusted,
                3: report.sequence,
                4: report.machine,
                5: report.run,
                6: report.version,
                7: report.boots,
                8: report.unclean,
                9: report.uptime,
                10: [[int(device.kind), int(device.state), device.model] for device in report.devices],
                11: report.paper_mm,
                12: report.cursor,
                13: report.head_position,
                14: report.head,
                15: report.synced,
                16: report.queue,
                17: report.offset,
                18: report.disk_free,
                19: report.temperature,
                20: None if report.mains is None else int(report.mains),
                21: report.battery,
                22: report.settings,
                23: report.visits,
                24: report.printed,
                25: report.not_printed,
            }
        )
    )
    if len(body) > MAX_HEARTBEAT_BYTES:
        raise ContractError("a heartbeat that is too large")
    return body


def decode_heartbeat(data: bytes) -> Heartbeat:
    """Read a report. Raises ContractError. A device of a kind or state of a later edition is passed over."""
    if len(data) > MAX_HEARTBEAT_BYTES:
        raise ContractError("a heartbeat that is too large")
    read = cbor.Fields(cbor.decode(data))
    mains = read.maybe_uint(20, 1)
    listed = read.items(10)
    if len(listed) > MAX_DEVICES:
        raise ContractError("too many devices")
    return Heartbeat(
        taken=read.uint(1),
        trusted=read.flag(2),
        sequence=read.uint(3),
        machine=read.blob(4, 8),
        run=read.blob(5, 8),
        version=read.text(6, MAX_TEXT),
        boots=read.maybe_uint(7, _UINT32),
        unclean=read.maybe_uint(8, _UINT32),
        uptime=read.maybe_uint(9, _UINT32),
        devices=tuple(device for device in map(_device, listed) if device is not None),
        paper_mm=read.maybe_uint(11, _UINT32),
        cursor=read.maybe_uint(12),
        head_position=read.maybe_uint(13),
        head=read.maybe_blob(14, 16),
        synced=read.maybe_uint(15),
        queue=read.maybe_uint(16, _UINT32),
        offset=read.maybe_int(17, 2**40),
        disk_free=read.maybe_uint(18, _UINT32),
        temperature=read.maybe_int(19, 32_767),
        mains=None if mains is None else mains == 1,
        battery=read.maybe_uint(21, 100),
        settings=read.maybe_uint(22),
        visits=read.maybe_uint(23, _UINT32),
        printed=read.maybe_uint(24, _UINT32),
        not_printed=read.maybe_uint(25, _UINT32),
    )


def encode_answer(answer: HeartbeatAnswer) -> bytes:
    """Write the office's answer."""
    return cbor.encode(cbor.present({1: answer.settings, 2: answer.key_list, 3: answer.head_agrees}))


def decode_answer(data: bytes) -> HeartbeatAnswer:
    """Read the office's answer. Raises ContractError."""
    read = cbor.Fields(cbor.decode(data))
    return HeartbeatAnswer(read.uint(1), read.uint(2), read.flag(3))


def _device(item: object) -> DeviceReport | None:
    kind, state, model = cbor.as_list(item, 3)
    read = cbor.as_uint(kind, 255), cbor.as_uint(state, 255), cbor.as_text(model, MAX_TEXT)
    try:
        return DeviceReport(DeviceKind(read[0]), DeviceState(read[1]), read[2])
    except ValueError:
        return None
