"""The front door's own HTTP server: gunicorn, started from our settings, with a worker that slow clients cannot stall.

``python -m tb_share.gateway.server RUNTIME_DIR LISTEN_FD`` is started by ``tb-share serve`` and ends with it.
"""
