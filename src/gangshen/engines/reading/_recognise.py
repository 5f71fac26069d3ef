"""Text of scans, where a recogniser is installed: RapidOCR, else Tesseract with its Chinese data."""

from __future__ import annotations

import importlib
import io
from collections.abc import Callable
from typing import Any

from ._columns import Line

__all__ = ["Recogniser", "picture_of", "recogniser"]

#: a picture as an array (height × width × 3, 8 bits) and its page, to lines
Recogniser = Callable[[Any, int], list[Line]]


def recogniser() -> Recogniser | None:
    """The recogniser of this installation, or None."""
    for name, make in (("rapidocr", _rapid), ("rapidocr_onnxruntime", _rapid), ("pytesseract", _tesseract)):
        try:
            module = importlib.import_module(name)
            return make(module)
        except Exception:  # not installed, or installed without its models or its program
            continue
    return None


def _rapid(module: Any) -> Recogniser:
    engine = module.RapidOCR()

    def read(picture: Any, page: int) -> list[Line]:
        result = engine(picture)
        if isinstance(result, tuple):  # before version 2: ([box, text, score], …), seconds
            found = [(box, text) for box, text, _ in result[0] or []]
        else:
            boxes, texts = getattr(result, "boxes", None), getattr(result, "txts", None)
            found = list(zip(boxes if boxes is not None else [], texts or [], strict=False))
        return [_line(box, text, page) for box, text in found]

    return read


def _line(box: Any, text: str, page: int) -> Line:
    xs, ys = [float(p[0]) for p in box], [float(p[1]) for p in box]
    return Line(str(text), min(xs), max(xs), min(ys), max(max(ys) - min(ys), 1.0), page)


def _tesseract(module: Any) -> Recogniser:
    if "chi_sim" not in module.get_languages():
        raise LookupError("no Chinese data")

    def read(picture: Any, page: int) -> list[Line]:
        data = module.image_to_data(picture, lang="chi_sim+eng", output_type=module.Output.DICT)
        lines: dict[tuple[int, int, int], list[int]] = {}
        for index, word in enumerate(data["text"]):
            if word.strip():
                key = (data["block_num"][index], data["par_num"][index], data["line_num"][index])
                lines.setdefault(key, []).append(index)
        out = []
        for words in lines.values():
            left = min(data["left"][i] for i in words)
            right = max(data["left"][i] + data["width"][i] for i in words)
            top, height = min(data["top"][i] for i in words), max(data["height"][i] for i in words)
            out.append(Line("".join(data["text"][i] for i in words), left, right, top, max(height, 1), page))
        return out

    return read


def picture_of(data: bytes) -> Any:
    """A picture file as an array; needs Pillow, which every recogniser brings."""
    import numpy as np

    image = importlib.import_module("PIL.Image")
    return np.asarray(image.open(io.BytesIO(data)).convert("RGB"))
