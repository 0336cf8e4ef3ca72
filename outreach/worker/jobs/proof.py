"""All that is on record of a letter, in one archive."""

from sqlmodel import Session

from outreach.domain.tasks import Step
from outreach.queries.proof import proof_files
from outreach.rendering.proofs import ProofFile, write_pack
from outreach.store.documents import LARGEST_RESULT, keep_document
from outreach.usecases import pack_proof as verb
from outreach.worker.jobs.job import Ending, Finish, Job

STAGE = "files"
PRIVATE = "It names people who must not be named in public: keep it to yourselves."


def pack_proof(job: Job) -> Finish:
    """The archive, written while others work; only that it was made takes a transaction that changes something."""
    public = job.says("public")
    path = job.folder / "proof.zip"

    def counted(number: int, file: ProofFile) -> ProofFile:
        job.tell(Step(STAGE, number))
        return file

    with job.app.database.reading() as session, path.open("wb") as written:
        letter = job.letter(session)
        files = proof_files(session, letter, press=job.app.press, house=job.app.house, public=public)
        numbered = (counted(number, file) for number, file in enumerate(files))
        packed = write_pack(letter.slug, numbered, written, public=public)

    def finish(session: Session) -> Ending:
        name = f"{letter.slug}-proof{'-public' if public else ''}.zip"
        document = keep_document(
            session,
            name,
            "application/zip",
            path.read_bytes(),
            now=job.now,
            by=job.by,
            largest=LARGEST_RESULT,
        )
        verb.pack_proof(session, letter, packed, public=public, now=job.now, by=job.by)
        said = f"{name} holds {packed.files:,} files; index.json in it lists them with their digests."
        figures = {"files": packed.files, "sha256": packed.digest}
        told = (said,) if public else (said, PRIVATE)
        return Ending(told, figures=figures, result_id=document.id, steps=packed.files)

    return finish
