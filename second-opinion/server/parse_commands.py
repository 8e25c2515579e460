"""Has the AWS CLI parse commands without sending a call.

Reads a JSON list of {"words": [...], "isMention": ...} from standard input, and writes a JSON list: null for a command
that the CLI takes, and otherwise what it says. The CLI parses the words, checks the parameters against AWS's own model of
the service, and signs the call. Then it is stopped.
"""

import contextlib
import io
import json
import re
import sys

from awscli.clidriver import create_clidriver


class Stopped(Exception):
    """Raised in place of sending the call."""


def verdict(words, is_mention):
    sent = []

    def stop(**rest):
        sent.append(True)
        raise Stopped

    driver = create_clidriver()
    driver.session.register("before-send", stop)
    said = io.StringIO()
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(io.StringIO()):
        try:
            driver.main(words)
        except SystemExit:
            # The parser of the arguments ends the process after it has said what it misses.
            pass
    text = said.getvalue().strip()
    if sent or (is_mention and "the following arguments are required" in text):
        return None
    lines = text.splitlines() or ["no call was made"]
    return next((line for line in lines if re.search("error|invalid|unknown", line, re.IGNORECASE)), lines[-1])


print(json.dumps([verdict(one["words"], one["isMention"]) for one in json.load(sys.stdin)]))
