-- What was sent to another area by mistake is taken back: that area sees the child no longer. The milestones keep that it
-- was sent and retracted, and the audit which row went.
grant delete on transfer to tracker_app;
