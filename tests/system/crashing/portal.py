"""The portal, made to die between the carriers' door and the inbox."""

import sys

from pyramid.scripts import pserve

import portal.db
from tests.system.crashing.steps import dangerous

if __name__ == "__main__":
    portal.db.transactions = dangerous(
        portal.db.transactions, "portal.carriers.postbag", "portal.carriers.door"
    )
    sys.exit(pserve.main(sys.argv))
