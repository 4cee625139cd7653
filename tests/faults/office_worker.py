"""Works at an office until it is killed, and says on stdout what was acknowledged, one line each, unbuffered.

python -m tests.faults.office_worker FOLDER acts|publishes|imports|renews|founds [FILE]
"""

import os
import sys
from pathlib import Path

from central_api.imports import import_file
from central_api.publish import publish_all, publish_pending, publisher, renewal
from central_api.store import open_office

CHAIN = ("registry", "head_of_department", "head_of_service", "director_general", "minister")


def say(*words: object) -> None:
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def main() -> None:
    data, work, *more = Path(sys.argv[1]), *sys.argv[2:]
    say("begins")
    with open_office(data) as office:
        say("founded", office.secret(1).hex())
        while work == "acts":
            tracking = office.submit("work_permits", "renewal", region="beirut", phone="71123456").tracking
            say("submitted", tracking)
            futures = [office.queue_submit("work_permits", "permit", region="north", phone=None) for _ in range(8)]
            for future in futures:
                say("submitted", future.result().tracking)
            for role in CHAIN:
                office.act(tracking, "approve", role=role)
                say("acted", tracking, role)
        while work == "publishes":
            say("published", publish_pending(office).position)
        if work == "renews":
            publisher.MOST_OF_ONE_EVENT, renewal.PAUSE_SECONDS = 7, 0.0
            publish_all(office, lambda done: say("renewed", done.after))
            say("through")
        if work == "imports":
            import_file(office, Path(more[0]))
            say("imported")


if __name__ == "__main__":
    main()
