"""The companies of the demo: invented names and people, numbers with right check digits."""

from server.providers.registry import Company

NANNING, LIUZHOU, GUANGZHOU = "450100", "450200", "440100"

_WEI = ("韦志远", "450103198506123011")
_HUANG = ("黄淼", "450102199009234528")

DEMO_COMPANIES = (
    Company("91450100MA5K8Q2X13", "南宁桂印科技有限公司", NANNING, *_WEI),
    Company("91450200MA5P6D4H0F", "柳州桂印智能装备有限公司", LIUZHOU, *_WEI),
    # Registered outside Guangxi: it may not apply for seals (A5).
    Company("91440101MA5C9W3R74", "广州桂印贸易有限公司", GUANGZHOU, *_WEI),
    Company("91450100MA5N3T7B6U", "广西邕江建设工程有限责任公司", NANNING, *_HUANG),
)
