"""Every number of docs/performance.md, made again: `make bench`, `make bench SIZE=1000000`, `make bench-data`."""
