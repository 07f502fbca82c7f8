"""The pipeline, a module a stage: documents to tracked numbers."""
