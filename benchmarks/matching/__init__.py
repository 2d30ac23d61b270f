"""What script/bench matching measures: the matching against bounds, exact optima, a physical limit, and its peers."""
