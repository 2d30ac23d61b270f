"""Mail: the outbox, its delivery, the providers and suppressions. It knows addresses, not persons."""
