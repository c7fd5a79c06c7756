"""The business: accounts, money, calls, messages. No web, no telephone, no wire."""
