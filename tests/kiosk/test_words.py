"""The words: whole in three languages, numbers as people here read them, and every string told in docs/wording.md."""

import gettext
import re
import subprocess
import sys
import tomllib
from collections import defaultdict
from pathlib import Path
from string import Formatter

import pytest

from central_api.contract.catalogue import WRITTEN_LANGUAGES, catalogue
from central_api.contract.status import Office
from kiosk.locales import catalogue_path
from kiosk.locales.compiling import compile_catalogues, read_catalogue
from kiosk.samples import at
from kiosk.visit_state import ALL_LANGUAGES
from kiosk.words import WordsMissing, words_of

AR, FR, EN = (words_of(language) for language in ("ar", "fr", "en"))
ISOLATED = re.compile("[\u2066\u2067\u2068][^\u2069]*\u2069")
MORNING = at(23, 7, 38)  # 09:38 in Beirut


def _entries(language):
    return {
        message.id if isinstance(message.id, str) else message.id[0]: message
        for message in read_catalogue(language)
        if message.id
    }


def _forms(message):
    return [message.string] if isinstance(message.string, str) else list(message.string)


def test_every_language_has_the_same_keys_and_no_empty_string():
    keys = _entries("ar").keys()
    for language in WRITTEN_LANGUAGES:
        entries = _entries(language)
        assert entries.keys() == keys
        assert [key for key, message in entries.items() if not all(_forms(message))] == []


def test_every_string_names_its_place_and_its_source():
    for language in WRITTEN_LANGUAGES:
        for key, message in _entries(language).items():
            place, _, source = " ".join(message.auto_comments).partition("source: ")
            assert place.strip() and source in {"glossary", "domain", "ours, to be reviewed"}, key


def test_a_value_that_one_language_shows_the_others_show_too():
    def fields(message):
        return set.union(*({name for _, name, _, _ in Formatter().parse(form) if name} for form in _forms(message)))

    arabic = _entries("ar")
    for language in ("fr", "en"):
        for key, message in _entries(language).items():
            assert fields(message) == fields(arabic[key]), key


def test_arabic_counts_in_six_forms():
    told = [AR.counted("answer.missing", n) for n in (1, 2, 3, 11, 100)]
    assert told[0] == "ينقص المعاملة مستند واحد"
    assert told[1] == "ينقص المعاملة مستندان"
    assert "مستندات" in told[2] and "مستنداً" in told[3]
    assert all(len(_forms(message)) == 6 for message in _entries("ar").values() if isinstance(message.id, tuple))


def test_a_usual_duration_is_a_range_of_working_days():
    assert ISOLATED.sub("#", AR.working_days((4, 7))) == "من # إلى # أيام عمل"
    assert AR.working_days((2, 2)) == "يومَي عمل"
    assert "يوم عمل" in AR.working_days((3, 12))
    assert EN.working_days((0, 3)).endswith("working days")


def test_numbers_dates_and_codes_stand_apart_and_in_latin_digits():
    for words in (AR, FR, EN):
        for text in (
            words.tracking("26318283312"),
            words.date(MORNING),
            words.time(MORNING),
            words.day(20791),
            words.number(7),
        ):
            assert ISOLATED.fullmatch(text), text
            assert text[1:-1].isascii()


def test_a_percentage_is_set_as_each_language_sets_it():
    assert [words.percent(70)[1:-1] for words in (AR, FR, EN)] == ["70%", "70\u202f%", "70%"]


def test_what_is_said_of_a_part_of_the_terminal_agrees_with_its_name():
    """The printer was «جاهز» and « prêt »: masculine."""
    assert [words.agreeing("staff.device.ready", "printer") for words in (AR, FR, EN)] == ["جاهزة", "prête", "ready"]
    assert AR.agreeing("staff.device.ready", "scanner") == "جاهز"
    assert AR.agreeing("selftest.outcome.passed", "panel") == "سليمة"
    assert FR.agreeing("selftest.outcome.not_present", "card_reader") == "Absent"
    assert AR.agreeing("staff.device.paper_out", "printer") == AR("staff.device.paper_out")


def test_dates_are_lebanon_s_whatever_the_machine_s_zone():
    assert FR.date(MORNING)[1:-1] == "23/11/2026"
    assert FR.time(MORNING)[1:-1] == "09:38"
    assert FR.date(at(23, 22, 30))[1:-1] == "24/11/2026"  # half past midnight there


def test_a_code_of_a_later_edition_gets_a_neutral_word():
    assert EN.office(Office(31, 0)) == "Competent office"
    assert EN.service(99, 99) == "Application"
    assert all(name(999) for name in (EN.document, EN.reason, EN.agency, EN.system, EN.region))
    assert EN.region(0) is None


def test_every_role_has_its_sentence():
    for words in (AR, FR, EN):
        for role in catalogue().roles.codes:
            assert words.has(f"answer.with.{role}") and words.has(f"chain.done.{role}")


def test_a_key_without_words_is_an_error_and_never_shown():
    with pytest.raises(KeyError, match=r"no\.such\.key"):
        AR("no.such.key")


def test_catalogues_that_were_not_compiled_are_told_in_one_line(monkeypatch, tmp_path):
    monkeypatch.setattr("kiosk.words.FOLDER", tmp_path)
    words_of.cache_clear()
    with pytest.raises(WordsMissing, match=r"python -m kiosk\.locales"):
        words_of("ar")
    words_of.cache_clear()


def test_the_compiled_catalogue_holds_what_was_written():
    compile_catalogues()
    with catalogue_path("fr", "mo").open("rb") as compiled:
        assert gettext.GNUTranslations(compiled).gettext("printed.title") == "L’état est imprimé"


def test_the_table_of_all_strings_is_not_stale():
    told = subprocess.run([sys.executable, "docs/wording.py", "--check"], capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr


def test_no_string_cries_or_promises():
    for language in WRITTEN_LANGUAGES:
        for key, message in _entries(language).items():
            assert not any("!" in form for form in _forms(message)), key


def _strings(table):
    for value in table.values():
        yield from _strings(value) if isinstance(value, dict) else [value]


def _french_outside_the_terminal():
    """Every French string of the slip, the phone's page and the names of codes."""
    for file in ("documents/slip.toml", "web/words.toml"):
        yield from _strings(tomllib.loads(Path("central_api", file).read_text(encoding="utf-8"))["fr"])
    for file in ("contract/catalogue.toml", "content/sample.toml"):
        yield from re.findall(r'fr = "([^"]*)"', Path("central_api", file).read_text(encoding="utf-8"))


def test_french_is_set_as_french_printers_set_it():
    """A narrow space that never breaks before : ; ? and the curved apostrophe, on every paper and screen."""
    written = [form for message in _entries("fr").values() for form in _forms(message)]
    wrong = [text for text in [*written, *_french_outside_the_terminal()] if re.search(r"'|[^\u202f][:;?!]", text)]
    assert wrong == []


ONE_NAME = (
    (r"[Rr]éclamation", "recours"),
    (r"Bureau d’information|bureau d’information|[Gg]uichet des documents", "guichet des renseignements, des pièces"),
    (r"[Ii]nformation desk|[Dd]ocument counter", "inquiries desk, documents counter"),
    ("مكتب الاستعلامات", "شبّاك الاستعلامات"),
    ("تبقى محاول", "بقيت محاولة"),
    (r"[Tt]he Ministry\b(?! of)", "the ministry"),
    (r"(?:[Ss]tart|[Oo]pen|started|opened) (?:\w+ ){0,2}anew", "restart, reconnect"),
    (r"[Rr]ouvr(?:ir|ez)|rouverts|إعادة فتح|الفتح", "reconnecter, إعادة الاتصال"),
    (r"\} of nine|\} sur neuf|\} من تسعة", "digits beside digits"),
)
"""What has a name in the glossary has that one everywhere; each of these was once called otherwise beside it."""


@pytest.mark.parametrize(("otherwise", "name"), ONE_NAME, ids=[name for _, name in ONE_NAME])
def test_one_thing_has_one_name_everywhere(otherwise, name):
    files = [*Path("central_api").glob("*/*.toml"), *(catalogue_path(language, "po") for language in WRITTEN_LANGUAGES)]
    found = [f"{file}: {line}" for file in files for line in _lines_with(otherwise, file)]
    assert found == [], name


def _lines_with(pattern, file):
    lines = file.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if not line.startswith("#") and re.search(pattern, line)]


def test_english_has_the_curved_apostrophe_everywhere():
    written = [form for message in _entries("en").values() for form in _forms(message)]
    for file in ("documents/slip.toml", "web/words.toml"):
        written += _strings(tomllib.loads(Path("central_api", file).read_text(encoding="utf-8"))["en"])
    for file in ("contract/catalogue.toml", "content/sample.toml"):
        written += re.findall(r'en = "([^"]*)"', Path("central_api", file).read_text(encoding="utf-8"))
    assert [text for text in written if "'" in text] == []


def test_arabic_writes_its_endings_in_one_way_everywhere():
    """The double fatha stands on the alif, on every paper and screen."""
    files = [*Path("central_api").glob("*/*.toml"), Path("kiosk/locales/ar/LC_MESSAGES/istilam.po")]
    assert [file for file in files if "\u064b\u0627" in file.read_text(encoding="utf-8")] == []


TWO_WORDS = {"أن", "سجل", "موقع"}
"""Two words each: that and that it is, register and enrolled, site and signed."""


def test_arabic_writes_the_shadda_of_a_word_everywhere_or_nowhere():
    """The staff corner wrote «تحققوا» and the self-test «تحقّقوا». A word of the glossary is written as there."""
    files = [*Path("central_api").glob("*/*.toml"), Path("kiosk/locales/ar/LC_MESSAGES/istilam.po")]
    spelled = defaultdict[str, set[str]](set)
    for line in (line for file in files for line in _lines_with("[ء-ي]", file)):
        for word in re.findall("[ء-ْ]+", line):
            bare = re.sub("^[وف]?(?:ب?ال|لل)", "", word)
            spelled[bare.replace("\u0651", "")].add(bare)
    assert len(spelled) > 1000
    assert {bare: ways for bare, ways in spelled.items() if len(ways) > 1 and bare not in TWO_WORDS} == {}


@pytest.mark.parametrize("language", ALL_LANGUAGES)
@pytest.mark.parametrize("became", ["printed", "sent", "not_printed"])
def test_papers_of_different_kinds_have_titles_that_tell_them_apart(became, language):
    """In Filipino, Amharic and Bengali three papers had one title, in French two."""
    kinds = [f"{became}.title", f"{became}.title.list", f"{became}.title.requirements"]
    assert len({words_of(language)(kind) for kind in kinds}) == 3
