"""How a file gets its seals: upload, check, signing task, sealed material."""

import hashlib
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

from examples.approval_system.client import (
    ApiError,
    PartnerApi,
    Problem,
    SigningTask,
    TaskStatus,
)
from examples.approval_system.files import ENDED_TASK, OPEN_TASK, FileStore, SigningFile

# These answers speak of the file itself; any other refusal may pass, and the file stays.
REFUSED_FILE = {400, 413, 415, 422}

LOST = Problem("lost", "电子印章平台上已找不到这份文件。", "请移除后重新上传。")
LOST_TASK = Problem("lost_task", "电子印章平台上已找不到这次签署。", "请重新点击“签章”。")
NOT_READY = Problem("not_ready", "文件还不能签章。", "请等检查完成；不能签章的文件请按提示处理。")
DAMAGED = Problem(
    "damaged_result", "取回的文件与平台登记的摘要不一致，未保存。", "系统会自动重新取回。"
)
STRANGE_ADDRESS = Problem(
    "strange_address", "签章页面的地址不在已登记的平台上，已停止跳转。", "请拨打技术支持电话。"
)


class SigningDesk:
    """The use cases of 在线签章; each call asks the platform at most a few short questions."""

    def __init__(
        self, files: FileStore, api: PartnerApi, *, public_url: str, signing_origin: str
    ) -> None:
        self._files = files
        self._api = api
        self._public_url = public_url
        self._signing_origin = signing_origin

    def advance(self, file: SigningFile) -> SigningFile:
        """Bring a file one step further by asking the platform; raises ApiError."""
        if file.settled:
            return file
        if file.document_id is None:
            return self._send(file)
        if file.document_status == "checking":
            return self._check(file, file.document_id)
        if file.task_id is None:
            return file
        return self._follow(file, file.task_id)

    def advance_all(self, owner: str) -> Problem | None:
        """Bring every unsettled file of a person further; the problem that stood in the way."""
        problem = None
        for file in self._files.all(owner):
            try:
                self.advance(file)
            except ApiError as error:
                problem = error.problem
                if error.status is None:
                    # Nobody answers: asking for the other files would only take as long again.
                    break
        return problem

    def start(self, file: SigningFile) -> str:
        """The address of the signing page for this file; raises ApiError.

        A second click resumes the same task; only a task that has ended is followed by another.
        """
        file = self.advance(file)
        if file.document_status != "ready":
            raise ApiError(file.problem or NOT_READY)
        task = self._create(file)
        if task.status in ENDED_TASK:
            file = self._files.next_attempt(self._files.task_seen(file, task))
            task = self._create(file)
        self._files.task_seen(file, task)
        if urlsplit(task.open_url)[:2] != urlsplit(self._signing_origin)[:2]:
            raise ApiError(STRANGE_ADDRESS)
        return task.open_url

    def cancel(self, file: SigningFile) -> SigningFile:
        """Withdraw the open task; raises ApiError when sealing has begun."""
        if file.task_id is None or file.task_status not in OPEN_TASK:
            return file
        self._api.cancel_task(file.task_id)
        return self.advance(file)

    def _send(self, file: SigningFile) -> SigningFile:
        content = self._files.originals.path(file.id).read_bytes()
        try:
            document = self._api.add_document(file.name, content, key=file.id)
        except ApiError as error:
            if error.status in REFUSED_FILE:
                return self._files.document_refused(file, error.problem)
            raise
        return self._files.document_seen(file, document)

    def _check(self, file: SigningFile, document_id: str) -> SigningFile:
        try:
            return self._files.document_seen(file, self._api.document(document_id))
        except ApiError as error:
            if error.status == 404:
                return self._files.document_refused(file, LOST)
            raise

    def _create(self, file: SigningFile) -> SigningTask:
        return_url = f"{self._public_url}/online-signing/{file.id}"
        request = {
            "document_id": file.document_id or "",
            "title": file.name,
            "return_url": return_url,
            "user_reference": file.owner,
        }
        # The key follows from the file and the attempt, so two clicks cannot make two tasks.
        key = str(uuid5(NAMESPACE_URL, f"{return_url}#{file.attempt}"))
        try:
            return self._api.create_task(request, key=key)
        except ApiError as error:
            if error.status == 404:
                self._files.document_refused(file, LOST)
            raise

    def _follow(self, file: SigningFile, task_id: str) -> SigningFile:
        try:
            task = self._api.task(task_id)
        except ApiError as error:
            if error.status != 404:
                raise
            task = SigningTask(task_id, TaskStatus.EXPIRED, "", LOST_TASK, None, None)
        file = self._files.task_seen(file, task)
        if task.status is TaskStatus.SEALED and task.result and file.material_id is None:
            content = self._api.result(task_id)
            if hashlib.sha256(content).hexdigest() != task.result.sha256:
                raise ApiError(DAMAGED)
            self._files.add_material(
                file, task.result, content=content, sealed_at=task.sealed_at or ""
            )
        return self._files.get(file.owner, file.id)
