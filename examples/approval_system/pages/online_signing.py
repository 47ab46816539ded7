"""申报管理 → 在线签章: upload, list, 签章, and one file's progress."""

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask import make_response as answer
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from examples.approval_system.client import ApiError, Problem
from examples.approval_system.files import SigningFile
from examples.approval_system.pages import stores
from examples.approval_system.pdf_answer import send_pdf
from examples.approval_system.upload import FileRefused, read_pdf

bp = Blueprint("online_signing", __name__, url_prefix="/online-signing")


@bp.get("/")
def index() -> str:
    return render_template("online_signing.html", files=stores().files.all(g.person.id))


@bp.post("/")
def upload() -> Response:
    """Keeps the file, then sends it; when the platform is away the page sends it later."""
    try:
        name, content = read_pdf(request.files.get("file") or FileStorage())
    except FileRefused as refused:
        return _refuse(refused.problem)
    file = stores().files.add(g.person.id, name, content)
    try:
        stores().desk.advance(file)
    except ApiError as error:
        _tell(error.problem)
    if request.headers.get("X-Fragment"):
        # The script reloads the page itself, so that a message is not lost on the way.
        return answer("", 204)
    return redirect(url_for(".index"), 303)


@bp.get("/rows")
def rows() -> str:
    """The table's body as it stands now; the page fetches it while something is open."""
    problem = stores().desk.advance_all(g.person.id)
    files = stores().files.all(g.person.id)
    return render_template("signing_rows.html", files=files, problem=problem)


@bp.get("/<file_id>")
def show(file_id: str) -> str:
    """Where the signing page sends the browser back to."""
    return render_template("signing_file.html", file=_mine(file_id), problem=None)


@bp.get("/<file_id>/progress")
def progress(file_id: str) -> str:
    file, problem = _mine(file_id), None
    try:
        file = stores().desk.advance(file)
    except ApiError as error:
        problem = error.problem
    return render_template("signing_progress.html", file=file, problem=problem)


@bp.post("/<file_id>/sign")
def sign(file_id: str) -> Response:
    try:
        open_url = stores().desk.start(_mine(file_id))
    except ApiError as error:
        _tell(error.problem)
        return redirect(url_for(".index"), 303)
    return redirect(open_url, 303)


@bp.post("/<file_id>/cancel")
def cancel(file_id: str) -> Response:
    try:
        stores().desk.cancel(_mine(file_id))
    except ApiError as error:
        _tell(error.problem)
    return redirect(url_for(".index"), 303)


@bp.post("/<file_id>/remove")
def remove(file_id: str) -> Response:
    stores().files.remove(_mine(file_id))
    return redirect(url_for(".index"), 303)


@bp.get("/<file_id>/original")
def original(file_id: str) -> Response:
    file = _mine(file_id)
    return send_pdf(stores().files.originals.path(file.id), file.name, as_attachment=False)


def _mine(file_id: str) -> SigningFile:
    try:
        return stores().files.get(g.person.id, file_id)
    except LookupError:
        abort(404)


def _refuse(problem: Problem) -> Response:
    if request.headers.get("X-Fragment"):
        return answer(render_template("problem.html", problem=problem), 422)
    _tell(problem)
    return redirect(url_for(".index"), 303)


def _tell(problem: Problem) -> None:
    flash(f"{problem.detail}{problem.next_step}", "bad")
