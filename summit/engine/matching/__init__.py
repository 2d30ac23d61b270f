"""Who should meet whom at a summit: scores that decompose into reasons, and an assignment with its certificate."""
