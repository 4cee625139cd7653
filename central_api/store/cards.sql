-- Which files a card opens: the personal values that are indexes of cards (fields 2, 4, 5), found by what they say.
DROP INDEX IF EXISTS personal_card;
CREATE INDEX IF NOT EXISTS personal_cards ON personal (value) WHERE field IN (2, 4, 5);
