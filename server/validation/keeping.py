"""A report as a row keeps it: JSON, deflated; pictures in base64."""

import zlib

from pydantic import BaseModel, ConfigDict

from server.sealing.report import Report


class _Kept(BaseModel):
    model_config = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")

    report: Report


def packed(report: Report) -> bytes:
    """The bytes of a report."""
    return zlib.compress(_Kept(report=report).model_dump_json().encode())


def unpacked(kept: bytes) -> Report:
    """The report again."""
    return _Kept.model_validate_json(zlib.decompress(kept)).report
