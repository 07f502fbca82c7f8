"""Words of verdicts: those of tables and reports in, `Grade.passed` out."""

VERDICTS = {"pass": True, "fail": False, "ungraded": None}
