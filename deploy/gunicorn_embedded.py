"""The embedded default: one process with threads, for one machine and its demo data."""

worker_class = "gthread"
workers = 1
threads = 64
keepalive = 75
timeout = 60
graceful_timeout = 5
control_socket_disable = True
accesslog = None
errorlog = "-"
loglevel = "warning"
