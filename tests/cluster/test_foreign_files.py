"""The child that opens foreign files serves a gevent process, which goes on answering meanwhile."""

import io

import qrcode

from tests.cluster.people import Crowd
from tests.cluster.stack import Cluster
from tests.cluster.watch import Watch
from tests.factories.pdf import Page, make_pdf
from tests.factories.product import HUANG

# Making the child takes a second or two, in which a blocked process would answer nobody.
LONGEST_GAP = 0.5


def test_a_photo_is_read_and_pages_are_drawn_while_others_are_served(
    cluster: Cluster, crowd: Crowd
) -> None:
    signing = crowd.signing(crowd.partner().task(make_pdf([Page(), Page()])), HUANG)
    phone, photo = signing.phone, io.BytesIO()
    qrcode.make(signing.page.frame()).save(photo)

    with Watch(crowd) as watch:
        read = phone.send_photo(photo.getvalue())
        assert read.status_code == 200, read.get_json()
        asked = phone.post(read.get_json()["next"] + "/scan").get_json()
        for web in (0, 1):
            path = f"/m/qr/{asked['session_id']}/preview/{web + 1}.png"
            drawn = phone.get(cluster.direct(web) + path)
            assert drawn.status_code == 200
            assert drawn.data.startswith(b"\x89PNG")

    assert watch.worst < LONGEST_GAP
