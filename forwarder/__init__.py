"""The modem: reads SMS from a GSM phone and posts them, signed, to the portal."""
