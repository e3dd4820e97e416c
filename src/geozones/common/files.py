"""User's files: home folder, locks, secrets, atomic writes that survive a killed process.

Secrets are keys of this installation, each in a file, and random codes that nobody can guess.
"""

import contextlib
import ctypes
import errno
import fcntl
import json
import os
import re
import secrets
import shutil
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from secrets import token_hex, token_urlsafe

from geozones.common.errors import InputError

#: Seconds to wait for a file that others are changing.
_LOCK_S = 10.0

#: Name of a file while it is written: hidden, in the same folder, recognisable later.
_TEMPORARY = re.compile(r"\..*\.[0-9a-f]{12}\.geozones", re.DOTALL)

#: Arguments of renameat2 of Linux: the current folder, and the exchange of two names.
_HERE, _EXCHANGE = -100, 2

_WHY = {
    errno.ENOENT: "il n'existe pas",
    errno.EISDIR: "c'est un dossier",
    errno.ENOTDIR: "son dossier n'en est pas un",
    errno.EACCES: "l'accès est refusé",
    errno.EPERM: "l'accès est refusé",
    errno.EROFS: "le disque est en lecture seule",
    errno.ENOSPC: "le disque est plein",
    errno.EDQUOT: "le disque est plein",
    errno.EFBIG: "il est trop gros pour ce disque",
    errno.ENAMETOOLONG: "son nom est trop long",
}


#: Variable that names the data folder.
DATA_FOLDER = "GEOZONES_DATA_DIR"


def base_folder(environment: Mapping[str, str] | None = None) -> Path:
    """Return the user's own folder: ``GEOZONES_HOME``, else ``geozones`` among the user's data."""
    env = os.environ if environment is None else environment
    if env.get("GEOZONES_HOME"):
        return Path(env["GEOZONES_HOME"])
    data = env.get("XDG_DATA_HOME")
    return (Path(data) if data else Path.home() / ".local" / "share") / "geozones"


def territories_folder(environment: Mapping[str, str] | None = None) -> Path:
    """Return the folder of the territories (data folders) that the user has made."""
    return base_folder(environment) / "territoires"


def home_folder(environment: Mapping[str, str] | None = None) -> Path:
    """Return the folder of the open territory: its scenarios, settings and caches.

    It is the user's own folder; each territory of `territories_folder` has a folder there
    (``espaces/NAME``), so that their scenarios never meet.
    """
    env = os.environ if environment is None else environment
    base = base_folder(env)
    opened = Path(env.get(DATA_FOLDER) or ".").absolute()
    if opened.parent == territories_folder(env).absolute():
        return base / "espaces" / opened.name
    return base


class NotOrdinaryError(OSError):
    """The path names a pipe, a device or a socket: reading it might never end."""


def ordinary(path: Path) -> Path:
    """Return a path if it names an ordinary file; check every file named by a user."""
    mode = path.stat().st_mode
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not stat.S_ISREG(mode):
        raise NotOrdinaryError(errno.EINVAL, "not an ordinary file", str(path))
    return path


def why(error: OSError) -> str:
    """Return in French why a file could not be read or written."""
    if isinstance(error, NotOrdinaryError):
        return "ce n'est pas un fichier ordinaire"
    return _WHY.get(error.errno or 0, error.strerror or str(error))


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Lock a file against changes by other threads and processes that share its folder.

    The lock is a permanent file beside it; the system releases the lock of a dead process.
    """
    from filelock import FileLock, Timeout  # noqa: PLC0415 - slow to import, only if asked

    lock = FileLock(path.with_name(f"{path.name}.lock"), timeout=_LOCK_S, mode=0o600)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout as error:
        raise InputError(
            f"Le fichier {path} est occupé par un autre : rien n'a changé ; réessayez."
        ) from error
    except OSError as error:
        raise InputError(
            f"Le fichier {path} n'a pas pu être écrit ({why(error)}) : rien n'a changé."
        ) from error
    try:
        yield
    finally:
        lock.release()


def write_atomically(
    path: Path,
    content: str | bytes,
    *,
    private: bool = False,
    verify: Callable[[Path], None] | None = None,
) -> None:
    """Write bytes, or text as UTF-8, to a file, flushed to disk before it is renamed.

    Half-written files of killed processes in its folder are removed.

    A symbolic link is followed: the file it points to is replaced, not the link. Only its owner may
    read a ``private`` file. ``verify`` gets the file before it is renamed: any exception
    leaves the file at ``path`` unchanged.
    """
    path = Path(os.path.realpath(path))
    if os.path.lexists(path) and not os.path.isfile(path):  # noqa: PTH113 - is_file may raise
        folder = os.path.isdir(path)  # noqa: PTH112 - is_dir may raise
        what = "est un dossier" if folder else "n'est pas un fichier ordinaire"
        raise InputError(f"{path} {what} : rien n'a changé. Donnez le nom d'un fichier.")
    try:
        with _half_written(path, _new_file(0o600 if private else 0o666)) as (temporary, descriptor):
            with open(descriptor, "wb", closefd=False) as stream:
                stream.write(content if isinstance(content, bytes) else content.encode())
                stream.flush()
                os.fsync(descriptor)
            if verify is not None:
                verify(temporary)
            temporary.replace(path)
    except OSError as error:
        reason = "son dossier n'existe pas" if error.errno == errno.ENOENT else why(error)
        raise InputError(
            f"Le fichier {path} n'a pas pu être écrit ({reason}) : rien n'a changé."
        ) from error


def remove_half_written(folder: Path) -> None:
    """Remove the half-written file or folder of a killed process.

    A process holds a lock on what it writes until it ends, however it ends: a locked file belongs
    to a running process, and stays.
    """
    with contextlib.suppress(OSError):
        with os.scandir(folder) as entries:
            left = [Path(entry.path) for entry in entries if _TEMPORARY.fullmatch(entry.name)]
        for path in left:
            with contextlib.suppress(OSError):
                descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
                try:
                    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    if stat.S_ISDIR(os.fstat(descriptor).st_mode):
                        shutil.rmtree(path)
                    else:
                        path.unlink()
                finally:
                    os.close(descriptor)


@contextlib.contextmanager
def _half_written(path: Path, make: Callable[[Path], int]) -> Iterator[tuple[Path, int]]:
    """Create a locked file or folder beside ``path``; yield its name and descriptor.

    ``make`` creates and opens it. It is removed at the end unless it was renamed.
    """
    remove_half_written(path.parent)
    temporary, descriptor = _made(path, make)
    try:
        yield temporary, descriptor
    finally:
        os.close(descriptor)
        with contextlib.suppress(OSError):
            if temporary.is_dir():
                shutil.rmtree(temporary)
            else:
                temporary.unlink()


def _made(path: Path, make: Callable[[Path], int]) -> tuple[Path, int]:
    """Create a locked file or folder under a unique name; some disks have no locks."""
    while True:
        # cut, since a name has 255 bytes at most
        temporary = path.with_name(f".{path.name[:50]}.{secrets.token_hex(6)}.geozones")
        descriptor = make(temporary)
        with contextlib.suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        if temporary.exists():
            return temporary, descriptor
        os.close(descriptor)  # another process removed it as half-written before it was locked


def _new_file(mode: int) -> Callable[[Path], int]:
    return lambda path: os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, mode)


def _new_folder(path: Path) -> int:
    path.mkdir()
    return os.open(path, os.O_RDONLY | os.O_CLOEXEC)


@contextlib.contextmanager
def new_folder(
    path: Path, *, may_replace: Callable[[Path], bool] = lambda _: False
) -> Iterator[Path]:
    """Make a folder: yield one beside ``path`` to write in, renamed once the block has ended.

    After an exception, or if the process is killed, ``path`` is as before: missing or unchanged.
    Its parent must exist. A folder that is not empty is replaced, with its files, where
    ``may_replace`` of its path is true.
    """
    path = Path(os.path.realpath(path))
    try:
        _refuse_existing(path, may_replace)
        with _half_written(path, _new_folder) as (temporary, _):
            yield temporary
            _flush(temporary)
            # what was made at the same place in the meantime is not replaced either
            _refuse_existing(path, may_replace)
            if path.is_dir() and any(path.iterdir()):
                _exchange(temporary, path)
            else:
                temporary.replace(path)
    except OSError as error:
        reason = "son dossier parent n'existe pas" if error.errno == errno.ENOENT else why(error)
        raise InputError(
            f"Le dossier {path} n'a pas pu être écrit ({reason}) : rien n'a changé."
        ) from error


def _refuse_existing(path: Path, may_replace: Callable[[Path], bool]) -> None:
    if not path.exists() or (path.is_dir() and not any(path.iterdir())):
        return
    if not (path.is_dir() and may_replace(path)):
        raise InputError(
            f"{path} existe déjà : donnez le nom d'un nouveau dossier. Rien n'a changé."
        )


def _flush(folder: Path) -> None:
    """Have every file below a folder on disk."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as stream:
                os.fsync(stream.fileno())


def _exchange(first: Path, second: Path) -> None:
    """Exchange the names of two folders in one step; raise ``OSError``.

    Two renames would leave neither name for a moment, in which the process may be killed.
    """
    library = ctypes.CDLL(None, use_errno=True)
    rename = getattr(library, "renameat2", None)
    if rename is None:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
    if rename(_HERE, os.fsencode(first), _HERE, os.fsencode(second), _EXCHANGE):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def write_folder_atomically(path: Path, files: Iterable[tuple[str, bytes]]) -> int:
    """Write files in a new folder, renamed once all of them are on disk; return their bytes.

    ``files`` gives names and contents one at a time, so that they need not be in memory together.
    """
    written = 0
    with new_folder(path) as folder:
        for name, content in files:
            with (folder / name).open("xb") as stream:
                stream.write(content)
            written += len(content)
    return written


_BYTES = 32


def secret_key(path: Path, what: str) -> bytes:
    """Return the secret of a file, created at first use; concurrent processes get the same.

    ``what`` names the secret in French, « Le secret des pseudonymes ».
    """
    found = _read_secret_key(path, what)
    if found is not None:
        return found
    with locked(path):
        found = _read_secret_key(path, what)
        if found is None:
            found = secrets.token_bytes(_BYTES)
            write_atomically(path, json.dumps({"key": found.hex()}), private=True)
        return found


def _read_secret_key(path: Path, what: str) -> bytes | None:
    try:
        key = bytes.fromhex(json.loads(path.read_bytes()[:1000])["key"])
    except FileNotFoundError:
        return None
    except OSError as error:
        raise InputError(f"{what} ({path}) ne peut pas être lu : {why(error)}.") from error
    except (ValueError, KeyError, TypeError, RecursionError):
        key = b""
    if len(key) != _BYTES:
        raise InputError(f"{what} ({path}) est altéré : restaurez-le ou supprimez-le.")
    return key


def new_code(size: int = 16) -> str:
    """Return a random code of ``size`` bytes, fit for an address and for the command line.

    Its first character is a letter or a digit: a command takes a word that begins with a hyphen
    for an option.
    """
    return token_hex(1)[0] + token_urlsafe(size)
