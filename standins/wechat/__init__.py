"""WeChat's servers as far as the mini-program's backend needs them: `python -m standins.wechat`.

It answers as WeChat does, and refuses as WeChat does; `/__ctl/` makes the people and the troubles.
What it cannot show: the review of a mini-program, codes opened by a real camera, real quotas and
WeChat's own judgement of risks.
"""
