"""The peers by name, and the most people each is asked to match; apart from them, since they load much."""

FLOW_AMONG_CANDIDATES = "minimum-cost flow, best 24 of each (OR-Tools)"
PEERS = {
    "greedy by score": 5000,
    "random": 1000,
    "each for themselves": 1000,
    "linear programme, all pairs (HiGHS)": 1000,
    "linear programme, pair by pair (OR-Tools GLOP)": 240,
    "linear programme, pair by pair (HiGHS)": 240,
    "minimum-cost flow, double cover (OR-Tools)": 1000,
    FLOW_AMONG_CANDIDATES: 20_000,
    "networkx, one partner each": 240,
    "networkx, one partner a round": 240,
}
