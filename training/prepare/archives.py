"""ZIP archives: unpacked with suspicion, packed so that the same files give the same bytes."""

from __future__ import annotations

import shutil
import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath, PureWindowsPath

from training.prepare import files, showing
from training.prepare.files import PrepareError

# Pictures hardly shrink: what grows more than this is no archive of pictures.
_MAX_GROWTH = 200
_SMALL = 100 * 1024**2
_EARLIEST = (1980, 1, 1, 0, 0, 0)
_BUFFER = 1 << 20


def unzip(
    archive: Path, target: Path, max_files: int, max_bytes: int, dry_run: bool, force: bool
) -> None:
    """Unpack into a new folder; hidden members are left out.

    Raises:
        PrepareError: no archive, or one that is damaged, encrypted, too large, or has members that
            would not be plain files inside of `target`.
    """
    if archive.is_dir():
        raise PrepareError(f"{archive} is a folder; give a .zip file.")
    if not archive.is_file():
        raise PrepareError(f"{archive} does not exist; give a .zip file.")
    files.require_new(target, force)
    try:
        with zipfile.ZipFile(archive) as opened:
            members = _checked(archive, opened, max_files, max_bytes)
            if dry_run:
                for name in members:
                    showing.plan("unpack", Path(name), target / name)
                return
            _require_space(target, sum(info.file_size for info in members.values()))
            with files.new_folder(target, force) as scratch:
                for name, info in showing.tracked(list(members.items()), "Unpacking"):
                    (scratch / name).parent.mkdir(parents=True, exist_ok=True)
                    with opened.open(info) as packed, (scratch / name).open("xb") as plain:
                        shutil.copyfileobj(packed, plain, _BUFFER)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, UnicodeError) as error:
        raise PrepareError(
            f"{archive} cannot be unpacked ({error}); download or make it again."
        ) from error
    showing.say(f"{target}: {len(members):,} files.")


def _checked(
    archive: Path, opened: zipfile.ZipFile, max_files: int, max_bytes: int
) -> dict[PurePosixPath, zipfile.ZipInfo]:
    """Members by their place below the target; nothing is unpacked yet."""
    members: dict[PurePosixPath, zipfile.ZipInfo] = {}
    odd: list[str] = []
    infos = [info for info in opened.infolist() if not info.is_dir()]
    if len(infos) > max_files:
        raise PrepareError(
            f"{archive} holds {len(infos):,} files, more than {max_files:,}; raise --max-files if "
            "you trust it."
        )
    for info in infos:
        name = PurePosixPath(info.filename)
        what = f"{archive}, member {info.filename!r}"
        kind = stat.S_IFMT(info.external_attr >> 16)
        # Knows drives, and both kinds of slash. 9:30.jpg is on no drive.
        windows = PureWindowsPath(info.filename)
        outside = windows.root or windows.drive[:1].isalpha() or ".." in windows.parts
        if outside or not name.parts:
            raise PrepareError(f"{what} would land outside of the folder; do not trust this file.")
        if kind not in (0, stat.S_IFREG):
            raise PrepareError(f"{what} is a link or special file; do not trust this archive.")
        if info.flag_bits & 1:
            raise PrepareError(f"{what} is encrypted; unpack it with its password elsewhere.")
        if any(part.startswith(".") for part in name.parts):
            continue
        if "\\" in info.filename or files.ODD.search(info.filename):
            odd.append(info.filename)
        if name in members:
            raise PrepareError(f"{what} is there twice; make the archive again.")
        members[name] = info
    if odd:
        raise PrepareError(
            f"{archive}: {len(odd):,} names have backslashes, {files.ODDITIES} "
            f"({files.some(odd)}); rename these files and pack them again."
        )
    for name in members:
        inside = next((parent for parent in name.parents if parent in members), None)
        if inside:
            raise PrepareError(f"{archive}, member '{inside}' is a file and a folder at once.")
    size, packed = sum(i.file_size for i in infos), archive.stat().st_size
    if size > max_bytes or (size > _SMALL and size > _MAX_GROWTH * packed):
        raise PrepareError(
            f"{archive} ({packed:,} bytes) would become {size:,} bytes: a bomb, or more than "
            f"--max-gigabytes ({max_bytes / 1024**3:g}) allows."
        )
    if not members:
        raise PrepareError(f"{archive} holds no files; give another.")
    return members


def _require_space(target: Path, size: int) -> None:
    existing = next(parent for parent in target.absolute().parents if parent.exists())
    free = shutil.disk_usage(existing).free
    if size > free:
        raise PrepareError(f"{target} needs {size:,} bytes, {free:,} are free; make room.")


def pack(folder: Path, archive: Path, dry_run: bool, force: bool) -> None:
    """Pack all files that are not hidden, in order, uncompressed, without times or owners.

    Raises:
        PrepareError: no folder, nothing in it, or the archive exists or lies in the folder.
    """
    members = files.walk(folder)
    if not members:
        raise PrepareError(f"{folder} is empty; fill it first.")
    files.require_apart(archive, [folder])
    files.require_free([archive], force)
    if dry_run:
        for path in members:
            showing.plan("pack", path, archive)
        return
    # Pictures are compressed already, and compressors differ from version to version.
    with (
        files.written(archive) as partial,
        zipfile.ZipFile(partial, "w", zipfile.ZIP_STORED) as opened,
    ):
        for path in showing.tracked(members, "Packing"):
            info = zipfile.ZipInfo(path.relative_to(folder).as_posix(), _EARLIEST)
            info.external_attr = (stat.S_IFREG | 0o644) << 16
            info.file_size = path.stat().st_size
            with path.open("rb") as plain, opened.open(info, "w") as packed:
                shutil.copyfileobj(plain, packed, _BUFFER)
    showing.say(f"{archive}: {len(members):,} files, {archive.stat().st_size:,} bytes.")
