"""The pipeline of a run, a module a stage: from documents to tracked numbers."""
