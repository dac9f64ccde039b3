"""Work for the workers. Postgres is the queue of record; Redis only carries wake-ups."""
