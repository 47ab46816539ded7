"""The development double of face recognition keeps its checks in files that are whole."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from server.providers.face import FacePerson
from server.providers.face.local import LocalFace


def test_a_check_can_be_read_while_others_decide_it(tmp_path: Path) -> None:
    double, person = LocalFace(tmp_path), FacePerson("韦志远", "resident_id", "450103198506123011")
    begun = double.start(person, "login", "https://seal.example.cn/m/face")

    def decide(passes: bool) -> None:
        for _ in range(200):
            double.decide(begun.reference, passes=passes)

    with ThreadPoolExecutor(2) as others:
        deciding = [others.submit(decide, passes) for passes in (True, False)]
        while not all(one.done() for one in deciding):
            assert double.about(begun.reference) is not None
        for one in deciding:
            one.result()
