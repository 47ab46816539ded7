"""我的材料 → 个人材料 → 签章材料: the sealed files, to view and to download."""

from flask import Blueprint, abort, g, render_template
from werkzeug.wrappers import Response

from examples.approval_system.pages import stores
from examples.approval_system.pdf_answer import send_pdf

bp = Blueprint("materials", __name__, url_prefix="/materials")


@bp.get("/sealed")
def sealed() -> str:
    """Fetches first what was sealed while nobody was looking."""
    problem = stores().desk.advance_all(g.person.id)
    materials = stores().files.materials(g.person.id)
    return render_template("materials.html", materials=materials, problem=problem)


@bp.get("/sealed/<material_id>/view")
def view(material_id: str) -> Response:
    return _send(material_id, as_attachment=False)


@bp.get("/sealed/<material_id>/download")
def download(material_id: str) -> Response:
    return _send(material_id, as_attachment=True)


def _send(material_id: str, *, as_attachment: bool) -> Response:
    try:
        material = stores().files.material(g.person.id, material_id)
    except LookupError:
        abort(404)
    path = stores().files.sealed.path(material.id)
    return send_pdf(path, material.name, as_attachment=as_attachment)
