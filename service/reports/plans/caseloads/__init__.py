"""Whole caseloads of workers, as their teams count them: what is in here is only a part of what they carry."""
