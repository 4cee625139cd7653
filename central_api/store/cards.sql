-- Which files a card opens: the personal values that are indexes of cards (field 2), found by what they say.
CREATE INDEX IF NOT EXISTS personal_card ON personal (value) WHERE field = 2;
