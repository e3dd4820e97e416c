"""Where the user's files are, and writing them so that a kill leaves the old one or the new one."""

import contextlib
import errno
import os
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from geozones.common.errors import InputError

#: Seconds to wait for a file that others are changing.
_LOCK_S = 10.0

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


def home_folder(environment: Mapping[str, str] | None = None) -> Path:
    """Return the user's own folder: ``GEOZONES_HOME``, else ``geozones`` among the user's data."""
    env = os.environ if environment is None else environment
    if env.get("GEOZONES_HOME"):
        return Path(env["GEOZONES_HOME"])
    data = env.get("XDG_DATA_HOME")
    return (Path(data) if data else Path.home() / ".local" / "share") / "geozones"


def why(error: OSError) -> str:
    """Say in French why a file could not be read or written."""
    return _WHY.get(error.errno or 0, error.strerror or str(error))


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Have a file changed by one at a time, of every thread and process that share its folder.

    The lock is a file beside it, that stays; the system ends the lock of a process that dies.

    Raises
    ------
    InputError
        If the folder cannot be made or written, or the others take too long.
    """
    from filelock import FileLock, Timeout  # noqa: PLC0415 - slow to import, only if asked

    lock = FileLock(path.with_name(f"{path.name}.lock"), timeout=_LOCK_S, mode=0o600)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout as error:
        msg = f"Le fichier {path} est occupé par un autre : rien n'a changé ; réessayez."
        raise InputError(msg) from error
    except OSError as error:
        msg = f"Le fichier {path} n'a pas pu être écrit ({why(error)}) : rien n'a changé."
        raise InputError(msg) from error
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
    """Write bytes, or text as UTF-8, to a file, flushed to disk before it takes its name.

    A symbolic link is followed: the file it points to is replaced, not the link. Only its owner may
    read a ``private`` file. ``verify`` is given the file before it takes its name: what it raises
    leaves the file at ``path`` as it was.

    Raises
    ------
    InputError
        If it cannot be written, or is a device, a pipe or a folder; it is then as it was.
    """
    path = Path(os.path.realpath(path))
    if os.path.lexists(path) and not os.path.isfile(path):  # noqa: PTH113 - is_file may raise
        msg = f"{path} n'est pas un fichier ordinaire : rien n'a changé."
        raise InputError(msg)
    temporary = path.parent / f".{path.name[:100]}.{secrets.token_hex(6)}"
    try:
        with temporary.open("xb") as stream:
            if private:
                temporary.chmod(0o600)
            stream.write(content if isinstance(content, bytes) else content.encode())
            stream.flush()
            os.fsync(stream.fileno())
        if verify is not None:
            verify(temporary)
        temporary.replace(path)
    except OSError as error:
        reason = "son dossier n'existe pas" if error.errno == errno.ENOENT else why(error)
        msg = f"Le fichier {path} n'a pas pu être écrit ({reason}) : rien n'a changé."
        raise InputError(msg) from error
    finally:
        # Nothing to remove once it has taken its name; a folder that cannot be read has none.
        with contextlib.suppress(OSError):
            temporary.unlink()


def write_folder_atomically(path: Path, files: Iterable[tuple[str, bytes]]) -> int:
    """Write files in a new folder, that takes its name once all of them are on disk.

    ``files`` gives names and contents one at a time, so that they need not be in memory together.

    Returns
    -------
    int
        How many bytes were written.

    Raises
    ------
    InputError
        If the folder is there and holds something, or cannot be written; nothing is left of it.
    """
    path = Path(os.path.realpath(path))
    temporary = path.parent / f".{path.name[:100]}.{secrets.token_hex(6)}"
    written = 0
    try:
        if path.exists() and not (path.is_dir() and not any(path.iterdir())):
            msg = f"{path} existe déjà : donnez le nom d'un nouveau dossier. Rien n'a changé."
            raise InputError(msg)
        temporary.mkdir()
        for name, content in files:
            with (temporary / name).open("xb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            written += len(content)
        temporary.replace(path)
    except OSError as error:
        reason = "son dossier parent n'existe pas" if error.errno == errno.ENOENT else why(error)
        msg = f"Le dossier {path} n'a pas pu être écrit ({reason}) : rien n'a changé."
        raise InputError(msg) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return written
