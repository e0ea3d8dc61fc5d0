"""Checks the access tokens that come on standard input, one a line. `verify.py` is what the demo app of Gatehouse shows."""

import sys

from verify import verify

for line in sys.stdin:
    try:
        claims = verify(line.strip())
        print("good", claims["sub"], ",".join(claims["permissions"]))
    except Exception as error:
        print("bad", error)
