"""The application: one folder per subject, sharing the same few file names."""
