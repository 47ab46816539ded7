"""One of several web processes behind nginx: gevent, one worker, an address of its own.

Start several of them, each with `--bind`, and list them in `nginx.conf`. A worker is a process
and never forks another: the push to a page must find the process that holds its socket.
"""

worker_class = "gevent"
workers = 1
worker_connections = 4000
# Above nginx's own 60 s, so that an idle connection is closed by nginx and not under it.
keepalive = 75
timeout = 60
graceful_timeout = 5
# A restart after so many requests would drop the pages that wait.
max_requests = 0
control_socket_disable = True
accesslog = None
errorlog = "-"
loglevel = "warning"
forwarded_allow_ips = "127.0.0.1"
