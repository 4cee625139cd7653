"""The pages of a screen, and what is read on them."""


def pages_of(board):
    """Return the pages of a screen as their boards, each with what stands on every page."""
    from kiosk.screens.pages import Pages

    pages = next((one for one in board.walk(restrict=True) if isinstance(one, Pages)), None)
    return [pages.board(page) for page in range(pages.count)] if pages else [board]


def texts_on(board):
    """Return the texts of a page, from its top."""
    from kiosk.text import Text

    found = [one for one in board.walk(restrict=True) if isinstance(one, Text)]
    return [one.lettered.text for one in sorted(found, key=lambda one: -one.top)]
