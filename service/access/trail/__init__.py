"""The audit trail as the auditor reads it: who looked at what, whether the chain holds, and who may still come in."""
