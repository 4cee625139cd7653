"""The staff rooms say in the reader's language why a device or the office does not answer, and what was done."""

import builtins
import errno
import re
import socket
from dataclasses import replace
from pathlib import Path

import pytest
import urllib3.exceptions

from devices.reasons import why_gone
from kiosk.link import OfficeLink, OfficeUnreachable
from kiosk.samples import TERMINAL, now, screens
from kiosk.staff_reasons import DEVICES, DRIVER, KINDS, OFFICE, reason_in_words
from kiosk.staff_state import DevicesTold, DeviceTold, JournalLine, JournalTold
from kiosk.visit_state import SCREEN_LANGUAGES
from kiosk.words import words_of

from .window import SIZE, window

AR, FR, EN = (words_of(language) for language in SCREEN_LANGUAGES)
COMPOSED = (
    *(f"its driver {how}{again}" for how in DRIVER for again in ("", " and is being started again")),
    "a TM-T20III answers where a TM-T88VI is set",
    "the office answers 503",
)
SAID_BY_DRIVERS = (
    r'(?<!NotPrinted\()(?:Unknown|stalled)\(f?"([^"]*)"',
    r'_tell_state\("\w+", "([^"]*)"',
    r'(?:return|error=) ?"(the [^"]*)"',
)
"""How drivers' sources say why a device does not work; what ends a print alone is no state."""


def _source(*folders):
    files = [file for folder in folders for file in Path(folder).rglob("*.py") if file.name != "staff_reasons.py"]
    return "".join(file.read_text(encoding="utf-8") for file in files)


@pytest.mark.parametrize("why", [*DEVICES, *OFFICE, *KINDS, *COMPOSED])
def test_a_reason_is_told_in_the_screen_s_language(why):
    """It stood in English on Arabic and French screens."""
    assert len({reason_in_words(why, words) for words in (AR, FR, EN)} - {None}) == 3


def test_what_nobody_has_words_for_stays_as_it_is():
    for why in ("Too many open files", "its driver sang", "starting [Errno 5]", "the office answers nothing"):
        assert reason_in_words(why, AR) is None


def test_every_reason_that_a_device_cannot_be_opened_for_has_words():
    known = (errno.ENOENT, errno.ENODEV, errno.EACCES, errno.EBUSY, errno.ENOTTY)
    for gone in (*(OSError(number, "?") for number in known), OSError()):
        assert reason_in_words(why_gone(gone), EN) is not None


def test_whatever_a_driver_says_of_its_device_has_words():
    """Its driver had hung: that was told in English."""
    drivers = _source("devices/printer", "devices/scanner", "devices/card", "devices/keypad")
    said = {"".join(one) for one in re.findall("|".join(SAID_BY_DRIVERS), drivers)}
    assert len(said) > 8
    filled = {re.sub(r"\{how\}", "hung", re.sub(r"\{self[^}]*\}", "TM-T20III", why)) for why in said}
    assert {why for why in filled if reason_in_words(why, EN) is None} == set()
    assert [why for why in DEVICES if f'"{why}"' not in _source("devices")] == [], "said by no driver any more"
    assert set(DRIVER) == set(re.findall(r'_bury\(.*"([a-z ]+)"\)', _source("devices")))


def test_whatever_the_link_says_of_the_office_has_words():
    way = "".join(Path("kiosk", file).read_text(encoding="utf-8") for file in ("link.py", "tls.py", "office_time.py"))
    told = r'(?:OfficeUnreachable|OutOfDate|TimeNotTold|_Fault|NoOffice|_Revoked)\(\s*f?"([^"]*)"|return "(the [^"]*)"'
    said = {"".join(one) for one in re.findall(told, way + Path("kiosk/sync.py").read_text(encoding="utf-8"))}
    assert len(said) > 8
    assert {why for why in said if reason_in_words(why.replace("{answer.status}", "503"), EN) is None} == set()
    assert [why for why in OFFICE if f'"{why}"' not in _source("kiosk")] == [], "said by nobody any more"


def test_the_kinds_of_errors_of_the_way_are_errors_of_the_way():
    from kiosk.http_library import requests

    for kind in KINDS:
        homes = (requests.exceptions, urllib3.exceptions, builtins)
        assert any(issubclass(getattr(home, kind, object), Exception) for home in homes), kind


def test_an_office_that_nobody_reaches_is_told_in_words():
    """“ConnectionError” stood on Arabic and French screens."""
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        link = OfficeLink(f"http://127.0.0.1:{nobody.getsockname()[1]}")
        with pytest.raises(OfficeUnreachable) as refused:
            link.get("/v1/office", seconds=5.0, most=100)
    link.close()
    assert reason_in_words(str(refused.value), FR) == "La connexion a échoué"


def drawn_texts(state):
    window()
    from kiosk.screens import Screens
    from kiosk.text import Text

    drawn = Screens(SIZE, TERMINAL, clock=now)
    bare = dict.fromkeys(range(0x2066, 0x206A))
    widgets = drawn.build(state, print).walk(restrict=True)
    texts = {one.lettered.text.translate(bare) for one in widgets if isinstance(one, Text)}
    drawn.close()
    return texts


@pytest.mark.usefixtures("the_window")
@pytest.mark.parametrize(
    ("detail", "told"),
    [
        ("volume 70%", "ضُبط مستوى الصوت على 70%"),
        ("brightness 40%", "ضُبط السطوع على 40%"),
        ("refused, 30 s to wait", "رمز موظفين غير صحيح، والانتظار 30 ث"),
    ],
)
def test_the_journal_says_to_what_something_was_set(detail, told):
    """It said that the volume was changed, and under it a bare 70%."""
    journal = replace(screens("ar")["staff-journal"], told=JournalTold((JournalLine(now(), "staff", detail=detail),)))
    texts = drawn_texts(journal)
    assert [text for text in texts if text.endswith(f" · {told}")]
    assert not [text for text in texts if re.match(r"\d+(%| s)", text)]


@pytest.mark.usefixtures("the_window")
def test_the_staff_rooms_tell_a_reason_in_the_screen_s_language():
    hung = DevicesTold((DeviceTold("scanner", "unknown", "its driver hung and is being started again"),))
    lost = JournalTold((JournalLine(now(), "link", turned=False, detail="too late"),))
    back = JournalTold((JournalLine(now(), "link", turned=True, detail="the office answers"),))
    for words in (AR, FR, EN):
        samples = screens(words.language)
        devices = drawn_texts(replace(samples["staff-devices"], told=hung, printing=False))
        assert words("staff.why.driver_again", how=words("staff.why.driver_hung")) in devices
        assert words("staff.why.no_connection") in drawn_texts(samples["staff-network-down"])
        assert words("staff.why.too_late") in drawn_texts(replace(samples["staff-journal"], told=lost))
        assert "the office answers" not in drawn_texts(replace(samples["staff-journal"], told=back))


def test_the_sample_of_a_pin_that_is_too_short_is_too_short():
    from kiosk.staff_pin import LEAST_DIGITS

    assert len(screens("en")["staff-pin-too_short"].typed.text) < LEAST_DIGITS
