"""The demo accounts that can log in; there is nobody else and no password."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Person:
    """Someone with an account on the provincial platform; `id` is our user_reference."""

    id: str
    name: str
    company: str
    right: str


PEOPLE = {
    person.id: person
    for person in (
        Person("demo-wei", "韦志远", "南宁桂印科技有限公司", "法定代表人"),
        Person("demo-huang", "黄淼", "广西邕江建设工程有限责任公司", "法定代表人"),
        Person("demo-li", "李晓梅", "南宁桂印科技有限公司", "经办人"),
    )
}
