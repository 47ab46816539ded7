"""Pages for people and the JSON behind them: cookies, with a defence against cross-site calls."""
