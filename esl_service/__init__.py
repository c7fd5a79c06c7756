"""The telephone: one gevent process that drives one FreeSWITCH."""
