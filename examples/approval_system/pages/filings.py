"""申报管理 → 我的申报: file a matter and quote sealed materials as its attachments."""

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from examples.approval_system.filings import Filing, FilingIncomplete, FilingSubmitted
from examples.approval_system.matters import MATTERS
from examples.approval_system.pages import stores

bp = Blueprint("filings", __name__, url_prefix="/filings")

LONGEST_PROJECT = 80


@bp.get("/")
def index() -> str:
    return render_template("filings.html", filings=stores().filings.all(g.person.id))


@bp.get("/new")
def new() -> str:
    return render_template("filing_new.html", matters=MATTERS.values(), most=LONGEST_PROJECT)


@bp.post("/")
def create() -> Response:
    matter = MATTERS.get(request.form.get("matter", ""))
    project = " ".join(request.form.get("project", "").split())
    if matter is None or not 0 < len(project) <= LONGEST_PROJECT:
        flash(f"请选择申报事项，并填写项目名称（不超过 {LONGEST_PROJECT} 字）。", "bad")
        return redirect(url_for(".new"), 303)
    filing_id = stores().filings.add(g.person.id, matter, project)
    return redirect(url_for(".show", filing_id=filing_id), 303)


@bp.get("/<filing_id>")
def show(filing_id: str) -> str:
    materials = stores().files.materials(g.person.id)
    return render_template("filing.html", filing=_mine(filing_id), materials=materials)


@bp.post("/<filing_id>/attachments/<slot>")
def quote(filing_id: str, slot: str) -> Response:
    """引用我的上传材料: the ticked ones, which must be this person's own."""
    filing = _mine(filing_id)
    if slot not in filing.attachments:
        abort(404)
    ticked = set(request.form.getlist("material"))
    chosen = [own for own in stores().files.materials(g.person.id) if own.id in ticked]
    if len(chosen) != len(ticked):
        abort(404)
    if not chosen:
        flash("没有勾选材料。请打开“签章材料”，勾选后再点“确定”。", "bad")
    stores().filings.quote(filing, slot, chosen)
    return _back(filing)


@bp.post("/<filing_id>/attachments/<slot>/<material_id>/remove")
def detach(filing_id: str, slot: str, material_id: str) -> Response:
    filing = _mine(filing_id)
    stores().filings.detach(filing, slot, material_id)
    return _back(filing)


@bp.post("/<filing_id>/submit")
def submit(filing_id: str) -> Response:
    filing = _mine(filing_id)
    try:
        stores().filings.submit(filing)
        flash("申报已提交（演示，不会送达任何部门）。", "good")
    except FilingIncomplete as incomplete:
        flash(f"还缺少必需的附件：{'、'.join(incomplete.slots)}。", "bad")
    return _back(filing)


@bp.errorhandler(FilingSubmitted)
def already_submitted(error: FilingSubmitted) -> Response:
    flash("这件申报已经提交，不能再修改。", "bad")
    return redirect(url_for(".show", filing_id=error.args[0]), 303)


def _mine(filing_id: str) -> Filing:
    try:
        return stores().filings.get(g.person.id, filing_id)
    except LookupError:
        abort(404)


def _back(filing: Filing) -> Response:
    return redirect(url_for(".show", filing_id=filing.id), 303)
