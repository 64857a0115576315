"""What stops a publication."""


class PublicationStopped(RuntimeError):
    """The publication was stopped and nothing was changed. `code` says why, for one contest.

    altered: ballots, options or count are not what was certified; roll: ballots and marks on the
    roll differ; not_recounted: the second count could not be made; counts_differ: it found others;
    changed: something was changed after its preparation had begun. Other codes are those of
    `why_not_publish`; `contest` is the round's name then.
    """

    def __init__(self, code: str, contest: str, detail: str) -> None:
        super().__init__(code, contest, detail)
        self.code, self.contest, self.detail = code, contest, detail

    def __str__(self) -> str:
        return f"{self.contest}: {self.detail}"
