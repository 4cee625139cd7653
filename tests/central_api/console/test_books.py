"""The registry's books in the console: leafed through, taken along as a file; every look at them is written down."""

import csv
import io
import re

from tests.central_api.web.running import until

from .conftest import House
from .test_working import act, take_in


def test_what_comes_in_and_goes_out_stands_in_the_books_of_the_registry(house: House):
    tracking, _ = take_in(house.people["rita"], name="=HYPERLINK(1) Salim")
    act(house.people["nada"], tracking, "accept")
    act(house.people["rami"], tracking, "return", reason="1")
    nada = house.people["nada"]
    until(lambda: "Outgoing" in nada.get("/books").text)
    (book,) = re.findall(r'<option value="(incoming-intake/beirut-\d+)"', nada.get("/books").text)
    address = f"/books?book={book}"
    assert "=HYPERLINK(1) Salim" in nada.get(address).text
    taken = nada.get(address.replace("/books?", "/books.csv?"))
    assert taken.headers["content-type"].startswith("text/csv")
    rows = list(csv.reader(io.StringIO(taken.content.decode("utf-8-sig"))))
    assert [row[0] for row in rows[1:]] == [str(number) for number in range(1, len(rows))]
    (own,) = [row for row in rows if "HYPERLINK" in row[5]]
    assert own[5] == "'=HYPERLINK(1) Salim"
    # Who holds a printed line finds it in the chain.
    query = "SELECT head FROM event WHERE position = ?"
    assert house.office.own_reader.execute(query, (int(own[-2]),)).fetchone()[0].hex() == own[-1]
    # Who leafed through it stands in the register.
    assert "\u2068Incoming · " in house.people["huda"].get("/audit").text
    assert house.people["huda"].get(address).status_code == 200
    assert "No line from this number on" in nada.get(address + "&from=999999").text


def test_the_books_are_the_registry_s_and_the_auditor_s(house: House):
    for login in ("rami", "rita", "sami"):
        for path in ("/books", "/books.csv"):
            assert house.people[login].get(path).status_code in (403, 404)
    assert house.people["nada"].get("/books.csv?book=nothing").status_code == 404
