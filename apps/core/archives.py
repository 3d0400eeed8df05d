"""Zip files that are the same, byte by byte, whenever and wherever they are made of the same files."""

import shutil
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

# The first time that a zip file can tell.
_FIRST_YEAR = 1980
_PLAIN_FILE = 0o100644
_UNIX = 3


def zip_files(directory, target, time):
    """Puts the files in `directory` into the zip file `target`, in the order of their names, all of one `time`."""
    paths = sorted(path for path in directory.rglob("*") if path.is_file())
    with ZipFile(target, "x") as archive:
        for path in paths:
            name = path.relative_to(directory).as_posix()
            with path.open("rb") as file, archive.open(_member(name, path, time), "w") as member:
                shutil.copyfileobj(file, member, 1 << 20)


def _member(name, path, time):
    """What the archive says of a file: nothing of the machine that it was made on."""
    member = ZipInfo(name, (max(time.year, _FIRST_YEAR), *time.timetuple()[1:6]))
    member.compress_type = ZIP_DEFLATED
    member.create_system = _UNIX
    member.external_attr = _PLAIN_FILE << 16
    # By it the archive knows beforehand whether it needs the format for more than 2 GB.
    member.file_size = path.stat().st_size
    return member
