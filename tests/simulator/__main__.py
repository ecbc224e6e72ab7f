"""`python3 -m simulator`: the same as scripts/ivs-sim."""

import sys

from .cli import main

sys.exit(main())
