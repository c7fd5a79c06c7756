"""The pages: each decodes, calls one service and answers; the rest is `faults`."""
