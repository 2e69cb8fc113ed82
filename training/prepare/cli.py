"""Make folders of pictures ready to learn from.

A folder of your own, in it one folder of AI pictures (ai, FAKE, generated,
…) and one of real ones (real, nature, photos, …), becomes a collection that
can be trained on:

python -m training prepare clean mine

python -m training prepare dedupe mine

python -m training prepare split mine data/mine

python -m training prepare manifest data/mine

python -m training prepare probe data/mine

--dry-run shows what a command would do and writes nothing. Nothing is
overwritten without --force. COMMAND --help tells more, with an example.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

CANNOT = 2


class _ClearErrors(TyperGroup):
    """Commands whose refusals are one sentence and exit code 2."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:  # `| head`
            raise
        except OSError as error:
            message = f"{error.filename or 'A file'}: {error.strerror or error}."
        except ValueError as error:
            # Imported here, so that help is quick.
            from training.datasets.manifest import ManifestError
            from training.prepare.files import PrepareError

            if not isinstance(error, PrepareError | ManifestError):
                raise
            message = str(error)
        typer.echo(f"Error: {message}", err=True)
        raise typer.Exit(CANNOT)


app = typer.Typer(
    cls=_ClearErrors,
    no_args_is_help=True,
    add_completion=False,
    help=__doc__,
)

Folder = Annotated[Path, typer.Argument(help="A folder of pictures.")]
Ai = Annotated[
    list[str] | None,
    typer.Option("--ai", help="Name of a folder of AI pictures, where it is unusual; repeatable."),
]
Real = Annotated[
    list[str] | None,
    typer.Option("--real", help="Name of a folder of real pictures; repeatable."),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would happen; write nothing.")]
Force = Annotated[bool, typer.Option("--force", help="Overwrite files that exist.")]
Seed = Annotated[int, typer.Option(min=0, help="The same seed gives the same result.")]
Processes = Annotated[int, typer.Option(min=1, max=64, help="Processes that read pictures.")]


@app.command()
def unzip(
    archive: Annotated[Path, typer.Argument(help="A .zip file.")],
    target: Annotated[Path, typer.Argument(help="The folder to make.")],
    max_files: Annotated[int, typer.Option(min=1, help="Refuse more files.")] = 200_000,
    max_gigabytes: Annotated[float, typer.Option(min=0, help="Refuse more, unpacked.")] = 20,
    dry_run: DryRun = False,
    force: Force = False,
) -> None:
    """Unpack an archive that may come from anywhere.

    Links, encrypted members, paths that lead outside and bombs are refused
    before anything is written. The folder appears when all of it is unpacked.
    Hidden files are left out.

    Example: python -m training prepare unzip download.zip mine
    """
    from training.prepare import archives

    archives.unzip(archive, target, max_files, int(max_gigabytes * 1024**3), dry_run, force)


@app.command()
def zip(
    folder: Folder,
    archive: Annotated[Path, typer.Argument(help="The .zip file to make.")],
    dry_run: DryRun = False,
    force: Force = False,
) -> None:
    """Pack a folder; the same files always give the same bytes.

    Example: python -m training prepare zip mine mine.zip
    """
    from training.prepare import archives

    archives.pack(folder, archive, dry_run, force)


@app.command()
def clean(
    folder: Folder,
    aside: Annotated[
        Path | None, typer.Option(help="Where unfit files go.", show_default="FOLDER-unfit")
    ] = None,
    processes: Processes = 2,
    dry_run: DryRun = False,
    force: Force = False,
) -> None:
    """Decode every file; move aside what is damaged, no picture, or of an unknown format.

    Nothing is deleted: files keep their folders below FOLDER-unfit, and
    reasons.csv there tells why each was moved. Hidden files and .csv files are
    passed over.

    Example: python -m training prepare clean mine
    """
    from training.prepare import cleaning

    cleaning.clean(folder, aside, processes, dry_run, force)


@app.command()
def dedupe(
    folder: Folder,
    distance: Annotated[
        int, typer.Option(min=0, max=16, help="Bits of 64 by which pictures alike may differ.")
    ] = 4,
    aside: Annotated[
        Path | None, typer.Option(help="Where duplicates go.", show_default="FOLDER-duplicates")
    ] = None,
    ai: Ai = None,
    real: Real = None,
    processes: Processes = 2,
    dry_run: DryRun = False,
    force: Force = False,
) -> None:
    """Move aside pictures that are there twice: the same bytes, or alike to a perceptual hash.

    Pairs across classes and across splits are told first. The test picture is
    kept, then validation, then train. The same bytes in both classes are all
    moved; what only looks alike in both classes is told and left.
    duplicates.csv in FOLDER-duplicates tells of what each is a copy.

    Example: python -m training prepare dedupe mine --dry-run
    """
    from training.prepare import duplicates, layout

    named = layout.ClassFolders.told(ai or [], real or [])
    duplicates.dedupe(folder, named, distance, aside, processes, dry_run, force)


@app.command()
def split(
    folder: Folder,
    target: Annotated[Path, typer.Argument(help="The folder to make.")],
    validation: Annotated[float, typer.Option(min=0, max=1, help="Share of pictures.")] = 0.1,
    test: Annotated[
        float, typer.Option(min=0, max=1, help="Share of pictures, if there is no test split yet.")
    ] = 0.2,
    by_source: Annotated[
        bool, typer.Option("--by-source", help="Keep whole sources on one side.")
    ] = False,
    seed: Seed = 0,
    ai: Ai = None,
    real: Real = None,
    dry_run: DryRun = False,
    force: Force = False,
) -> None:
    """Copy a collection into train, validation and test, with the same share of each class.

    A set that has train and test already keeps its test, and validation is
    taken out of train. Copies are TARGET/split/ai|real/source/name; FOLDER
    stays as it is. A source is a folder inside of a class folder: a generator,
    a camera, a web site. With --by-source the test shows how a detector does on
    sources it never saw.

    Example: python -m training prepare split mine data/mine --test 0.2 --by-
    source --seed 7
    """
    from training.prepare import layout, splitting

    named = layout.ClassFolders.told(ai or [], real or [])
    splitting.split(folder, target, named, validation, test, by_source, seed, dry_run, force)


@app.command()
def merge(
    folders: Annotated[list[Path], typer.Argument(help="Two collections or more.")],
    into: Annotated[Path, typer.Option(help="The folder to make.")],
    ai: Ai = None,
    real: Real = None,
    dry_run: DryRun = False,
    force: Force = False,
) -> None:
    """Copy several collections into one, in which each is a source.

    Copies are INTO/split/ai|real/collection/source/name; names that meet are
    numbered.

    Example: python -m training prepare merge mine hers cifake --into all
    """
    from training.prepare import layout, merging

    merging.merge(folders, into, layout.ClassFolders.told(ai or [], real or []), dry_run, force)


@app.command()
def augment(
    folder: Folder,
    copies: Annotated[int, typer.Option(min=1, max=100, help="Copies of each picture.")] = 1,
    rotation: Annotated[int, typer.Option(min=0, max=180, help="Degrees to either side.")] = 15,
    shift: Annotated[int, typer.Option(min=0, max=50, help="Percent of the sides.")] = 10,
    shear: Annotated[int, typer.Option(min=0, max=45, help="Degrees to either side.")] = 10,
    zoom: Annotated[int, typer.Option(min=0, max=50, help="Percent to either side.")] = 10,
    flip_horizontal: Annotated[bool, typer.Option(help="Mirror half of the copies.")] = True,
    flip_vertical: Annotated[bool, typer.Option(help="Turn half of them upside down.")] = False,
    brightness: Annotated[int, typer.Option(min=0, max=90, help="Percent to either side.")] = 20,
    contrast: Annotated[int, typer.Option(min=0, max=90, help="Percent to either side.")] = 20,
    seed: Seed = 0,
    dry_run: DryRun = False,
    force: Force = False,
) -> None:
    """Make changed copies beside the pictures, of train alone where there are splits.

    A copy's name says what was done: cat.aug1_rot-12_fliph_bright93.jpg.
    augmented.csv records what was made, so that move and delete touch nothing
    else. Copies of JPEG files are JPEG files with the same tables, others PNG.
    Training augments by itself: this is for other tools.

    Example: python -m training prepare augment mine --copies 2 --rotation 0
    --flip-vertical
    """
    from training.prepare import copies as made

    ranges = made.Ranges(
        rotation, shift, shear, zoom, flip_horizontal, flip_vertical, brightness, contrast
    )
    made.augment(folder, ranges, copies, seed, dry_run, force)


@app.command()
def move(
    folder: Folder,
    target: Annotated[Path, typer.Argument(help="Where the copies go.")],
    dry_run: DryRun = False,
    force: Force = False,
) -> None:
    """Move what augment made, and nothing else, to the same folders below TARGET.

    Example: python -m training prepare move mine mine-augmented
    """
    from training.prepare import copies

    copies.move(folder, target, dry_run, force)


@app.command()
def delete(folder: Folder, dry_run: DryRun = False) -> None:
    """Delete what augment made, and nothing else; copies that were changed since stay.

    Example: python -m training prepare delete mine --dry-run
    """
    from training.prepare import copies

    copies.delete(folder, dry_run)


@app.command()
def manifest(
    folder: Folder,
    ai: Ai = None,
    real: Real = None,
    processes: Processes = 2,
    dry_run: DryRun = False,
    force: Force = False,
) -> None:
    """Write manifest.csv, by which training and measuring read a folder.

    One folder above each picture says its class (ai, fake, generated, … or
    real, nature, photo, …, or what --ai and --real name), one may say its split
    (train, validation, test), and the others are its source:
    ai/midjourney/1.png, train/real/canon/2.jpg. Copies that augment made are
    left out.

    Example: python -m training prepare manifest data/mine --ai midjourney
    --real flickr
    """
    from training.prepare import layout, manifests

    named = layout.ClassFolders.told(ai or [], real or [])
    manifests.write(folder, named, processes, dry_run, force)


@app.command()
def probe(
    folder: Folder,
    limit: Annotated[int, typer.Option(min=100, help="Pictures at most, drawn evenly.")] = 20_000,
    seed: Seed = 0,
    ai: Ai = None,
    real: Real = None,
    processes: Processes = 2,
) -> None:
    """Measure how well size, format and tables tell the classes apart, without any pixel.

    Reads only. The AUC is cross-validated, with whole sources held out where
    there are enough: .5 is chance, 1 means that the files betray their class
    and a detector may learn that instead.

    Example: python -m training prepare probe data/mine
    """
    from training.prepare import layout
    from training.prepare import probe as probing

    named = layout.ClassFolders.told(ai or [], real or [])
    probing.probe(folder, named, limit, seed, processes)
