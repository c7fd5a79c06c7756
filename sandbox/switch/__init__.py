"""An Event Socket server that says what FreeSWITCH says."""
