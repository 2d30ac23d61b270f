"""The peers by name, and the most people each is asked to match; apart from them, since they load much."""

PEERS = {
    "greedy by score": 5000,
    "random": 5000,
    "each for themselves": 5000,
    "linear programme, all pairs (HiGHS)": 1000,
    "linear programme, pair by pair (OR-Tools GLOP)": 240,
    "linear programme, pair by pair (HiGHS)": 240,
    "minimum-cost flow, double cover (OR-Tools)": 5000,
    "networkx, one partner each": 240,
    "networkx, one partner a round": 240,
}
