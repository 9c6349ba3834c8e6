"""Imports of workbooks that are uploaded: checked, mended in place, then applied by the worker."""
