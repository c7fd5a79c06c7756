"""FreeSWITCH over its Event Socket: the only code that knows greenswitch."""
