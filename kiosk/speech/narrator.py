"""Follows the screens and says what is on them: what came, and where the focus is. Lives on the window's thread."""

from collections.abc import Callable, Iterable

from kiosk.visit_state import Printed, ScreenLanguage, StillThere
from kiosk.words import words_of

from .narration import Told, how_to_move, name_target, narrate
from .said import Hearing, Said
from .speaker import Speaker
from .spoken import spoken


class Narrator:
    """`chime` gives a sound without words, a WAV file, for what must be noticed: a warning, paper to be taken."""

    def __init__(self, speaker: Speaker, chime: Callable[[], bytes]) -> None:
        self._speaker = speaker
        self._chime = chime
        self._hearing = Hearing.NOBODY
        self._shown: Told | None = None
        self._language: ScreenLanguage = "ar"
        self._told: tuple[Said, ...] = ()

    @property
    def in_an_ear(self) -> bool:
        """Whether somebody at headphones is being told something: time does not run against him."""
        return self._hearing is Hearing.EAR and self._speaker.speaking

    def shown(self, what: Told, language: ScreenLanguage, texts: Iterable[str], hearing: Hearing) -> None:
        """Tell a screen that came, or what is new on it; all of it to an ear that came."""
        came = type(what) is not type(self._shown)
        if self._hearing is Hearing.EAR and hearing is not Hearing.EAR:
            self.hush()  # what was for one ear is not for the lobby
        new_ear = hearing is Hearing.EAR and self._hearing is not Hearing.EAR
        before = () if came or new_ear or hearing is not self._hearing else self._told
        self._shown, self._language, self._hearing = what, language, hearing
        if isinstance(what, StillThere) and not (came or new_ear):
            return  # the seconds that it counts are seen, not said
        if came:
            self.hush()
        if came and isinstance(what, StillThere | Printed):
            self._speaker.say([self._chime()])
        if hearing is Hearing.NOBODY:
            return
        self._told = narrate(what, language, texts)
        new = [said for said in self._told if said not in before and said.may_reach(hearing)]
        if new_ear:
            new.insert(0, how_to_move(language))
        if new:
            self._speaker.say(new)

    def focused(self, name: str, label: str, *, chosen: bool) -> None:
        """Say what the focus came to."""
        if self._shown is None:
            return
        said = name_target(self._shown, self._language, label, chosen=chosen, name=name)
        if said.may_reach(self._hearing):
            self._speaker.say([said])

    def volume_is(self, percent: int) -> None:
        """Say how loud it is now, at that loudness: a key was pressed that is no target of the screen."""
        words = words_of(self._language)
        text = words("comfort.volume", volume=words.percent(percent))
        self._speaker.say([Said(spoken(text, words), self._language, private=False)])

    def again(self) -> None:
        """Tell the whole screen once more."""
        self._speaker.say([said for said in self._told if said.may_reach(self._hearing)])

    def hush(self) -> None:
        """Fall silent: somebody pressed or touched something."""
        self._speaker.hush()

    def wipe(self) -> None:
        """The visit is over: nothing of it is said any more, or kept."""
        self._speaker.hush()
        self._told = ()
        self._shown = None
