"""Why a document cannot be read, and what to do about it."""

from __future__ import annotations

from gangshen.engines.formats import Text

__all__ = [
    "DocumentError",
    "EmptyDocument",
    "EncryptedDocument",
    "HostileDocument",
    "MislabelledDocument",
    "OversizedDocument",
    "ScannedDocument",
    "UnreadableDocument",
    "UnsupportedDocument",
]


class DocumentError(Exception):
    """A document was refused. ``text`` has reason and remedy in both languages; ``str()`` is the English."""

    zh = "无法读取"
    en = "cannot be read"
    remedy_zh = "请换一份文件"
    remedy_en = "Use another file"

    def __init__(self, name: str, detail: str = "") -> None:
        self.name, self.detail = name, detail
        more = f" ({detail})" if detail else ""
        self.text = Text(
            zh=f"{name}：{self.zh}{f'（{detail}）' if detail else ''}。{self.remedy_zh}。",
            en=f"{name}: {self.en}{more}. {self.remedy_en}.",
        )
        super().__init__(self.text.en)

    def __reduce__(self) -> tuple[type[DocumentError], tuple[str, str]]:
        return type(self), (self.name, self.detail)  # from a worker process


class EmptyDocument(DocumentError):
    zh, en = "文件没有内容", "the file is empty"
    remedy_zh, remedy_en = "请检查文件是否完整后重新上传", "Check that the file is whole and send it again"


class OversizedDocument(DocumentError):
    zh, en = "文件过大", "the file is too large"
    remedy_zh, remedy_en = "请压缩图片或拆分文件", "Compress its pictures or split it"


class EncryptedDocument(DocumentError):
    zh, en = "文件有密码保护", "the file is protected by a password"
    remedy_zh, remedy_en = "请去掉密码后另存再上传", "Save it without the password and send it again"


class MislabelledDocument(DocumentError):
    zh, en = "文件名与内容不符", "the name does not fit the content"
    remedy_zh, remedy_en = "请取得原文件，或改名为 .txt", "Get the original file, or rename it to .txt"


class ScannedDocument(DocumentError):
    zh, en = "文件是扫描图片，没有文字", "the file is a scan without text"
    remedy_zh = "请上传原电子版或文字识别后的文件，或由管理员安装 rapidocr"
    remedy_en = "Send the original, or the file after text recognition, or have rapidocr installed"


class UnreadableDocument(DocumentError):
    zh, en = "文件已损坏或不是文档", "the file is damaged or no document"
    remedy_zh, remedy_en = "请用原软件打开并另存后再上传", "Open it in its own program, save it anew and send it again"


class UnsupportedDocument(DocumentError):
    zh, en = "不支持的格式", "the format is not supported"
    remedy_zh = "请另存为 docx、pdf、ofd、html、txt 或 md"
    remedy_en = "Save it as docx, pdf, ofd, html, txt or md"


class HostileDocument(DocumentError):
    zh, en = "文件含有危险内容，已拒收", "the file carries dangerous content and was refused"
    remedy_zh, remedy_en = "请从可信来源重新获取文件", "Get the file again from a trusted source"
