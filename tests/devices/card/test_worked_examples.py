"""The worked examples of ICAO 9303-11, byte for byte: appendix D (BAC) and G.1 (PACE, ECDH, generic mapping)."""

import pytest

from devices.card import bac, pace
from devices.card.apdu import Command, Response
from devices.card.channel import Channel
from devices.card.cipher import AUTHENTICATION, ENCRYPTION, PASSWORD, TripleDesCipher, derive, derive_des
from devices.card.errors import WrongKey
from devices.card.keys import DocumentFields, typed_fields


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text)


class Recorded:
    """A chip that says what the standard's chip said, and only to what the standard's reader asked."""

    def __init__(self, *talk: tuple[str, str]) -> None:
        self._talk = list(talk)

    def __call__(self, command: bytes) -> bytes:
        asked, answer = self._talk.pop(0)
        assert command == _bytes(asked)
        return _bytes(answer)

    @property
    def done(self) -> bool:
        return not self._talk


ERIKSSON = DocumentFields("L898902C", "690806", "940623")


def test_keys_of_a_passport_of_nine_letters():
    assert ERIKSSON.information() == b"L898902C<369080619406236"
    assert ERIKSSON.seed() == _bytes("239AB9CB282DAF66231DC5A4DF6BFBAEDF477565")
    seed = ERIKSSON.seed()[:16]
    assert derive_des(seed, ENCRYPTION) == _bytes("AB94FDECF2674FDFB9B391F85D7F76F2")
    assert derive_des(seed, AUTHENTICATION) == _bytes("7962D9ECE03D1ACD4C76089DCE131543")


def test_key_of_a_card_with_a_long_number():
    """Appendix D.2: TD1, a number longer than nine letters."""
    long = DocumentFields("D23145890734", "340712", "950712")
    assert long.information() == b"D23145890734934071279507122"


BAC_TALK = (
    ("0084000008", "4608F919887022129000"),
    (
        "008200002872C29C2371CC9BDB65B779B8E8D37B29ECC154AA56A8799FAE2F498F76ED92F25F1448EEA8AD90A728",
        "46B9342A41396CD7386BF5803104D7CEDC122B9132139BAF2EEDC94EE178534F2F2D235D074D74499000",
    ),
    ("0CA4020C158709016375432908C044F68E08BF8B92D635FF24F800", "990290008E08FA855A5D4C50A8ED9000"),
    ("0CB000000D9701048E08ED6705417E96BA5500", "8709019FF0EC34F9922651990290008E08AD55CC17140B2DED9000"),
    (
        "0CB000040D9701128E082EA28A70F3C7B53500",
        "871901FB9235F4E4037F2327DCC8964F1F9B8C30F42C8E2FFF224A990290008E08C8B2787EAEA07D749000",
    ),
)


def test_basic_access_control_and_a_file_read_under_it():
    ours = bac.Ours(_bytes("781723860C06C226"), _bytes("0B795240CB7049B01C19B33E32804F0B"))
    chip = Recorded(*BAC_TALK)
    channel = Channel(chip)
    bac.open_chip(channel, ERIKSSON, ours)
    assert channel.send(Command(0x00, 0xA4, 0x02, 0x0C, _bytes("011E"))) == Response(b"", 0x9000)
    assert channel.send(Command(0x00, 0xB0, 0x00, 0x00, le=4)).checked() == _bytes("60145F01")
    rest = channel.send(Command(0x00, 0xB0, 0x00, 0x04, le=18)).checked()
    assert rest == _bytes("04303130365F36063034303030305C026175")
    assert chip.done


def test_the_session_keys_of_basic_access_control():
    seed = _bytes("0036D272F5C350ACAC50C3F572D23600")
    assert derive_des(seed, ENCRYPTION) == _bytes("979EC13B1CBFE9DCD01AB0FED307EAE5")
    assert derive_des(seed, AUTHENTICATION) == _bytes("F1CB1F1FB5ADF208806B89DC579DC1F8")


def test_an_answer_of_basic_access_control_under_another_key_opens_nothing():
    ours = bac.Ours(_bytes("781723860C06C226"), _bytes("0B795240CB7049B01C19B33E32804F0B"))
    another = TripleDesCipher.of_secret(bytes(16))
    with pytest.raises(WrongKey):
        bac.session(another, _bytes("4608F91988702212"), ours, _bytes(BAC_TALK[1][1])[:40])


HOLDER = typed_fields("T22000129", "640812", "101031")
PACE_TALK = (
    ("0022C1A40F800A04007F00070202040202830101", "9000"),
    ("10860000027C0000", "7C12801095A3A016522EE98D01E76CB6B98B42C39000"),
    (
        "10860000457C438141047ACF3EFC982EC45565A4B155129EFBC74650DCBFA6362D896FC70262E0C2CC5E"
        "544552DCB6725218799115B55C9BAA6D9F6BC3A9618E70C25AF71777A9C4922D00",
        "7C43824104824FBA91C9CBE26BEF53A0EBE7342A3BF178CEA9F45DE0B70AA601651FBA3F57"
        "30D8C879AAA9C9F73991E61B58F4D52EB87A0A0C709A49DC63719363CCD13C549000",
    ),
    (
        "10860000457C438341042DB7A64C0355044EC9DF190514C625CBA2CEA48754887122F3A5EF0D5EDD301C"
        "3556F3B3B186DF10B857B58F6A7EB80F20BA5DC7BE1D43D9BF850149FBB3646200",
        "7C438441049E880F842905B8B3181F7AF7CAA9F0EFB743847F44A306D2D28C1D9EC65DF6DB"
        "7764B22277A2EDDC3C265A9F018F9CB852E111B768B326904B59A0193776F0949000",
    ),
    ("008600000C7C0A8508C2B0BD78D94BA86600", "7C0A86083ABB9674BCE93C089000"),
)


AES_TALK = (
    ("0CA4020C1D871101EE0E4724F4465C1BE9C2F73ABDD73A3D8E08835D1B54575C955F00", "990290008E08BEA7B381C494A0799000"),
    (
        "0CB000000D9701048E08AA6BA54F44DF836400",
        "871101645C0B1F998A088278D07942BBE94B60990290008E0894A33C6AA2D8CCC89000",
    ),
)
"""The session after G.1. The standard prints none for AES: computed elsewhere from its keys, without our code."""


def test_pace_with_the_mrz_and_a_file_read_under_it():
    (info,) = pace.offers(_bytes("31143012060A04007F0007020204020202010202010D"))
    assert (info.oid, info.parameters) == (_bytes("04007F00070202040202"), 13)
    drawn = iter(
        (
            0x7F4EF07B9EA82FD78AD689B38D0BC78CF21F249D953BC46F4C6E19259C010F99,
            0xA73FB703AC1436A18E0CFA5ABB3F7BEC7A070E7A6788486BEE230C4A22762595,
        )
    )
    chip = Recorded(*PACE_TALK, *AES_TALK)
    channel = Channel(chip)
    pace.open_chip(channel, HOLDER, info, lambda below: next(drawn) - 1)
    assert channel.send(Command(0x00, 0xA4, 0x02, 0x0C, _bytes("011E"))) == Response(b"", 0x9000)
    assert channel.send(Command(0x00, 0xB0, 0x00, 0x00, le=4)).checked() == _bytes("60145F01")
    assert chip.done


def test_the_values_between_of_pace():
    assert HOLDER.information() == b"T22000129364081251010318"
    assert HOLDER.seed() == _bytes("7E2D2A41C74EA0B38CD36F863939BFA8E9032AAD")
    key = derive(HOLDER.seed(), PASSWORD, 128)
    assert key == _bytes("89DED1B26624EC1E634C1989302849DD")
    nonce = pace.decrypt_nonce(key, _bytes("95A3A016522EE98D01E76CB6B98B42C3"))
    assert nonce == 0x3F00C4D39D153F2B2A214A078D899B22
    curve = pace.STANDARD[13]
    shared = (
        0x60332EF2450B5D247EF6D3868397D398852ED6E8CAF6FFEEF6BF85CA57057FD5,
        0x0840CA7415BAF3E43BD414D35AA4608B93A2CAF3A4E3EA4E82C9C13D03EB7181,
    )
    chips_mapping_key = 0x498FF49756F2DC1587840041839A85982BE7761D14715FB091EFA7BCE9058560
    assert curve.multiply(chips_mapping_key, curve.decode(_bytes(PACE_TALK[2][0][18:-2]))) == shared
    assert curve.encode(pace.map_generator(curve, nonce, shared)) == _bytes(
        "048CED63C91426D4F0EB1435E7CB1D74A46723A0AF21C89634F65A9AE87A9265E2"
        "8C879506743F8611AC33645C5B985C80B5F09A0B83407C1B6A4D857AE76FE522"
    )
    agreed = _bytes("28768D20701247DAE81804C9E780EDE582A9996DB4A315020B2733197DB84925")
    assert derive(agreed, ENCRYPTION, 128) == _bytes("F5F0E35C0D7161EE6724EE513A0D9A7F")
    assert derive(agreed, AUTHENTICATION, 128) == _bytes("FE251C7858B356B24514B3BD5F4297D1")


def test_a_chip_of_pace_that_does_not_know_the_secret_is_refused():
    (info,) = pace.offers(_bytes("31143012060A04007F0007020204020202010202010D"))
    drawn = iter(
        (
            0x7F4EF07B9EA82FD78AD689B38D0BC78CF21F249D953BC46F4C6E19259C010F99,
            0xA73FB703AC1436A18E0CFA5ABB3F7BEC7A070E7A6788486BEE230C4A22762595,
        )
    )
    liar = Recorded(*PACE_TALK[:4], (PACE_TALK[4][0], "7C0A86083ABB9674BCE93C099000"))
    with pytest.raises(WrongKey):
        pace.open_chip(Channel(liar), HOLDER, info, lambda below: next(drawn) - 1)
